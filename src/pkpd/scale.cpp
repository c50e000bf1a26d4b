#include "titrant/pkpd/scale.hpp"

#include <cmath>

namespace titrant::pkpd {

double Scale::transform(double natural) const {
  if (kind == Kind::log) return std::log(natural);
  return std::log((natural - lower) / (upper - natural));
}

double Scale::natural(double transformed) const {
  if (kind == Kind::log) return std::exp(transformed);
  return lower + (upper - lower) / (1.0 + std::exp(-transformed));
}

double Scale::natural_derivative(double transformed) const {
  if (kind == Kind::log) return std::exp(transformed);
  const double share = 1.0 / (1.0 + std::exp(-transformed));
  return (upper - lower) * share * (1.0 - share);
}

}  // namespace titrant::pkpd
