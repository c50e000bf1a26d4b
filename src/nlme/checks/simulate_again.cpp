#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "observation_interval.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/vpc.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/trial/individual.hpp"

namespace titrant::nlme {

namespace {

/// What a simulated subject's random numbers are for, each with a stream of its own.
enum class Part : std::uint32_t { pk_etas, pd_etas, concentration_errors, biomarker_errors };

core::Stream stream_of(std::uint64_t seed, std::size_t number, std::size_t subject, Part part) {
  constexpr unsigned subject_bits = 32;
  return {seed, core::Purpose::replicate_trial, (static_cast<std::uint64_t>(number) << subject_bits) | subject,
          static_cast<std::uint32_t>(part)};
}

std::vector<double> times_of(const std::vector<trial::Observation>& observations) {
  std::vector<double> times;
  times.reserve(observations.size());
  for (const trial::Observation& one : observations) times.push_back(one.time);
  return times;
}

/// A measured value above 0. At least every other draw is, for the prediction is not below 0.
double positive_value(double predicted, double deviation, core::Stream& stream) {
  constexpr int most_draws = 1000;
  for (int draw = 0; draw < most_draws; ++draw) {
    const double value = predicted + deviation * stream.normal();
    if (value > 0.0) return value;
  }
  throw NumericalError(
      fmt::format("no measured value above 0 around {} with a standard deviation of {}", predicted, deviation));
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

void measure(std::vector<trial::Observation>& observations, const std::vector<double>& predictions,
             const pkpd::ErrorModel& error, core::Stream stream, const std::string& subject) {
  for (std::size_t i = 0; i < observations.size(); ++i) {
    trial::Observation& one = observations[i];
    if (!std::isfinite(predictions[i])) {
      throw NumericalError(fmt::format("subject {}: the model predicts {} at {:g} h of a simulated trial", subject,
                                       predictions[i], one.time));
    }
    const Interval limits = one.censored ? observation_interval(one) : Interval{};
    const double predicted = std::max(predictions[i], 0.0);  // rounding may leave it just below
    const double deviation = std::sqrt(error.variance(predicted));
    one.value = predicted;
    if (deviation > 0.0) one.value = positive_value(predicted, deviation, stream);
    censor_again(one, limits);
  }
}

}  // namespace

trial::Trial simulate_again(const trial::Trial& trial, const pkpd::PopulationModel& pk,
                            const pkpd::BiomarkerPopulation* biomarker, std::uint64_t seed, std::size_t number) {
  trial::Trial again = trial;
  for (std::size_t i = 0; i < again.subjects.size(); ++i) {
    trial::Subject& subject = again.subjects[i];
    core::Stream pk_stream = stream_of(seed, number, i, Part::pk_etas);
    const pkpd::VaryingIndividual individual = trial::varying_individual(pk, subject, pkpd::draw_etas(pk, pk_stream));
    measure(subject.concentrations,
            pkpd::concentration(individual, subject.doses, times_of(subject.concentrations),
                                places_of(subject.concentrations)),
            pk.error, stream_of(seed, number, i, Part::concentration_errors), subject.id);
    if (biomarker == nullptr) continue;
    core::Stream pd_stream = stream_of(seed, number, i, Part::pd_etas);
    const pkpd::Biomarker own =
        pkpd::individual_biomarker(*biomarker, subject.covariates, pkpd::draw_etas(*biomarker, pd_stream));
    std::vector<double> predictions(subject.biomarkers.size());
    pkpd::BiomarkerCourse(individual, subject.doses, times_of(subject.biomarkers), places_of(subject.biomarkers))
        .predict(own, predictions);
    measure(subject.biomarkers, predictions, biomarker->error, stream_of(seed, number, i, Part::biomarker_errors),
            subject.id);
  }
  return again;
}

}  // namespace titrant::nlme
