#include "titrant/nlme/censored.hpp"

#include <cmath>
#include <numbers>

#include "error_spread.hpp"

namespace titrant::nlme {

namespace {

/// -2 log Phi(z) and what its derivatives are made of.
struct LowerTail {
  double value;      ///< -2 log Phi
  double mills;      ///< lambda = phi / Phi = d log Phi / dz
  double curvature;  ///< lambda (lambda + z) = -d lambda / dz, in (0, 1)
  double third;      ///< d curvature / dz
};

constexpr double far_tail = -3.0;  // below it, the continued fraction is exact to rounding with these terms
constexpr int fraction_terms = 60;

LowerTail lower_tail(double z) {
  LowerTail tail{};
  double excess = 0.0;  // lambda + z
  if (z < far_tail) {
    // phi / Phi = x + 1 / (x + 2 / (x + 3 / ...)) with x = -z (Laplace), which does not cancel in lambda + z.
    double rest = -z;
    for (int term = fraction_terms; term > 1; --term) rest = -z + term / rest;
    excess = 1.0 / rest;
    tail.mills = -z + excess;
    tail.value = z * z + std::log(2.0 * std::numbers::pi) + 2.0 * std::log(tail.mills);
  } else {
    const double probability = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    tail.mills = std::exp(-0.5 * z * z) / (std::sqrt(2.0 * std::numbers::pi) * probability);
    tail.value = z > 0.0 ? -2.0 * std::log1p(-0.5 * std::erfc(z / std::numbers::sqrt2)) : -2.0 * std::log(probability);
    excess = tail.mills + z;
  }
  tail.curvature = tail.mills * excess;
  tail.third = tail.mills * (1.0 - tail.curvature) - tail.curvature * excess;
  return tail;
}

}  // namespace

ResidualTerm censored_term(double limit, double predicted, const pkpd::ErrorModel& error) {
  if (error.form == pkpd::ErrorForm::log_normal) {
    return of_logarithm(censored_term(std::log(limit), std::log(predicted), on_log_scale(error)), predicted);
  }
  const ErrorSpread spread = error_spread(error, predicted);
  const ErrorTangent tangent = error_tangent(error, spread, predicted, limit);
  const double v = spread.variance;
  const double z = (limit - predicted) / spread.sd;
  const double z1 = -tangent.value / v;  // dz/df, written without cancellation
  const double sd_curvature = spread.sd * (spread.log_curvature + spread.log_slope * spread.log_slope);
  const double z2 = -(limit - predicted) * sd_curvature / v - 2.0 * z1 * spread.log_slope;
  const LowerTail tail = lower_tail(z);

  ResidualTerm term{};
  term.value = tail.value;
  term.slope = -2.0 * tail.mills * z1;
  term.curvature = 2.0 * tail.curvature * z1 * z1 - 2.0 * tail.mills * z2;
  term.weight = tail.curvature * z1 * z1;
  term.weight_slope = tail.third * z1 * z1 * z1 + 2.0 * tail.curvature * z1 * z2;
  for (std::size_t e = 0; e < error_terms; ++e) {
    const double z_e = -z * spread.log_by_error[e];
    const double z1_e = -tangent.by_error[e] / v - 2.0 * z1 * spread.log_by_error[e];
    term.value_by_error[e] = -2.0 * tail.mills * z_e;
    term.slope_by_error[e] = 2.0 * tail.curvature * z_e * z1 - 2.0 * tail.mills * z1_e;
    term.weight_by_error[e] = tail.third * z_e * z1 * z1 + 2.0 * tail.curvature * z1 * z1_e;
    term.factor.slope_by_error[e] = 2.0 * (tail.mills - tail.curvature * z) * z_e;
    term.factor.own_weight_by_error[e] = (tail.third * z + 2.0 * tail.curvature) * z * z_e;
    term.factor.shared_weight_by_error[e] =
        -(tail.third * z_e * z * z1 + tail.curvature * z_e * z1 + tail.curvature * z * z1_e);
  }
  // The subject's own factor moves z by -z and z1 by -z1.
  const double rest = tail.mills - tail.curvature * z;
  const double growth = tail.third * z + 2.0 * tail.curvature;
  term.factor.slope = 2.0 * tail.mills * z;
  term.factor.curvature = -2.0 * rest * z;
  term.factor.mixed = 2.0 * rest * z1;
  term.factor.own_weight = tail.curvature * z * z;
  term.factor.own_weight_slope = growth * z * z1;
  term.factor.own_weight_by_factor = -growth * z * z;
  term.factor.shared_weight = -tail.curvature * z * z1;
  term.factor.shared_weight_slope = -((tail.third * z + tail.curvature) * z1 * z1 + tail.curvature * z * z2);
  term.factor.shared_weight_by_factor = growth * z * z1;
  term.factor.weight_by_factor = -growth * z1 * z1;
  return term;
}

}  // namespace titrant::nlme
