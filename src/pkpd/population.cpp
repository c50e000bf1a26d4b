#include "titrant/pkpd/population.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

double ErrorModel::variance(double prediction) const {
  switch (form) {
    case ErrorForm::variances:
      break;
    case ErrorForm::deviations: {
      const double deviation = additive + proportional * std::abs(prediction);
      return deviation * deviation;
    }
    case ErrorForm::power: {
      const double deviation = prediction > 0.0 ? proportional * std::pow(prediction, exponent) : 0.0;
      return deviation * deviation;
    }
    case ErrorForm::log_normal:
      return prediction > 0.0 ? proportional * proportional : 0.0;
    case ErrorForm::binary:
      return prediction * (1.0 - prediction);
  }
  return additive * additive + proportional * proportional * prediction * prediction;
}

ErrorModel ErrorModel::of_subject(double eta) const {
  ErrorModel own = *this;
  own.additive *= std::exp(eta);
  own.proportional *= std::exp(eta);
  return own;
}

double ErrorModel::on_scale(double value) const { return form == ErrorForm::log_normal ? std::log(value) : value; }

double ErrorModel::scale_slope(double value) const { return form == ErrorForm::log_normal ? 1.0 / value : 1.0; }

double ErrorModel::measured(double prediction, double normal) const {
  if (form == ErrorForm::log_normal) return prediction * std::exp(proportional * normal);
  if (form == ErrorForm::binary) return 0.5 * std::erfc(normal / std::numbers::sqrt2) < prediction ? 1.0 : 0.0;
  return prediction + std::sqrt(variance(prediction)) * normal;
}

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
  const bool of_either_sign = model.scale.kind == Scale::Kind::linear;
  if (!std::isfinite(value) || !(value > 0.0 || of_either_sign)) {
    throw NumericalError(
        fmt::format("{} is {} for a subject: its covariate effects and eta lead out of its range", model.name, value));
  }
  return value;
}

std::size_t eta_count(std::span<const ParameterModel> parameters) {
  return static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const auto& one) { return one.omega > 0.0; }));
}

std::size_t kappa_count(std::span<const ParameterModel> parameters) {
  return static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const auto& one) { return one.occasion_omega > 0.0; }));
}

std::vector<double> etas_from(std::span<const ParameterModel> parameters, std::span<const EtaCorrelation> correlations,
                              std::span<const double> normals) {
  TITRANT_EXPECTS(normals.size() == eta_count(parameters));
  std::vector<const ParameterModel*> varying;
  for (const ParameterModel& one : parameters) {
    if (one.omega > 0.0) varying.push_back(&one);
  }
  std::vector<double> etas;
  etas.reserve(varying.size());
  if (correlations.empty()) {
    for (std::size_t k = 0; k < varying.size(); ++k) etas.push_back(varying[k]->omega * normals[k]);
    return etas;
  }
  const auto count = static_cast<Eigen::Index>(varying.size());
  const auto place_of = [&](const std::string& name) {
    const auto found =
        std::find_if(varying.begin(), varying.end(), [&](const ParameterModel* one) { return one->name == name; });
    if (found == varying.end()) throw ConfigError(fmt::format("a correlation names {}, which does not vary", name));
    return found - varying.begin();
  };
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(count, count);
  for (const EtaCorrelation& one : correlations) {
    const auto row = place_of(one.first);
    const auto column = place_of(one.second);
    matrix(row, column) = matrix(column, row) = one.value;
  }
  const Eigen::LLT<Eigen::MatrixXd> llt(matrix);
  if (llt.info() != Eigen::Success) {
    throw NumericalError("the correlations of the etas contradict each other: their matrix is not positive definite");
  }
  const Eigen::MatrixXd factor = llt.matrixL();
  for (Eigen::Index k = 0; k < count; ++k) {
    double score = 0.0;
    for (Eigen::Index l = 0; l <= k; ++l) score += factor(k, l) * normals[static_cast<std::size_t>(l)];
    etas.push_back(varying[static_cast<std::size_t>(k)]->omega * score);
  }
  return etas;
}

std::vector<double> draw_normals(std::size_t count, core::Stream& stream) {
  std::vector<double> normals(count);
  for (double& number : normals) number = stream.normal();
  return normals;
}

ErrorModel draw_error(const ErrorModel& error, core::Stream& stream) {
  return error.omega > 0.0 ? error.of_subject(error.omega * stream.normal()) : error;
}

std::vector<double> draw_kappas(std::span<const ParameterModel> parameters, core::Stream& stream) {
  std::vector<double> kappas;
  for (const ParameterModel& one : parameters) {
    if (one.occasion_omega > 0.0) kappas.push_back(one.occasion_omega * stream.normal());
  }
  return kappas;
}

std::vector<double> individual_values(std::span<const ParameterModel> parameters, const Covariates& covariates,
                                      std::span<const double> etas, std::span<const double> kappas) {
  TITRANT_EXPECTS(etas.size() == eta_count(parameters));
  TITRANT_EXPECTS(kappas.empty() || kappas.size() == kappa_count(parameters));
  std::vector<double> values;
  values.reserve(parameters.size());
  std::size_t eta = 0;
  std::size_t kappa = 0;
  for (const ParameterModel& one : parameters) {
    double shift = one.omega > 0.0 ? etas[eta++] : 0.0;
    if (one.occasion_omega > 0.0 && !kappas.empty()) shift += kappas[kappa++];
    values.push_back(individual_value(one, covariates, shift));
  }
  return values;
}

Elimination elimination_of(std::span<const ParameterModel> parameters) {
  const auto has = [&](PkParameter which) {
    const std::string_view name = pk_parameter_names[static_cast<std::size_t>(which)];
    return std::any_of(parameters.begin(), parameters.end(), [&](const auto& one) { return one.name == name; });
  };
  if (!has(PkParameter::maximum_elimination_rate)) return Elimination::linear;
  return has(PkParameter::clearance) ? Elimination::both : Elimination::michaelis_menten;
}

Individual individual(const PopulationModel& model, const Covariates& covariates, std::span<const double> etas,
                      std::span<const double> kappas) {
  Individual result;
  result.structure = model.structure;
  result.concentration_scale = model.concentration_scale;
  result.absorption = model.absorption;
  result.elimination = model.elimination;
  const std::vector<double> values = individual_values(model.parameters, covariates, etas, kappas);
  for (std::size_t p = 0; p < values.size(); ++p) {
    parameter(result, pk_parameter_named(model.parameters[p].name)) = values[p];
  }
  return result;
}

}  // namespace titrant::pkpd
