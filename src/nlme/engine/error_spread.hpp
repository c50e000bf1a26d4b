#pragma once

#include <array>

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// Numbers that describe a residual error on the logarithmic scale: the additive term, or the exponent of a power; then
/// the proportional term. What is not in the model has derivatives of 0.
inline constexpr std::size_t error_terms = 2;

/// The standard deviation s of a normal residual error as a function of the prediction f, even in f, with derivatives.
struct ErrorSpread {
  double sd;  ///< s
  double variance;
  double variance_slope;                                    ///< d s^2 / df
  double variance_curvature;                                ///< d^2 s^2 / df^2
  double log_slope;                                         ///< d log s / df
  double log_curvature;                                     ///< d^2 log s / df^2
  std::array<double, error_terms> log_by_error;             ///< d log s / d log a, ...
  std::array<double, error_terms> log_slope_by_error;       ///< d^2 log s / df d log a, ...
  std::array<double, error_terms> variance_slope_by_error;  ///< d^2 s^2 / df d log a, ...
};

/// Throws a contract violation for a log-normal error, which is normal for logarithms: see on_log_scale.
ErrorSpread error_spread(const pkpd::ErrorModel& error, double predicted);

/// The tangent of s at f, taken at another place x: s + (x - f) ds/df, without cancellation, and its derivatives by the
/// errors.
struct ErrorTangent {
  double value;
  std::array<double, error_terms> by_error;
};
ErrorTangent error_tangent(const pkpd::ErrorModel& error, const ErrorSpread& spread, double predicted, double x);

/// d log s / d log a, ...; of a log-normal error, of the deviation of logarithms.
std::array<double, error_terms> log_spread_by_error(const pkpd::ErrorModel& error, double predicted);

/// A log-normal error as the additive one of the logarithms.
pkpd::ErrorModel on_log_scale(const pkpd::ErrorModel& error);

}  // namespace titrant::nlme
