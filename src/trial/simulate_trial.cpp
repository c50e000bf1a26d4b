#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::trial {

namespace {

/// The random numbers of a subject, each with a stream of its own: another sampling time or parameter in one part
/// leaves the others as they were. Part of reproducibility.
enum class Part : std::uint32_t {
  body_weight = 0,
  pk_etas = 1,
  biomarker_etas = 2,
  concentration_errors = 3,
  biomarker_errors = 4
};

core::Stream stream_of(std::uint64_t seed, std::size_t subject, Part part) {
  return {seed, core::Purpose::synthetic_trial, subject, static_cast<std::uint32_t>(part)};
}

double& field(pkpd::Turnover& turnover, std::string_view name) {
  const std::array fields = {std::pair<std::string_view, double*>("baseline", &turnover.baseline),
                             std::pair<std::string_view, double*>("loss_rate", &turnover.loss_rate),
                             std::pair<std::string_view, double*>("effect", &turnover.effect),
                             std::pair<std::string_view, double*>("c50", &turnover.c50),
                             std::pair<std::string_view, double*>("hill", &turnover.hill)};
  for (const auto& [known, value] : fields) {
    if (known == name) return *value;
  }
  throw ConfigError(fmt::format("'{}' is no biomarker parameter; known: baseline, loss_rate, effect, c50, hill", name));
}

/// A laboratory reports six significant digits.
double reported(double value) {
  const std::string digits = fmt::format("{:.6g}", value);
  double result = 0.0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

/// Measures `predictions`: normal errors, drawn again where a value would not be positive.
std::vector<Observation> measured(const std::vector<double>& times, const std::vector<double>& predictions,
                                  const pkpd::ErrorModel& error, core::Stream stream) {
  std::vector<Observation> observations(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double deviation = std::sqrt(error.variance(predictions[i]));
    double value = 0.0;
    do {
      value = reported(predictions[i] + deviation * stream.normal());
    } while (!(value > 0.0));
    observations[i].time = times[i];
    observations[i].value = value;
  }
  return observations;
}

std::vector<double> biomarker_etas(const BiomarkerPopulation& model, core::Stream stream) {
  std::vector<double> etas;
  for (const pkpd::ParameterModel& one : model.parameters) {
    if (one.omega > 0.0) etas.push_back(one.omega * stream.normal());
  }
  return etas;
}

void check(const TrialDesign& design) {
  TITRANT_EXPECTS(design.subjects_per_group >= 1);
  TITRANT_EXPECTS(design.body_weight_from > 0.0 && design.body_weight_from <= design.body_weight_to);
  TITRANT_EXPECTS(std::is_sorted(design.concentration_times.begin(), design.concentration_times.end()));
  TITRANT_EXPECTS(std::is_sorted(design.biomarker_times.begin(), design.biomarker_times.end()));
}

}  // namespace

pkpd::Turnover individual_turnover(const BiomarkerPopulation& model, const pkpd::Covariates& covariates,
                                   std::span<const double> etas) {
  pkpd::Turnover turnover;
  turnover.kind = model.kind;
  std::size_t eta = 0;
  for (const pkpd::ParameterModel& one : model.parameters) {
    double value = one.typical;
    for (const pkpd::CovariateEffect& effect : one.effects) {
      const auto found = covariates.find(effect.covariate);
      if (found == covariates.end()) {
        throw DataError(fmt::format("covariate '{}', on which {} depends, is missing", effect.covariate, one.name));
      }
      value *= pkpd::effect_factor(effect, found->second);
    }
    if (one.omega > 0.0) {
      TITRANT_EXPECTS(eta < etas.size());
      value *= std::exp(etas[eta++]);
    }
    field(turnover, one.name) = value;
  }
  TITRANT_EXPECTS(eta == etas.size());
  return turnover;
}

Trial simulate_trial(const TrialDesign& design, const pkpd::PopulationModel& population,
                     const BiomarkerPopulation& biomarker, std::uint64_t seed) {
  check(design);
  const auto per_group = static_cast<std::size_t>(design.subjects_per_group);
  Trial trial;
  trial.source = "synthetic";
  trial.subjects.resize(design.dose_groups.size() * per_group);
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    Subject& subject = trial.subjects[i];
    subject.id = std::to_string(i + 1);
    subject.dose = design.dose_groups[i / per_group];
    const double weight = stream_of(seed, i, Part::body_weight).uniform(design.body_weight_from, design.body_weight_to);
    subject.covariates["body_weight"] = std::round(weight);
    subject.covariates["comed"] = i % per_group < per_group / 2 ? 0.0 : 1.0;

    core::Stream pk_stream = stream_of(seed, i, Part::pk_etas);
    const pkpd::Individual person =
        pkpd::individual(population, subject.covariates, pkpd::draw_etas(population, pk_stream));
    const pkpd::Turnover turnover = individual_turnover(
        biomarker, subject.covariates, biomarker_etas(biomarker, stream_of(seed, i, Part::biomarker_etas)));
    if (subject.active()) {
      subject.doses = pkpd::course({subject.dose, design.interval}, design.doses);
      subject.concentrations =
          measured(design.concentration_times, pkpd::concentration(person, subject.doses, design.concentration_times),
                   population.error, stream_of(seed, i, Part::concentration_errors));
    }
    subject.biomarkers =
        measured(design.biomarker_times, pkpd::biomarker(turnover, person, subject.doses, design.biomarker_times),
                 biomarker.error, stream_of(seed, i, Part::biomarker_errors));
  }
  return trial;
}

}  // namespace titrant::trial
