#include "titrant/nlme/residual.hpp"

#include <cmath>

#include "binary.hpp"
#include "error_spread.hpp"

namespace titrant::nlme {

ResidualTerm of_logarithm(const ResidualTerm& term, double predicted) {
  const double p = 1.0 / predicted;  // d log f / df
  ResidualTerm result{};
  result.value = term.value;
  result.slope = term.slope * p;
  result.curvature = (term.curvature - term.slope) * p * p;
  result.weight = term.weight * p * p;
  result.weight_slope = (term.weight_slope - 2.0 * term.weight) * p * p * p;
  result.value_by_error[1] = term.value_by_error[0];
  result.slope_by_error[1] = term.slope_by_error[0] * p;
  result.weight_by_error[1] = term.weight_by_error[0] * p * p;
  result.factor = term.factor;
  FactorTerm& factor = result.factor;
  factor.mixed *= p;
  factor.slope_by_error[0] = factor.own_weight_by_error[0] = factor.shared_weight_by_error[0] = 0.0;
  factor.slope_by_error[1] = term.factor.slope_by_error[0];
  factor.own_weight_slope *= p;
  factor.own_weight_by_error[1] = term.factor.own_weight_by_error[0];
  factor.shared_weight *= p;
  factor.shared_weight_slope = (term.factor.shared_weight_slope - term.factor.shared_weight) * p * p;
  factor.shared_weight_by_factor *= p;
  factor.shared_weight_by_error[1] = term.factor.shared_weight_by_error[0] * p;
  factor.weight_by_factor *= p * p;
  return result;
}

ResidualTerm residual_term(double observed, double predicted, const pkpd::ErrorModel& error) {
  if (error.form == pkpd::ErrorForm::binary) return binary_term(observed, predicted);
  if (error.form == pkpd::ErrorForm::log_normal) {
    const double value = std::log(observed);
    ResidualTerm term = of_logarithm(residual_term(value, std::log(predicted), on_log_scale(error)), predicted);
    term.value += 2.0 * value;
    return term;
  }
  const ErrorSpread spread = error_spread(error, predicted);
  const double r = observed - predicted;
  const double p = 1.0 / spread.variance;
  const double q = r * r * p;                  // squared standardised residual
  const double s = spread.variance_slope * p;  // d log v / df
  const double curved = spread.variance_curvature * p;

  ResidualTerm term{};
  term.value = q + std::log(spread.variance);
  term.slope = -2.0 * r * p + s * (1.0 - q);
  term.curvature = 2.0 * p + 4.0 * r * p * s + curved * (1.0 - q) + s * s * (2.0 * q - 1.0);
  term.weight = p + 0.5 * s * s;
  term.weight_slope = s * (curved - p - s * s);
  for (std::size_t e = 0; e < error_terms; ++e) {
    const double u = 2.0 * spread.log_by_error[e];  // d log v / d log error
    const double t = spread.variance_slope_by_error[e] * p;
    term.value_by_error[e] = u * (1.0 - q);
    term.slope_by_error[e] = 2.0 * r * p * u + t * (1.0 - q) + s * u * (2.0 * q - 1.0);
    term.weight_by_error[e] = -p * u + s * t - s * s * u;
    term.factor.slope_by_error[e] = 2.0 * q * u;
    term.factor.shared_weight_by_error[e] = t - s * u;
  }
  term.factor.slope = 2.0 * (1.0 - q);
  term.factor.curvature = 4.0 * q;
  term.factor.mixed = 4.0 * r * p + 2.0 * q * s;
  term.factor.own_weight = 2.0;
  term.factor.shared_weight = s;
  term.factor.shared_weight_slope = curved - s * s;
  term.factor.weight_by_factor = -2.0 * p;
  return term;
}

}  // namespace titrant::nlme
