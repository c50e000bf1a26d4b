#include "titrant/nlme/population.hpp"

#include <fmt/format.h>

#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

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

std::vector<std::size_t> Population::eta_parameters() const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].omega > 0.0) places.push_back(i);
  }
  return places;
}

double effect_regressor(const pkpd::CovariateEffect& effect, double covariate) {
  switch (effect.kind) {
    case pkpd::EffectKind::power:
      if (covariate <= 0.0) {
        throw NumericalError(fmt::format("{} is {}: a power effect needs values above 0", effect.covariate, covariate));
      }
      return std::log(covariate / effect.reference);
    case pkpd::EffectKind::exponential:
      return covariate - effect.reference;
    case pkpd::EffectKind::categorical:
      break;
  }
  return covariate == effect.reference ? 0.0 : 1.0;
}

double effect_slope(const pkpd::CovariateEffect& effect) {
  return effect.kind == pkpd::EffectKind::categorical ? std::log1p(effect.coefficient) : effect.coefficient;
}

double effect_coefficient(pkpd::EffectKind kind, double slope) {
  return kind == pkpd::EffectKind::categorical ? std::expm1(slope) : slope;
}

}  // namespace titrant::nlme
