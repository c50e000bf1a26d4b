#include "titrant/nlme/pk_model.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::nlme {

namespace {

/// Time of a person's first dose, h; infinite without any.
double first_dose(const trial::Subject& subject) {
  double first = std::numeric_limits<double>::infinity();
  for (const pkpd::Dose& dose : subject.doses) {
    if (dose.amount <= 0.0) continue;
    // A dose at steady state follows others that are not written down.
    first = std::min(first, dose.steady_state ? -std::numeric_limits<double>::infinity() : dose.time);
  }
  return first;
}

/// What is wrong with an observation; empty: nothing.
std::string problem_with(const trial::Observation& observation, double value) {
  if (!std::isfinite(observation.time) || !std::isfinite(value)) {
    return fmt::format("the concentration is {}: time and value must be finite", value);
  }
  if (observation.censored && !(value > 0.0)) {
    return "a censored concentration needs a limit of quantification above 0 (column LLOQ, or DV where there is none)";
  }
  return {};
}

}  // namespace

PkModel::PkModel(const trial::Trial& trial, pkpd::Structure structure, bool lag)
    : trial_(trial), structure_(structure) {
  using pkpd::PkParameter;
  parameters_ = {PkParameter::absorption_rate, PkParameter::clearance, PkParameter::volume};
  if (structure == pkpd::Structure::two_compartment) {
    parameters_.insert(parameters_.end(), {PkParameter::intercompartmental_clearance, PkParameter::peripheral_volume});
  }
  if (lag) parameters_.push_back(PkParameter::lag);

  core::Problems problems;
  for (std::size_t place = 0; place < trial.subjects.size(); ++place) {
    const trial::Subject& subject = trial.subjects[place];
    const double first = first_dose(subject);
    Person person;
    person.place = place;
    bool any_censored = false;
    for (const trial::Observation& observation : subject.concentrations) {
      const double value = observation.censored && observation.limit > 0.0 ? observation.limit : observation.value;
      const std::string problem = problem_with(observation, value);
      if (!problem.empty()) {
        problems.add(fmt::format("{}: subject {} at {} h", trial.source, subject.id, observation.time), problem);
        continue;
      }
      const bool says_nothing = observation.time <= first && (observation.censored || value == 0.0);
      if (says_nothing) continue;
      person.times.push_back(observation.time);
      person.values.push_back(value);
      person.records_before.push_back(observation.records_before);
      person.censored.push_back(observation.censored ? 1 : 0);
      any_censored = any_censored || observation.censored;
    }
    if (!any_censored) person.censored.clear();
    if (!person.times.empty()) people_.push_back(std::move(person));
  }
  problems.throw_if_any<DataError>();
  if (people_.empty()) {
    throw DataError(fmt::format("{}: no subject has a concentration after a dose: nothing to fit", trial.source));
  }
}

const trial::Subject& PkModel::person(std::size_t subject) const { return trial_.subjects[people_[subject].place]; }

const pkpd::Covariates& PkModel::covariates(std::size_t subject) const { return person(subject).covariates; }

pkpd::Individual PkModel::individual_of(std::span<const double> parameters) const {
  pkpd::Individual individual;
  individual.structure = structure_;
  for (std::size_t p = 0; p < parameters_.size(); ++p) pkpd::parameter(individual, parameters_[p]) = parameters[p];
  return individual;
}

void PkModel::predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                      std::span<double> gradient) const {
  const pkpd::Individual individual = individual_of(parameters);
  std::vector<double> whole(value.size() * pkpd::pk_parameter_count);
  pkpd::concentration_and_gradient(individual, person(subject).doses, people_[subject].times, value, whole,
                                   people_[subject].records_before);
  for (std::size_t j = 0; j < value.size(); ++j) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      gradient[j * parameters_.size() + p] =
          whole[j * pkpd::pk_parameter_count + static_cast<std::size_t>(parameters_[p])];
    }
  }
}

void PkModel::predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                               std::span<double> gradient) const {
  const std::vector<trial::CovariateChange>& changes = person(subject).changes;
  pkpd::VaryingIndividual varying;
  for (std::size_t segment = 0; segment <= changes.size(); ++segment) {
    const pkpd::Individual individual = individual_of(parameters.subspan(segment * parameters_.size()));
    if (segment == 0) varying.first = individual;
    if (segment > 0) varying.changes.push_back({changes[segment - 1].time, individual});
  }
  const std::size_t segments = varying.segments();
  std::vector<double> whole(value.size() * segments * pkpd::pk_parameter_count);
  pkpd::concentration_and_gradient(varying, person(subject).doses, people_[subject].times, value, whole,
                                   people_[subject].records_before);
  for (std::size_t row = 0; row < value.size() * segments; ++row) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      gradient[row * parameters_.size() + p] =
          whole[row * pkpd::pk_parameter_count + static_cast<std::size_t>(parameters_[p])];
    }
  }
}

std::string PkModel::describe(std::size_t subject, std::size_t observation) const {
  return fmt::format("{}: subject {} at {} h", trial_.source, person(subject).id, people_[subject].times[observation]);
}

std::vector<std::size_t> PkModel::places() const {
  std::vector<std::size_t> places;
  for (const Person& one : people_) places.push_back(one.place);
  return places;
}

void PkModel::expect_proportional_error() const {
  core::Problems problems;
  for (std::size_t subject = 0; subject < people_.size(); ++subject) {
    const double first = first_dose(person(subject));
    for (std::size_t j = 0; j < people_[subject].times.size(); ++j) {
      if (people_[subject].times[j] > first) {
        if (people_[subject].values[j] > 0.0) continue;
        problems.add(describe(subject, j),
                     fmt::format("the concentration is {}, which a proportional error gives to none; use a combined or "
                                 "additive error, mark it as censored (CENS = 1), or leave it out (MDV = 1)",
                                 people_[subject].values[j]));
        continue;
      }
      problems.add(describe(subject, j),
                   "a concentration before the first dose, where the prediction is 0 and a proportional error has no "
                   "variance; use a combined or additive error, or leave it out (MDV = 1)");
    }
  }
  problems.throw_if_any<DataError>();
}

}  // namespace titrant::nlme
