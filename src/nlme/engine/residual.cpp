#include "titrant/nlme/residual.hpp"

#include <array>
#include <cmath>

namespace titrant::nlme {

ResidualTerm residual_term(double observed, double predicted, const pkpd::ErrorModel& error) {
  const double r = observed - predicted;
  const double a2 = error.additive * error.additive;
  const double b2 = error.proportional * error.proportional;
  const double v = error.variance(predicted);
  const double v1 = 2.0 * b2 * predicted;  // dv/df
  const double v2 = 2.0 * b2;              // d^2 v / df^2
  const double p = 1.0 / v;
  const double q = r * r * p;  // squared standardised residual
  const double s = v1 * p;     // d log v / df

  ResidualTerm term{};
  term.value = q + std::log(v);
  term.slope = -2.0 * r * p + s * (1.0 - q);
  term.curvature = 2.0 * p + 4.0 * r * p * s + v2 * p * (1.0 - q) + s * s * (2.0 * q - 1.0);
  term.weight = p + 0.5 * s * s;
  term.weight_slope = s * (v2 * p - p - s * s);

  const std::array<double, 2> v_by_error = {2.0 * a2, 2.0 * b2 * predicted * predicted};
  const std::array<double, 2> v1_by_error = {0.0, 2.0 * v1};
  for (std::size_t e = 0; e < 2; ++e) {
    const double u = v_by_error[e] * p;  // d log v / d log error
    const double t = v1_by_error[e] * p;
    term.value_by_error[e] = u * (1.0 - q);
    term.slope_by_error[e] = 2.0 * r * p * u + t * (1.0 - q) + s * u * (2.0 * q - 1.0);
    term.weight_by_error[e] = -p * u + s * t - s * s * u;
  }
  return term;
}

}  // namespace titrant::nlme
