#include "titrant/nlme/pk_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "observation_interval.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/varying.hpp"
#include "titrant/trial/individual.hpp"

namespace titrant::nlme {

namespace {

constexpr std::size_t named_places = 6;  // of observations left out

/// What is wrong with an observation; empty: nothing.
std::string problem_with(const trial::Observation& observation) {
  const double value = shown_value(observation);
  if (!std::isfinite(observation.time) || !std::isfinite(value)) {
    return fmt::format("the concentration is {}: time and value must be finite", value);
  }
  return problem_with_interval(observation, "concentration");
}

bool has_dose(const trial::Subject& subject) {
  return std::any_of(subject.doses.begin(), subject.doses.end(),
                     [](const pkpd::Dose& dose) { return dose.gives_drug(); });
}

/// "subject 3 at 0 h, subject 4 at 0 h and 34 more".
std::string list(const std::vector<std::string>& places) {
  const std::size_t named = std::min(named_places, places.size());
  std::string text =
      fmt::format("{}", fmt::join(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(named), ", "));
  if (places.size() > named) text += fmt::format(" and {} more", places.size() - named);
  return text;
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

bool has_lag(const PopulationFit& fit) {
  return std::any_of(fit.population.parameters.begin(), fit.population.parameters.end(),
                     [](const Parameter& parameter) { return parameter.name == "lag"; });
}

DoseForm dose_form(const PopulationFit& fit) {
  const bool bioavailability =
      std::any_of(fit.population.parameters.begin(), fit.population.parameters.end(),
                  [](const Parameter& parameter) { return parameter.name == "bioavailability"; });
  return {.absorption = fit.model.absorption, .bioavailability = bioavailability, .elimination = fit.model.elimination};
}

PkModel::PkModel(const trial::Trial& trial, pkpd::Structure structure, bool lag, ErrorKind error, const DoseForm& form,
                 std::string occasion)
    : trial_(trial),
      structure_(structure),
      concentration_scale_(trial.units.concentration_of_amount_per_litre()),
      form_(form),
      occasion_(std::move(occasion)) {
  using pkpd::PkParameter;
  read();
  find_routes();
  if (!absorbed()) form_.absorption = {};  // of nothing; check_absorption refuses it where it was asked for
  expect_compartments();
  if (saturable()) expect_no_superposition();
  for (const PkParameter which : pkpd::parameters_of(structure)) {
    if (which == PkParameter::clearance && form_.elimination == pkpd::Elimination::michaelis_menten) continue;
    if (which == PkParameter::absorption_rate && !has_depot()) continue;
    if (which == PkParameter::lag && !(lag && absorbed())) continue;
    parameters_.push_back(which);
  }
  if (form.bioavailability && absorbed()) parameters_.push_back(PkParameter::bioavailability);
  if (routes_.modelled_rate) parameters_.push_back(PkParameter::input_rate);
  if (routes_.modelled_duration) parameters_.push_back(PkParameter::input_duration);
  if (absorbed() && form_.absorption.kind == pkpd::AbsorptionKind::zero_order) {
    parameters_.push_back(PkParameter::absorption_duration);
  }
  if (absorbed() && form_.absorption.kind == pkpd::AbsorptionKind::transit) {
    parameters_.push_back(PkParameter::mean_transit_time);
  }
  if (saturable()) {
    parameters_.insert(parameters_.end(), {PkParameter::maximum_elimination_rate, PkParameter::michaelis_constant});
  }
  for (std::size_t subject = 0; subject < data_.size(); ++subject) find_zero_predictions(subject);
  leave_out_zero_predictions(error);
  if (data_.empty()) {
    throw DataError(fmt::format("{}: no subject has a concentration after a dose: nothing to fit", trial.source));
  }
}

PkModel::PkModel(const trial::Trial& trial, const PopulationFit& fit)
    : PkModel(trial, fit.model.structure, has_lag(fit), error_kind(fit.model.error), dose_form(fit),
              fit.population.occasion) {}

void PkModel::find_routes() {
  for (const SubjectData& one : data_) routes_ |= trial::routes_of(trial_.subjects[one.place]);
}

bool PkModel::has_depot() const { return absorbed() && form_.absorption.kind != pkpd::AbsorptionKind::zero_order; }

bool PkModel::has_kinks() const {
  using enum pkpd::PkParameter;
  return std::any_of(parameters_.begin(), parameters_.end(), [](pkpd::PkParameter which) {
    return which == input_rate || which == input_duration || which == absorption_duration;
  });
}

CovarianceKind covariance_kind(bool kinks, CovarianceKind asked) {
  return asked == CovarianceKind::automatic && kinks ? CovarianceKind::outer_product : asked;
}

double PkModel::amount_at_modelled_rate() const {
  std::vector<double> amounts;
  for (const SubjectData& one : data_) {
    for (const pkpd::Dose& dose : trial_.subjects[one.place].doses) {
      if (dose.infusion == pkpd::InfusionBy::modelled_rate) amounts.push_back(dose.amount);
    }
  }
  return amounts.empty() ? 0.0 : core::upper_median(std::move(amounts));
}

/// Infusions enter compartments that the model has, and of rates (or durations) that it estimates one.
void PkModel::expect_compartments() const {
  using pkpd::DoseInto;
  using pkpd::InfusionBy;
  core::Problems problems;
  std::map<InfusionBy, DoseInto> first;
  for (const SubjectData& one : data_) {
    const trial::Subject& subject = trial_.subjects[one.place];
    for (const pkpd::Dose& dose : subject.doses) {
      const auto refuse = [&](const std::string& what) {
        problems.add(fmt::format("{}: subject {} at {} h", trial_.source, subject.id, dose.time), what);
      };
      if (dose.infused() && dose.into == DoseInto::depot &&
          form_.absorption.kind != pkpd::AbsorptionKind::first_order) {
        refuse(
            fmt::format("an infusion into the depot, which {}; expected pk.absorption: first_order, or doses "
                        "without RATE and DUR",
                        has_depot() ? "doses reach through transit compartments alone"
                                    : "a model of zero-order absorption does not have"));
      }
      if (dose.modelled() && first.emplace(dose.infusion, dose.into).first->second != dose.into) {
        const bool of_rate = dose.infusion == InfusionBy::modelled_rate;
        refuse(
            fmt::format("RATE {} into both compartments, depot and central, where the model has one {}; expected "
                        "the numbers of the infusion for one of them",
                        of_rate ? -1 : -2, of_rate ? "rate" : "duration"));
      }
    }
  }
  problems.throw_if_any<DataError>();
}

double PkModel::median_amount() const {
  std::vector<double> amounts;
  for (const SubjectData& one : data_) {
    for (const pkpd::Dose& dose : trial_.subjects[one.place].doses) {
      if (dose.amount > 0.0) amounts.push_back(dose.amount);
    }
  }
  return amounts.empty() ? 0.0 : core::upper_median(std::move(amounts));
}

void PkModel::expect_no_superposition() const {
  core::Problems problems;
  for (const SubjectData& one : data_) {
    const trial::Subject& subject = trial_.subjects[one.place];
    for (const pkpd::Dose& dose : subject.doses) {
      if (!dose.superposed) continue;
      problems.add(fmt::format("{}: subject {} at {} h", trial_.source, subject.id, dose.time),
                   fmt::format("SS 2 adds a steady state to what is in the body, and under saturable elimination "
                               "(pk.elimination: {}) amounts do not add up; expected SS 1, or the doses before it",
                               pkpd::name(form_.elimination)));
    }
  }
  problems.throw_if_any<DataError>();
}

/// All concentrations of subjects with a dose.
void PkModel::read() {
  core::Problems problems;
  std::vector<std::string> without_dose;
  for (std::size_t place = 0; place < trial_.subjects.size(); ++place) {
    const trial::Subject& subject = trial_.subjects[place];
    SubjectData data;
    data.place = place;
    const bool lacks_occasion = !occasion_.empty() && !subject.covariates.contains(occasion_);
    if (lacks_occasion && !subject.concentrations.empty() && has_dose(subject)) {
      problems.add(fmt::format("{}: subject {}", trial_.source, subject.id),
                   fmt::format("no record has a value of {}, which tells occasions apart (pk.occasions); expected one, "
                               "or the subject left out with data.ignore",
                               occasion_));
    }
    data.occasions = trial::occasions_by(occasion_, subject);
    bool any_censored = false;
    bool any_interval = false;
    for (const trial::Observation& observation : subject.concentrations) {
      const std::string problem = problem_with(observation);
      if (!problem.empty()) {
        problems.add(fmt::format("{}: subject {} at {} h", trial_.source, subject.id, observation.time), problem);
        continue;
      }
      data.times.push_back(observation.time);
      data.values.push_back(shown_value(observation));
      data.records_before.push_back(observation.records_before);
      data.censored.push_back(observation.censored ? 1 : 0);
      data.intervals.push_back(observation.censored ? observation_interval(observation) : Interval{});
      any_censored = any_censored || observation.censored;
      any_interval = any_interval || (observation.censored && std::isfinite(data.intervals.back().lower));
    }
    if (!any_censored) data.censored.clear();
    if (!any_interval) data.intervals.clear();
    if (data.times.empty()) continue;
    if (has_dose(subject)) {
      data_.push_back(std::move(data));
    } else {
      left_out_ += data.times.size();
      without_dose.push_back(subject.id);
    }
  }
  problems.throw_if_any<DataError>();
  if (!without_dose.empty()) {
    remarks_.push_back(fmt::format("{} left out, of subjects without a dose: {}", counted(left_out_, "concentration"),
                                   list(without_dose)));
  }
}

/// With an elimination that no time outlasts, a prediction is 0 only where no dose acts. Whether it is saturable makes
/// no difference to that.
void PkModel::find_zero_predictions(std::size_t subject) {
  constexpr double slow = 1e-6;        // of 1 L: 1/h
  constexpr double short_time = 1e-3;  // h
  SubjectData& data = data_[subject];
  std::vector<double> parameters;
  for (const pkpd::PkParameter which : parameters_) {
    const bool is_lag = which == pkpd::PkParameter::lag;
    const bool is_duration = which == pkpd::PkParameter::input_duration ||
                             which == pkpd::PkParameter::absorption_duration ||
                             which == pkpd::PkParameter::mean_transit_time;
    parameters.push_back(which == pkpd::PkParameter::clearance ? slow : is_lag ? 0.0 : is_duration ? short_time : 1.0);
  }
  pkpd::Individual individual = individual_of(parameters);
  if (saturable()) individual.clearance = slow;
  individual.elimination = pkpd::Elimination::linear;
  const std::vector<double> value =
      pkpd::concentration(individual, trial_subject(subject).doses, data.times, data.records_before);
  for (const double predicted : value) data.always_zero.push_back(predicted == 0.0 ? 1 : 0);
}

void PkModel::leave_out_zero_predictions(ErrorKind error) {
  if (error == ErrorKind::additive) return;
  const auto each = [&](const auto& action) {
    for (std::size_t subject = 0; subject < data_.size(); ++subject) {
      for (std::size_t j = 0; j < data_[subject].times.size(); ++j) {
        if (always_zero(subject, j)) action(data_[subject], j);
      }
    }
  };
  bool any_value = false;
  each([&](const SubjectData& one, std::size_t j) {
    any_value = any_value || (!censored_at(one, j) && one.values[j] != 0.0);
  });
  if (is_combined(error) && any_value) return;
  const auto leaves = [&](const SubjectData& one, std::size_t j) {
    return one.always_zero[j] != 0 && (!describes_zero(error) || !censored_at(one, j));
  };
  std::vector<std::string> places;
  each([&](const SubjectData& one, std::size_t j) {
    if (leaves(one, j))
      places.push_back(fmt::format("subject {} at {} h", trial_.subjects[one.place].id, one.times[j]));
  });
  if (places.empty()) return;
  left_out_ += places.size();
  remarks_.push_back(
      !describes_zero(error)
          ? fmt::format("{} left out, where no dose acts yet, the prediction is exactly 0 and a {} error has no "
                        "variance (a combined or additive error would use them): {}",
                        counted(places.size(), "concentration"), error_words(error), list(places))
          : fmt::format("{} of exactly 0 left out, where no dose acts yet and the prediction is exactly 0 (an additive "
                        "error alone would use them): {}",
                        counted(places.size(), "concentration"), list(places)));
  for (SubjectData& one : data_) {
    SubjectData rest;
    rest.place = one.place;
    rest.occasions = one.occasions;
    for (std::size_t j = 0; j < one.times.size(); ++j) {
      if (leaves(one, j)) continue;
      rest.times.push_back(one.times[j]);
      rest.values.push_back(one.values[j]);
      rest.records_before.push_back(one.records_before[j]);
      if (!one.censored.empty()) rest.censored.push_back(one.censored[j]);
      if (!one.intervals.empty()) rest.intervals.push_back(one.intervals[j]);
      rest.always_zero.push_back(one.always_zero[j]);
    }
    one = std::move(rest);
  }
  std::erase_if(data_, [](const SubjectData& one) { return one.times.empty(); });
}

const trial::Subject& PkModel::trial_subject(std::size_t subject) const {
  return trial_.subjects[data_[subject].place];
}

const pkpd::Covariates& PkModel::covariates(std::size_t subject) const { return trial_subject(subject).covariates; }

pkpd::Individual PkModel::individual_of(std::span<const double> parameters) const {
  pkpd::Individual individual;
  individual.structure = structure_;
  individual.concentration_scale = concentration_scale_;
  individual.absorption = form_.absorption;
  individual.elimination = form_.elimination;
  for (std::size_t p = 0; p < parameters_.size(); ++p) pkpd::parameter(individual, parameters_[p]) = parameters[p];
  return individual;
}

void PkModel::predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                      std::span<double> gradient) const {
  const pkpd::Individual individual = individual_of(parameters);
  std::vector<double> whole(value.size() * pkpd::pk_parameter_count);
  pkpd::concentration_and_gradient(individual, trial_subject(subject).doses, data_[subject].times, value, whole,
                                   data_[subject].records_before, parameters_);
  for (std::size_t j = 0; j < value.size(); ++j) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      gradient[j * parameters_.size() + p] =
          whole[j * pkpd::pk_parameter_count + static_cast<std::size_t>(parameters_[p])];
    }
  }
}

void PkModel::predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                               std::span<double> gradient) const {
  const std::vector<trial::CovariateChange>& changes = trial_subject(subject).changes;
  if (form_.absorption.kind == pkpd::AbsorptionKind::transit) {
    throw DataError(
        fmt::format("{}: subject {} has covariates that change in time and that the model depends on; transit "
                    "compartments do not follow them: expected another pk.absorption, or pk.covariates without these",
                    trial_.source, trial_subject(subject).id));
  }
  pkpd::VaryingIndividual varying;
  for (std::size_t segment = 0; segment <= changes.size(); ++segment) {
    const pkpd::Individual individual = individual_of(parameters.subspan(segment * parameters_.size()));
    if (segment == 0) varying.first = individual;
    if (segment > 0) varying.changes.push_back({changes[segment - 1].time, individual});
  }
  const std::size_t segments = varying.segments();
  std::vector<double> whole(value.size() * segments * pkpd::pk_parameter_count);
  pkpd::concentration_and_gradient(varying, trial_subject(subject).doses, data_[subject].times, value, whole,
                                   data_[subject].records_before, parameters_);
  for (std::size_t row = 0; row < value.size() * segments; ++row) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      gradient[row * parameters_.size() + p] =
          whole[row * pkpd::pk_parameter_count + static_cast<std::size_t>(parameters_[p])];
    }
  }
}

std::vector<std::size_t> PkModel::observations_by_occasion(std::size_t subject) const {
  const SubjectData& data = data_[subject];
  const std::vector<trial::CovariateChange>& changes = trial_subject(subject).changes;
  std::vector<std::size_t> counts(1 + *std::max_element(data.occasions.begin(), data.occasions.end()), 0);
  for (const double time : data.times) {
    const auto after = std::upper_bound(changes.begin(), changes.end(), time,
                                        [](double t, const trial::CovariateChange& change) { return t < change.time; });
    ++counts[data.occasions[static_cast<std::size_t>(after - changes.begin())]];
  }
  return counts;
}

std::string PkModel::describe(std::size_t subject, std::size_t observation) const {
  return fmt::format("{}: subject {} at {} h", trial_.source, trial_subject(subject).id,
                     data_[subject].times[observation]);
}

std::vector<std::size_t> PkModel::places() const {
  std::vector<std::size_t> places;
  for (const SubjectData& one : data_) places.push_back(one.place);
  return places;
}

void PkModel::expect_positive_values(ErrorKind error) const {
  core::Problems problems;
  for (std::size_t subject = 0; subject < data_.size(); ++subject) {
    for (std::size_t j = 0; j < data_[subject].times.size(); ++j) {
      if (data_[subject].values[j] > 0.0) continue;
      problems.add(describe(subject, j),
                   fmt::format("the concentration is {}, which a {} error gives to none; use a combined or "
                               "additive error, mark it as censored (CENS = 1), or leave it out (MDV = 1)",
                               data_[subject].values[j], error_words(error)));
    }
  }
  problems.throw_if_any<DataError>();
}

}  // namespace titrant::nlme
