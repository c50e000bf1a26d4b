#include "binary.hpp"

#include <cmath>

namespace titrant::nlme {

ResidualTerm binary_term(double observed, double probability) {
  const bool event = observed != 0.0;
  const double p = probability;
  const double q = 1.0 - probability;
  const double spread = 1.0 / (p * q);
  ResidualTerm term{};
  term.value = -2.0 * (event ? std::log(p) : std::log1p(-p));
  term.slope = event ? -2.0 / p : 2.0 / q;
  term.curvature = event ? 2.0 / (p * p) : 2.0 / (q * q);
  term.weight = spread;
  term.weight_slope = (p - q) * spread * spread;
  return term;
}

}  // namespace titrant::nlme
