#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::trial {

namespace {

/// The random numbers of a subject, each with a stream of its own: another sampling time or parameter in one part
/// leaves the others as they were. Part of reproducibility.
enum class Part : std::uint32_t {
  weight = 0,
  pk_etas = 1,
  biomarker_etas = 2,
  concentration_errors = 3,
  biomarker_errors = 4
};

core::Stream stream_of(std::uint64_t seed, std::size_t subject, Part part) {
  return {seed, core::Purpose::synthetic_trial, subject, static_cast<std::uint32_t>(part)};
}

/// A laboratory reports six significant digits.
double reported(double value) {
  const std::string digits = fmt::format("{:.6g}", value);
  double result = 0.0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

/// A value above 0 as it is reported (of a binary one, 0 or 1). At least every other draw is, for predictions are not
/// below 0.
double positive_value(double predicted, const pkpd::ErrorModel& error, core::Stream& stream) {
  if (error.form == pkpd::ErrorForm::binary) return error.measured(predicted, stream.normal());
  constexpr int most_draws = 1000;
  for (int draw = 0; draw < most_draws; ++draw) {
    const double value = reported(error.measured(predicted, stream.normal()));
    if (value > 0.0) return value;
  }
  throw NumericalError(fmt::format("no measured value above 0 around {} with a standard deviation of {}", predicted,
                                   std::sqrt(error.variance(predicted))));
}

/// Measures `predictions`: random errors, drawn again where a value would not be positive.
std::vector<Observation> measured(const std::vector<double>& times, const std::vector<double>& predictions,
                                  const pkpd::ErrorModel& error, core::Stream stream) {
  std::vector<Observation> observations(times.size());
  const pkpd::ErrorModel own = pkpd::draw_error(error, stream);
  for (std::size_t i = 0; i < times.size(); ++i) {
    observations[i].time = times[i];
    observations[i].value = positive_value(predictions[i], own, stream);
  }
  return observations;
}

void check(const TrialDesign& design) {
  TITRANT_EXPECTS(design.subjects_per_group >= 1);
  TITRANT_EXPECTS(design.weight_from > 0.0 && design.weight_from <= design.weight_to);
  TITRANT_EXPECTS(std::is_sorted(design.concentration_times.begin(), design.concentration_times.end()));
  TITRANT_EXPECTS(std::is_sorted(design.biomarker_times.begin(), design.biomarker_times.end()));
}

}  // namespace

Trial simulate_trial(const TrialDesign& design, const pkpd::PopulationModel& population,
                     const pkpd::BiomarkerPopulation& biomarker, std::uint64_t seed) {
  check(design);
  const auto per_group = static_cast<std::size_t>(design.subjects_per_group);
  Trial trial;
  trial.source = "synthetic";
  trial.covariates = NonmemFormat::usual_covariates();
  trial.subjects.resize(design.dose_groups.size() * per_group);
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    Subject& subject = trial.subjects[i];
    subject.id = std::to_string(i + 1);
    subject.dose = design.dose_groups[i / per_group];
    const double weight = stream_of(seed, i, Part::weight).uniform(design.weight_from, design.weight_to);
    subject.covariates["weight"] = std::round(weight);
    if (!design.half.empty()) subject.covariates[design.half] = i % per_group < per_group / 2 ? 0.0 : 1.0;

    core::Stream pk_stream = stream_of(seed, i, Part::pk_etas);
    const std::vector<double> pk_normals = pkpd::draw_normals(population.eta_count(), pk_stream);
    const pkpd::Individual individual = pkpd::individual(
        population, subject.covariates, pkpd::etas_from(population.parameters, population.correlations, pk_normals));
    core::Stream biomarker_stream = stream_of(seed, i, Part::biomarker_etas);
    const pkpd::Biomarker own = pkpd::individual_biomarker(
        biomarker, subject.covariates,
        pkpd::biomarker_etas_from(population, biomarker, pk_normals,
                                  pkpd::draw_normals(biomarker.eta_count(), biomarker_stream)));
    if (subject.active()) {
      subject.doses = pkpd::course({subject.dose, design.interval}, design.doses);
      subject.concentrations = measured(design.concentration_times,
                                        pkpd::concentration(individual, subject.doses, design.concentration_times),
                                        population.error, stream_of(seed, i, Part::concentration_errors));
    }
    subject.biomarkers =
        measured(design.biomarker_times, pkpd::biomarker(own, individual, subject.doses, design.biomarker_times),
                 biomarker.error, stream_of(seed, i, Part::biomarker_errors));
  }
  return trial;
}

}  // namespace titrant::trial
