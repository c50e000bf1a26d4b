#include "error_spread.hpp"

#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

using pkpd::ErrorForm;

/// s = a + b |f|.
ErrorSpread sum_of_deviations(double a, double b, double f) {
  const double sign = f < 0.0 ? -1.0 : 1.0;
  const double s = a + b * std::abs(f);
  const double slope = b * sign / s;
  return {.sd = s,
          .variance = s * s,
          .variance_slope = 2.0 * s * b * sign,
          .variance_curvature = 2.0 * b * b,
          .log_slope = slope,
          .log_curvature = -slope * slope,
          .log_by_error = {a / s, b * std::abs(f) / s},
          .log_slope_by_error = {-slope * a / s, slope * a / s},
          .variance_slope_by_error = {2.0 * a * b * sign, 2.0 * b * sign * (s + b * std::abs(f))}};
}

/// s = b |f|^c, with log c in the place of the additive term.
ErrorSpread power_of_prediction(double b, double c, double f) {
  const double s = b * std::pow(std::abs(f), c);
  const double v = s * s;
  const double by_exponent = c * std::log(std::abs(f));
  return {.sd = s,
          .variance = v,
          .variance_slope = 2.0 * c * v / f,
          .variance_curvature = 2.0 * c * (2.0 * c - 1.0) * v / (f * f),
          .log_slope = c / f,
          .log_curvature = -c / (f * f),
          .log_by_error = {by_exponent, 1.0},
          .log_slope_by_error = {c / f, 0.0},
          .variance_slope_by_error = {2.0 * c * v / f * (1.0 + 2.0 * by_exponent), 4.0 * c * v / f}};
}

/// s^2 = a^2 + b^2 f^2.
ErrorSpread sum_of_variances(double a2, double b2, double f) {
  const double v = a2 + b2 * f * f;
  const double slope = b2 * f / v;
  const double share = b2 * f * f / v;
  return {.sd = std::sqrt(v),
          .variance = v,
          .variance_slope = 2.0 * b2 * f,
          .variance_curvature = 2.0 * b2,
          .log_slope = slope,
          .log_curvature = b2 / v - 2.0 * slope * slope,
          .log_by_error = {a2 / v, share},
          .log_slope_by_error = {-2.0 * slope * (a2 / v), 2.0 * slope * (1.0 - share)},
          .variance_slope_by_error = {0.0, 4.0 * b2 * f}};
}

}  // namespace

ErrorSpread error_spread(const pkpd::ErrorModel& error, double predicted) {
  TITRANT_EXPECTS(error.form != ErrorForm::log_normal && error.form != ErrorForm::binary);
  const double a = error.additive;
  const double b = error.proportional;
  if (error.form == ErrorForm::deviations) return sum_of_deviations(a, b, predicted);
  if (error.form == ErrorForm::power) return power_of_prediction(b, error.exponent, predicted);
  return sum_of_variances(a * a, b * b, predicted);
}

ErrorTangent error_tangent(const pkpd::ErrorModel& error, const ErrorSpread& spread, double predicted, double x) {
  const double a = error.additive;
  const double b = error.proportional;
  if (error.form == ErrorForm::deviations) {
    const double far = b * (predicted < 0.0 ? -x : x);
    return {.value = a + far, .by_error = {a, far}};
  }
  if (error.form == ErrorForm::power) {
    const double c = error.exponent;
    const double ratio = x / predicted;
    const double value = spread.sd * ((1.0 - c) + c * ratio);
    return {.value = value, .by_error = {spread.log_by_error[0] * value + spread.sd * c * (ratio - 1.0), value}};
  }
  const double a2 = a * a;
  const double far = b * b * x * predicted;
  const double value = (a2 + far) / spread.sd;
  return {.value = value,
          .by_error = {2.0 * a2 / spread.sd - value * spread.log_by_error[0],
                       2.0 * far / spread.sd - value * spread.log_by_error[1]}};
}

std::array<double, error_terms> log_spread_by_error(const pkpd::ErrorModel& error, double predicted) {
  if (error.form == ErrorForm::log_normal) return {0.0, 1.0};
  if (error.form == ErrorForm::binary) return {0.0, 0.0};
  return error_spread(error, predicted).log_by_error;
}

pkpd::ErrorModel on_log_scale(const pkpd::ErrorModel& error) {
  return {.additive = error.proportional, .proportional = 0.0, .omega = error.omega};
}

}  // namespace titrant::nlme
