#pragma once

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// The residual error models of the configuration, with f the prediction, a the additive and b the proportional term:
/// standard deviation a, b f, sqrt(a^2 + b^2 f^2), a + b f, b f^c; and log y normal around log f. Binary: y
/// is 1 with the probability f, else 0.
enum class ErrorKind { additive, proportional, combined, combined_sd, power, log_normal, binary };

/// Whether it has both terms, each of which is a model alone.
constexpr bool is_combined(ErrorKind kind) { return kind == ErrorKind::combined || kind == ErrorKind::combined_sd; }
constexpr bool is_term_of_combined(ErrorKind kind) {
  return kind == ErrorKind::additive || kind == ErrorKind::proportional;
}
constexpr bool has_additive(ErrorKind kind) { return kind == ErrorKind::additive || is_combined(kind); }
constexpr bool has_proportional(ErrorKind kind) { return kind != ErrorKind::additive && kind != ErrorKind::binary; }
/// Whether a value whose prediction is 0 has a density.
constexpr bool describes_zero(ErrorKind kind) { return has_additive(kind) || kind == ErrorKind::binary; }

constexpr pkpd::ErrorForm error_form(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::combined_sd:
      return pkpd::ErrorForm::deviations;
    case ErrorKind::power:
      return pkpd::ErrorForm::power;
    case ErrorKind::log_normal:
      return pkpd::ErrorForm::log_normal;
    case ErrorKind::binary:
      return pkpd::ErrorForm::binary;
    case ErrorKind::additive:
    case ErrorKind::proportional:
    case ErrorKind::combined:
      break;
  }
  return pkpd::ErrorForm::variances;
}

/// "proportional", for messages.
constexpr const char* error_words(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::additive:
      return "additive";
    case ErrorKind::proportional:
      return "proportional";
    case ErrorKind::combined:
      return "combined";
    case ErrorKind::combined_sd:
      return "combined_sd";
    case ErrorKind::power:
      return "power";
    case ErrorKind::binary:
      return "binary";
    case ErrorKind::log_normal:
      break;
  }
  return "log-normal";
}

/// Which of them a fitted model has: a term of 0 is not in it.
inline ErrorKind error_kind(const pkpd::ErrorModel& error) {
  if (error.form == pkpd::ErrorForm::power) return ErrorKind::power;
  if (error.form == pkpd::ErrorForm::log_normal) return ErrorKind::log_normal;
  if (error.form == pkpd::ErrorForm::binary) return ErrorKind::binary;
  if (!(error.proportional > 0.0)) return ErrorKind::additive;
  if (!(error.additive > 0.0)) return ErrorKind::proportional;
  return error.form == pkpd::ErrorForm::deviations ? ErrorKind::combined_sd : ErrorKind::combined;
}

}  // namespace titrant::nlme
