#include "titrant/pkpd/population.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

namespace {

PkParameter parameter_named(const std::string& name) {
  const auto* const found = std::find(pk_parameter_names.begin(), pk_parameter_names.end(), name);
  if (found == pk_parameter_names.end()) {
    throw ConfigError(fmt::format("'{}' is no PK parameter; known: {}", name, fmt::join(pk_parameter_names, ", ")));
  }
  return static_cast<PkParameter>(found - pk_parameter_names.begin());
}

double covariate_value(const Covariates& covariates, const CovariateEffect& effect, const std::string& parameter) {
  const auto found = covariates.find(effect.covariate);
  if (found == covariates.end()) {
    throw DataError(fmt::format("covariate '{}', on which {} depends, is missing", effect.covariate, parameter));
  }
  return found->second;
}

}  // namespace

double effect_factor(const CovariateEffect& effect, double value) {
  double factor = 1.0;
  switch (effect.kind) {
    case EffectKind::power:
      factor = std::pow(value / effect.reference, effect.coefficient);
      break;
    case EffectKind::exponential:
      factor = std::exp(effect.coefficient * (value - effect.reference));
      break;
    case EffectKind::categorical:
      factor = value == effect.reference ? 1.0 : 1.0 + effect.coefficient;
      break;
  }
  if (!(factor > 0.0) || !std::isfinite(factor)) {
    throw NumericalError(fmt::format("covariate {} = {} gives the factor {} (coefficient {}, reference {})",
                                     effect.covariate, value, factor, effect.coefficient, effect.reference));
  }
  return factor;
}

std::size_t PopulationModel::eta_count() const {
  return static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const auto& one) { return one.omega > 0.0; }));
}

Individual individual(const PopulationModel& model, const Covariates& covariates, std::span<const double> etas) {
  TITRANT_EXPECTS(etas.size() == model.eta_count());
  Individual result;
  result.structure = model.structure;
  std::size_t eta = 0;
  for (const ParameterModel& one : model.parameters) {
    double value = one.typical;
    for (const CovariateEffect& effect : one.effects) {
      value *= effect_factor(effect, covariate_value(covariates, effect, one.name));
    }
    if (one.omega > 0.0) value *= std::exp(etas[eta++]);
    parameter(result, parameter_named(one.name)) = value;
  }
  return result;
}

std::vector<double> draw_etas(const PopulationModel& model, core::Stream& stream) {
  std::vector<double> etas;
  etas.reserve(model.eta_count());
  for (const ParameterModel& one : model.parameters) {
    if (one.omega > 0.0) etas.push_back(one.omega * stream.normal());
  }
  return etas;
}

}  // namespace titrant::pkpd
