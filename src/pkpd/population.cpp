#include "titrant/pkpd/population.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

namespace {

PkParameter pk_parameter_named(const std::string& name) {
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

double effect_regressor(const CovariateEffect& effect, double covariate) {
  switch (effect.kind) {
    case EffectKind::power:
      if (covariate <= 0.0) {
        throw NumericalError(fmt::format("{} is {}: a power effect needs values above 0", effect.covariate, covariate));
      }
      return std::log(covariate / effect.reference);
    case EffectKind::exponential:
      return covariate - effect.reference;
    case EffectKind::categorical:
      break;
  }
  return covariate == effect.reference ? 0.0 : 1.0;
}

double effect_slope(const CovariateEffect& effect) {
  return effect.kind == EffectKind::categorical ? std::log1p(effect.coefficient) : effect.coefficient;
}

double effect_coefficient(EffectKind kind, double slope) {
  return kind == EffectKind::categorical ? std::expm1(slope) : slope;
}

double individual_value(const ParameterModel& model, const Covariates& covariates, double eta) {
  double shift = eta;
  for (const CovariateEffect& effect : model.effects) {
    const double regressor = effect_regressor(effect, covariate_value(covariates, effect, model.name));
    if (regressor != 0.0) shift += effect_slope(effect) * regressor;
  }
  if (shift == 0.0) return model.typical;
  const double value = model.scale.natural(model.scale.transform(model.typical) + shift);
  if (!std::isfinite(value) || !(value > 0.0)) {
    throw NumericalError(
        fmt::format("{} is {} for a subject: its covariate effects and eta lead out of its range", model.name, value));
  }
  return value;
}

std::size_t eta_count(std::span<const ParameterModel> parameters) {
  return static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const auto& one) { return one.omega > 0.0; }));
}

std::vector<double> draw_etas(std::span<const ParameterModel> parameters, core::Stream& stream) {
  std::vector<double> etas;
  etas.reserve(eta_count(parameters));
  for (const ParameterModel& one : parameters) {
    if (one.omega > 0.0) etas.push_back(one.omega * stream.normal());
  }
  return etas;
}

std::vector<double> individual_values(std::span<const ParameterModel> parameters, const Covariates& covariates,
                                      std::span<const double> etas) {
  TITRANT_EXPECTS(etas.size() == eta_count(parameters));
  std::vector<double> values;
  values.reserve(parameters.size());
  std::size_t eta = 0;
  for (const ParameterModel& one : parameters) {
    values.push_back(individual_value(one, covariates, one.omega > 0.0 ? etas[eta++] : 0.0));
  }
  return values;
}

Individual individual(const PopulationModel& model, const Covariates& covariates, std::span<const double> etas) {
  Individual result;
  result.structure = model.structure;
  result.concentration_scale = model.concentration_scale;
  result.absorption = model.absorption;
  const std::vector<double> values = individual_values(model.parameters, covariates, etas);
  for (std::size_t p = 0; p < values.size(); ++p) {
    parameter(result, pk_parameter_named(model.parameters[p].name)) = values[p];
  }
  return result;
}

}  // namespace titrant::pkpd
