#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "observation_interval.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/simulate.hpp"
#include "titrant/nlme/vpc.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/trial/individual.hpp"

namespace titrant::nlme {

namespace {

/// What a simulated subject's random numbers are for, each with a stream of its own.
enum class Part : std::uint32_t { pk_etas, pd_etas, concentration_errors, biomarker_errors };

core::Stream stream_of(const SubjectStreams& streams, Part part) {
  return {streams.seed, streams.purpose, streams.unit, static_cast<std::uint32_t>(part)};
}

std::vector<double> times_of(const std::vector<trial::Observation>& observations) {
  std::vector<double> times;
  times.reserve(observations.size());
  for (const trial::Observation& one : observations) times.push_back(one.time);
  return times;
}

/// A measured value above 0 (of a binary one, 0 or 1). At least every other draw is, for the prediction is not below 0.
double positive_value(double predicted, const pkpd::ErrorModel& error, core::Stream& stream) {
  if (error.form == pkpd::ErrorForm::binary) return error.measured(predicted, stream.normal());
  constexpr int most_draws = 1000;
  for (int draw = 0; draw < most_draws; ++draw) {
    const double value = error.measured(predicted, stream.normal());
    if (value > 0.0) return value;
  }
  throw NumericalError(fmt::format("no measured value above 0 around {} with a standard deviation of {}", predicted,
                                   std::sqrt(error.variance(predicted))));
}

/// What an assay could have reported of a value measured anew: below a limit of quantification, that it is there (in an
/// interval where the record had one and the value lies in it); above the largest value that it reports, the same.
void censor_again(trial::Observation& one, const Interval& known) {
  using core::infinity;
  const bool reported_above = one.censored && std::isinf(known.upper);
  const double limit = one.limit > 0.0 ? one.limit : 0.0;
  one.lower = -infinity;
  one.upper = infinity;
  one.censored = true;
  if (one.value < limit) {
    one.upper = limit;
    if (known.lower < one.value && known.upper == limit) one.lower = known.lower;
    one.value = limit;
  } else if (reported_above && one.value > known.lower) {
    one.lower = known.lower;
    one.value = known.lower;
  } else {
    one.censored = false;
  }
}

std::vector<std::size_t> places_of(const std::vector<trial::Observation>& observations) {
  std::vector<std::size_t> places;
  places.reserve(observations.size());
  for (const trial::Observation& one : observations) places.push_back(one.records_before);
  return places;
}

/// Predictions of the observations of one subject, in their order.
struct Predictions {
  std::vector<double> concentrations;
  std::vector<double> biomarkers;  ///< empty without a model of them
};

/// \param pk_etas  as trial::varying_individual takes them
/// \param pd_etas  as pkpd::draw_etas orders them
Predictions predict(const trial::Subject& subject, const pkpd::PopulationModel& pk,
                    const pkpd::BiomarkerPopulation* biomarker, const std::vector<double>& pk_etas,
                    const std::vector<double>& pd_etas) {
  Predictions predictions;
  const pkpd::VaryingIndividual individual = trial::varying_individual(pk, subject, pk_etas);
  predictions.concentrations = pkpd::concentration(individual, subject.doses, times_of(subject.concentrations),
                                                   places_of(subject.concentrations));
  if (biomarker == nullptr) return predictions;
  const pkpd::Biomarker own = pkpd::individual_biomarker(*biomarker, subject.covariates, pd_etas);
  predictions.biomarkers.resize(subject.biomarkers.size());
  pkpd::BiomarkerCourse(individual, subject.doses, times_of(subject.biomarkers), places_of(subject.biomarkers))
      .predict(own, predictions.biomarkers);
  return predictions;
}

/// The same with etas drawn from the models.
Predictions predict_drawn(const trial::Subject& subject, const pkpd::PopulationModel& pk,
                          const pkpd::BiomarkerPopulation* biomarker, const SubjectStreams& streams) {
  core::Stream pk_stream = stream_of(streams, Part::pk_etas);
  core::Stream pd_stream = stream_of(streams, Part::pd_etas);
  const std::vector<double> pk_normals = pkpd::draw_normals(pk.eta_count(), pk_stream);
  std::vector<double> pk_etas = pkpd::etas_from(pk.parameters, pk.correlations, pk_normals);
  const std::vector<std::size_t> occasions = trial::occasions_by(pk.occasion, subject);
  for (std::size_t k = 0; k <= *std::max_element(occasions.begin(), occasions.end()); ++k) {
    const std::vector<double> kappas = pkpd::draw_kappas(pk.parameters, pk_stream);
    pk_etas.insert(pk_etas.end(), kappas.begin(), kappas.end());
  }
  std::vector<double> pd_etas;
  if (biomarker != nullptr) {
    pd_etas =
        pkpd::biomarker_etas_from(pk, *biomarker, pk_normals, pkpd::draw_normals(biomarker->eta_count(), pd_stream));
  }
  return predict(subject, pk, biomarker, pk_etas, pd_etas);
}

/// A prediction that values can be measured around: 0 where rounding left it just below.
double usable_prediction(double prediction, double time, const std::string& subject) {
  if (std::isfinite(prediction)) return std::max(prediction, 0.0);
  throw NumericalError(
      fmt::format("subject {}: the model predicts {} at {:g} h of a simulated trial", subject, prediction, time));
}

void measure(std::vector<trial::Observation>& observations, const std::vector<double>& predictions,
             const pkpd::ErrorModel& population, core::Stream stream, const std::string& subject) {
  const pkpd::ErrorModel error = pkpd::draw_error(population, stream);
  for (std::size_t i = 0; i < observations.size(); ++i) {
    trial::Observation& one = observations[i];
    const double predicted = usable_prediction(predictions[i], one.time, subject);
    const Interval limits = one.censored ? observation_interval(one) : Interval{};
    one.value = predicted;
    if (error.variance(predicted) > 0.0) one.value = positive_value(predicted, error, stream);
    censor_again(one, limits);
  }
}

}  // namespace

trial::Trial simulate_again(const trial::Trial& trial, const pkpd::PopulationModel& pk,
                            const pkpd::BiomarkerPopulation* biomarker, std::uint64_t seed, std::size_t number) {
  constexpr unsigned subject_bits = 32;
  trial::Trial again = trial;
  for (std::size_t i = 0; i < again.subjects.size(); ++i) {
    trial::Subject& subject = again.subjects[i];
    const SubjectStreams streams{seed, core::Purpose::replicate_trial,
                                 (static_cast<std::uint64_t>(number) << subject_bits) | i};
    const Predictions predictions = predict_drawn(subject, pk, biomarker, streams);
    measure(subject.concentrations, predictions.concentrations, pk.error,
            stream_of(streams, Part::concentration_errors), subject.id);
    if (biomarker == nullptr) continue;
    measure(subject.biomarkers, predictions.biomarkers, biomarker->error, stream_of(streams, Part::biomarker_errors),
            subject.id);
  }
  return again;
}

SimulatedSubject simulate_subject(const trial::Subject& subject, const pkpd::PopulationModel& pk,
                                  const pkpd::BiomarkerPopulation* biomarker, const SubjectStreams& streams,
                                  Variability variability) {
  const std::vector<double> no_pk_etas(pk.eta_count(), 0.0);
  const std::vector<double> no_pd_etas(biomarker == nullptr ? 0 : biomarker->eta_count(), 0.0);
  const Predictions typical = predict(subject, pk, biomarker, no_pk_etas, no_pd_etas);
  const bool drawn = variability == Variability::all;
  const Predictions own = drawn ? predict_drawn(subject, pk, biomarker, streams) : typical;
  const auto simulated = [&](const std::vector<trial::Observation>& observations, const std::vector<double>& individual,
                             const std::vector<double>& population, const pkpd::ErrorModel& of_all, Part part) {
    core::Stream stream = stream_of(streams, part);
    const pkpd::ErrorModel error = pkpd::draw_error(of_all, stream);
    std::vector<SimulatedValue> values(individual.size());
    for (std::size_t j = 0; j < values.size(); ++j) {
      SimulatedValue& one = values[j];
      one.individual = usable_prediction(individual[j], observations[j].time, subject.id);
      one.population = usable_prediction(population[j], observations[j].time, subject.id);
      one.value = one.individual;
      if (!drawn || !(error.variance(one.individual) > 0.0)) continue;
      one.value = observations[j].limit > 0.0 ? error.measured(one.individual, stream.normal())
                                              : positive_value(one.individual, error, stream);
    }
    return values;
  };
  SimulatedSubject result;
  result.concentrations = simulated(subject.concentrations, own.concentrations, typical.concentrations, pk.error,
                                    Part::concentration_errors);
  if (biomarker == nullptr) return result;
  result.biomarkers =
      simulated(subject.biomarkers, own.biomarkers, typical.biomarkers, biomarker->error, Part::biomarker_errors);
  return result;
}

}  // namespace titrant::nlme
