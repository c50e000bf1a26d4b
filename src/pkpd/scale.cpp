#include "titrant/pkpd/scale.hpp"

#include <cmath>

namespace titrant::pkpd {

double Scale::transform(double natural) const {
  if (kind == Kind::log) return std::log(natural);
  if (kind == Kind::linear) return (natural - lower) / (upper - lower);
  return std::log((natural - lower) / (upper - natural));
}

double Scale::natural(double transformed) const {
  if (kind == Kind::log) return std::exp(transformed);
  if (kind == Kind::linear) return lower + (upper - lower) * transformed;
  return lower + (upper - lower) / (1.0 + std::exp(-transformed));
}

double Scale::natural_derivative(double transformed) const {
  if (kind == Kind::log) return std::exp(transformed);
  if (kind == Kind::linear) return upper - lower;
  const double share = 1.0 / (1.0 + std::exp(-transformed));
  return (upper - lower) * share * (1.0 - share);
}

}  // namespace titrant::pkpd
