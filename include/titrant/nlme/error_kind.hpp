#pragma once

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// The residual error models of the configuration.
enum class ErrorKind { additive, proportional, combined };

/// Which of them a fitted model has: a term of 0 is not in it.
inline ErrorKind error_kind(const pkpd::ErrorModel& error) {
  if (!(error.proportional > 0.0)) return ErrorKind::additive;
  return error.additive > 0.0 ? ErrorKind::combined : ErrorKind::proportional;
}

}  // namespace titrant::nlme
