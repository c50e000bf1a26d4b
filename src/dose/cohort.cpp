#include "titrant/dose/cohort.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

using Source = protocol::Population::Source;

constexpr std::string_view row_stream = "row";
constexpr const char* residual_error = "error";  // among random effects; no parameter is called so
constexpr std::string_view biomarker_error_stream = "error:biomarker";
constexpr std::string_view concentration_error_stream = "error:concentration";

std::string covariate_stream(const std::string& covariate) { return fmt::format("covariate:{}", covariate); }

std::string effect_stream(std::string_view model, const std::string& parameter) {
  return fmt::format("effect:{}.{}", model, parameter);
}

/// Key of each random effect of a model, in order.
std::vector<std::uint32_t> effects_of(std::string_view model, const std::vector<pkpd::ParameterModel>& parameters) {
  std::vector<std::uint32_t> effects;
  for (const pkpd::ParameterModel& one : parameters) {
    if (one.omega > 0.0) effects.push_back(core::name_key(effect_stream(model, one.name)));
  }
  return effects;
}

std::vector<std::uint32_t> keys_of(const std::vector<std::string>& names) {
  std::vector<std::uint32_t> keys;
  for (const std::string& name : names) keys.push_back(core::name_key(name));
  return keys;
}

void require_different_keys(const std::vector<std::string>& names) {
  std::map<std::uint32_t, std::string> known;
  for (const std::string& name : names) {
    const auto [place, fresh] = known.emplace(core::name_key(name), name);
    if (fresh || place->second == name) continue;
    throw ConfigError(fmt::format(
        "'{}' and '{}' would have the same random numbers (their names have the same key); rename one of them",
        place->second, name));
  }
}

void require_covariates(const VirtualPopulation& population, const std::vector<pkpd::ParameterModel>& parameters) {
  for (const pkpd::ParameterModel& parameter : parameters) {
    for (const pkpd::CovariateEffect& effect : parameter.effects) {
      require_supplied(population, effect.covariate, parameter.name);
    }
  }
}

void require_rows(const VirtualPopulation& population) {
  const protocol::Population& definition = population.definition;
  if (definition.source == Source::distributions || !population.rows.empty()) return;
  const std::string whose = definition.source == Source::trial ? "subject of the trial" : "row of " + definition.file;
  throw DataError(definition.where.empty()
                      ? fmt::format("populations.{}: there is no {} to resample", definition.name, whose)
                      : fmt::format("populations.{}: no {} meets '{}'; widen populations.{}.where", definition.name,
                                    whose, definition.where, definition.name));
}

/// Per unit of a regimen's dose, of which a subject is given so many times as much.
pkpd::Individual of_factor(pkpd::Individual individual, double factor) {
  individual.concentration_scale *= factor;
  individual.maximum_elimination_rate /= factor;  // amounts are those over the factor, C is that of all of them
  return individual;
}

double standard_normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace

pkpd::Individual per_unit_dose(const VirtualSubject& subject, const protocol::Regimen& regimen) {
  return of_factor(subject.individual, regimen.dose_factor(subject.covariates));
}

pkpd::OccasionIndividual per_unit_dose(const VirtualSubject& subject, const protocol::Regimen& regimen,
                                       const pkpd::ResponseWindow& window, const pkpd::Biomarker* biomarker) {
  const double factor = regimen.dose_factor(subject.covariates);
  const std::size_t count = pkpd::occasion_intervals(subject.individual, regimen.course(), window, biomarker);
  pkpd::OccasionIndividual all{of_factor(subject.individual, factor), window.steady_state
                                                                          ? subject.occasions.at_steady_state(count)
                                                                          : subject.occasions.of_course(count)};
  for (pkpd::Individual& one : all.intervals) one = of_factor(one, factor);
  return all;
}

void require_supplied(const VirtualPopulation& population, const std::string& covariate, const std::string& needed_by) {
  const protocol::Population& definition = population.definition;
  const std::string depends =
      fmt::format("populations.{}: {} depends on the covariate {}, which", definition.name, needed_by, covariate);
  if (definition.source == Source::distributions) {
    const bool known = std::any_of(definition.covariates.begin(), definition.covariates.end(),
                                   [&](const auto& one) { return one.first == covariate; });
    if (known) return;
    throw DataError(fmt::format("{} the population does not supply; write populations.{}.{}: {{uniform: [FROM, TO]}}",
                                depends, definition.name, covariate));
  }
  for (std::size_t row = 0; row < population.rows.size(); ++row) {
    const auto found = population.rows[row].find(covariate);
    if (found != population.rows[row].end() && std::isfinite(found->second)) continue;
    const std::string whose = definition.source == Source::trial ? "the trial" : definition.file;
    throw DataError(fmt::format(
        "{} row {} of its {} from {} has no value of; leave such rows out by populations.{}.where, or write "
        "populations.{}.{}: {{uniform: [FROM, TO]}} in place of `from`",
        depends, row + 1, population.rows.size(), whose, definition.name, definition.name, covariate));
  }
}

void require_supplied(const VirtualPopulation& population, const protocol::Regimen& regimen) {
  const std::string needed_by = fmt::format("the dose of the regimen {}", regimen.name);
  if (!regimen.per.empty()) require_supplied(population, regimen.per, needed_by);
  if (!regimen.bands.covariate.empty()) require_supplied(population, regimen.bands.covariate, needed_by);
}

Cohort::Cohort(const VirtualPopulation& population, const PopulationModels& models, std::uint64_t seed,
               ErrorCounts errors, core::Purpose purpose)
    : population_(population), models_(models), seed_(seed), errors_(errors), purpose_(purpose) {
  TITRANT_EXPECTS(models.pk != nullptr);
  require_rows(population);
  require_covariates(population, models.pk->parameters);
  pk_effects_ = effects_of("pk", models.pk->parameters);
  std::vector<std::string> names = {std::string(row_stream), std::string(dose_stream),
                                    std::string(biomarker_error_stream), std::string(concentration_error_stream)};
  for (const pkpd::ParameterModel& one : models.pk->parameters) names.push_back(effect_stream("pk", one.name));
  if (models.pk->kappa_count() > 0) {
    const std::vector<std::string> of_course = course_occasion_names(*models.pk);
    const std::vector<std::string> steady = steady_occasion_names(*models.pk);
    for (const auto* more : {&of_course, &steady}) names.insert(names.end(), more->begin(), more->end());
    occasions_ = std::make_shared<const OccasionStreams>(
        OccasionStreams{models.pk, seed, purpose, keys_of(of_course), keys_of(steady)});
  }
  if (models.biomarker != nullptr) {
    require_covariates(population, models.biomarker->parameters);
    biomarker_effects_ = effects_of("biomarker", models.biomarker->parameters);
    for (const pkpd::ParameterModel& one : models.biomarker->parameters) {
      names.push_back(effect_stream("biomarker", one.name));
    }
  }
  if (population.definition.source == Source::distributions) {
    correlation_factor_ = protocol::correlation_factor(population.definition);
    for (const auto& [name, distribution] : population.definition.covariates) {
      names.push_back(covariate_stream(name));
      covariate_keys_.push_back(core::name_key(names.back()));
    }
  }
  if (models.pk->error.omega > 0.0) names.push_back(effect_stream("pk", residual_error));
  if (models.biomarker != nullptr && models.biomarker->error.omega > 0.0) {
    names.push_back(effect_stream("biomarker", residual_error));
  }
  require_different_keys(names);
}

VirtualSubject Cohort::subject(std::uint64_t index) const {
  VirtualSubject subject;
  subject.covariates = covariates(index);
  const std::vector<double> pk_normals = normals(index, pk_effects_);
  std::vector<double> etas = pkpd::etas_from(models_.pk->parameters, models_.pk->correlations, pk_normals);
  subject.individual = pkpd::individual(*models_.pk, subject.covariates, etas);
  if (occasions_) subject.occasions = {occasions_, index, subject.covariates, std::move(etas)};
  subject.concentration_error = own_error(index, "pk", models_.pk->error);
  subject.concentration_errors = errors(index, core::name_key(concentration_error_stream), errors_.concentration);
  if (models_.biomarker == nullptr) return subject;
  subject.biomarker = pkpd::individual_biomarker(
      *models_.biomarker, subject.covariates,
      pkpd::biomarker_etas_from(*models_.pk, *models_.biomarker, pk_normals, normals(index, biomarker_effects_)));
  subject.biomarker_error = own_error(index, "biomarker", models_.biomarker->error);
  subject.biomarker_errors = errors(index, core::name_key(biomarker_error_stream), errors_.biomarker);
  return subject;
}

pkpd::Covariates Cohort::covariates(std::uint64_t index) const {
  if (population_.definition.source != Source::distributions) {
    const double count = static_cast<double>(population_.rows.size());
    const double place = std::floor(stream(index, core::name_key(row_stream)).uniform() * count);
    return population_.rows[static_cast<std::size_t>(std::min(place, count - 1.0))];
  }
  pkpd::Covariates values;
  for (std::size_t i = 0; i < covariate_keys_.size(); ++i) {
    const auto& [name, distribution] = population_.definition.covariates[i];
    values[name] = distribution.quantile(uniform_of(index, i));
  }
  return values;
}

/// The share of the population below the value of a covariate: its own random number, or that of the normal score that
/// own and earlier ones make.
double Cohort::uniform_of(std::uint64_t index, std::size_t covariate) const {
  const double* const factors = correlation_factor_.data() + covariate * covariate_keys_.size();
  const bool correlated = std::any_of(factors, factors + covariate, [](double factor) { return factor != 0.0; });
  if (!correlated) return stream(index, covariate_keys_[covariate]).uniform();
  double score = 0.0;
  for (std::size_t j = 0; j <= covariate; ++j) {
    if (factors[j] != 0.0) score += factors[j] * stream(index, covariate_keys_[j]).normal();
  }
  constexpr double least = 0x1.0p-54;  // as of core::Stream::uniform
  return std::clamp(standard_normal_below(score), least, 1.0 - 0x1.0p-53);
}

std::vector<double> Cohort::normals(std::uint64_t index, const std::vector<std::uint32_t>& effects) const {
  std::vector<double> values;
  values.reserve(effects.size());
  for (const std::uint32_t key : effects) values.push_back(stream(index, key).normal());
  return values;
}

pkpd::ErrorModel Cohort::own_error(std::uint64_t index, std::string_view model, const pkpd::ErrorModel& error) const {
  if (!(error.omega > 0.0)) return error;
  core::Stream random = stream(index, core::name_key(effect_stream(model, residual_error)));
  return pkpd::draw_error(error, random);
}

std::vector<double> Cohort::errors(std::uint64_t index, std::uint32_t key, std::size_t count) const {
  core::Stream random = stream(index, key);
  std::vector<double> values(count);
  for (double& value : values) value = random.normal();
  return values;
}

}  // namespace titrant::dose
