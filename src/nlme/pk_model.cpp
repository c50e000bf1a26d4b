#include "titrant/nlme/pk_model.hpp"

#include <fmt/format.h>

#include <limits>

#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/pkpd/concentration.hpp"

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
    Person person{.place = place, .times = {}, .values = {}};
    for (const trial::Observation& observation : subject.concentrations) {
      if (observation.censored) {
        problems.add(fmt::format("{}: subject {} at {} h", trial.source, subject.id, observation.time),
                     "censored concentrations cannot be fitted; leave them out (MDV = 1)");
      } else if (observation.time > first || observation.value != 0.0) {
        person.times.push_back(observation.time);
        person.values.push_back(observation.value);
      }
    }
    if (!person.times.empty()) people_.push_back(std::move(person));
  }
  problems.throw_if_any<DataError>();
  if (people_.empty()) {
    throw DataError(fmt::format("{}: no subject has a concentration after a dose: nothing to fit", trial.source));
  }
}

const trial::Subject& PkModel::person(std::size_t subject) const { return trial_.subjects[people_[subject].place]; }

const pkpd::Covariates& PkModel::covariates(std::size_t subject) const { return person(subject).covariates; }

void PkModel::predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                      std::span<double> gradient) const {
  pkpd::Individual individual;
  individual.structure = structure_;
  for (std::size_t p = 0; p < parameters_.size(); ++p) pkpd::parameter(individual, parameters_[p]) = parameters[p];
  std::vector<double> whole(value.size() * pkpd::pk_parameter_count);
  pkpd::concentration_and_gradient(individual, person(subject).doses, people_[subject].times, value, whole);
  for (std::size_t j = 0; j < value.size(); ++j) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      gradient[j * parameters_.size() + p] =
          whole[j * pkpd::pk_parameter_count + static_cast<std::size_t>(parameters_[p])];
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

void PkModel::expect_doses_before_observations() const {
  core::Problems problems;
  for (std::size_t subject = 0; subject < people_.size(); ++subject) {
    const double first = first_dose(person(subject));
    for (std::size_t j = 0; j < people_[subject].times.size(); ++j) {
      if (people_[subject].times[j] > first) continue;
      problems.add(describe(subject, j),
                   "a concentration before the first dose, where the prediction is 0 and a proportional error has no "
                   "variance; use a combined or additive error, or leave it out (MDV = 1)");
    }
  }
  problems.throw_if_any<DataError>();
}

}  // namespace titrant::nlme
