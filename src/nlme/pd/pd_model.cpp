#include "titrant/nlme/pd_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "observation_interval.hpp"
#include "titrant/core/error.hpp"
#include "titrant/trial/individual.hpp"

namespace titrant::nlme {

BiomarkerValues biomarker_values(const trial::Trial& trial, const trial::Subject& subject) {
  BiomarkerValues result;
  bool any_censored = false;
  bool any_interval = false;
  for (const trial::Observation& observation : subject.biomarkers) {
    const double value = shown_value(observation);
    const auto refuse = [&](const std::string& why) {
      throw DataError(fmt::format("{}: subject {} at {} h: {}", trial.source, subject.id, observation.time, why));
    };
    if (!std::isfinite(observation.time) || !std::isfinite(value)) {
      refuse(fmt::format("the biomarker is {}: time and value must be finite", value));
    }
    const std::string problem = problem_with_interval(observation, "biomarker");
    if (!problem.empty()) refuse(problem);
    result.times.push_back(observation.time);
    result.values.push_back(value);
    result.records_before.push_back(observation.records_before);
    result.censored.push_back(observation.censored ? 1 : 0);
    result.intervals.push_back(observation.censored ? observation_interval(observation) : Interval{});
    any_censored = any_censored || observation.censored;
    any_interval = any_interval || (observation.censored && std::isfinite(result.intervals.back().lower));
  }
  if (!any_censored) result.censored.clear();
  if (!any_interval) result.intervals.clear();
  return result;
}

pkpd::Covariates with_baseline(const trial::Subject& subject) {
  pkpd::Covariates covariates = subject.covariates;
  constexpr double never = -std::numeric_limits<double>::infinity();
  double first_dose = -never;
  for (const pkpd::Dose& dose : subject.doses) {
    // Nothing is before a constant infusion.
    if (dose.gives_drug()) first_dose = std::min(first_dose, dose.constant_infusion() ? never : dose.time);
  }
  double sum = 0.0;
  double count = 0.0;
  for (const trial::Observation& observation : subject.biomarkers) {
    const bool before = first_dose == -never ? count == 0.0 : observation.time <= first_dose;
    if (!before) continue;
    sum += shown_value(observation);
    count += 1.0;
  }
  if (count > 0.0) covariates[baseline_covariate] = sum / count;
  return covariates;
}

double shortest_interval(const trial::Trial& trial) {
  double shortest = std::numeric_limits<double>::infinity();
  for (const trial::Subject& subject : trial.subjects) {
    for (std::size_t j = 1; j < subject.biomarkers.size(); ++j) {
      const double interval = subject.biomarkers[j].time - subject.biomarkers[j - 1].time;
      if (interval > 0.0) shortest = std::min(shortest, interval);
    }
  }
  return shortest;
}

void expect_slow(const pkpd::Biomarker& biomarker, double interval) {
  constexpr double most_decay = 10.0;
  constexpr double steepest = 20.0;  // beyond it a Hill curve is a step, whose ic50 no data tell from its neighbours
  if (!(biomarker.hill <= steepest)) {
    throw NumericalError(fmt::format("a hill of {} is steeper than data can tell", biomarker.hill));
  }
  double rate = 0.0;
  for (const pkpd::BiomarkerParameter which : pkpd::parameters_of(biomarker.structure)) {
    using enum pkpd::BiomarkerParameter;
    if (which == kout || which == ke0 || which == ktol || which == kp) {
      rate = std::max(rate, pkpd::parameter(biomarker, which));
    }
  }
  if (biomarker.structure == pkpd::BiomarkerStructure::turnover_stimulation_of_loss) rate *= 1.0 + biomarker.imax;
  if (!(rate <= most_decay / interval) && std::isfinite(interval)) {
    throw NumericalError(
        fmt::format("a biomarker with a rate of {} 1/h is too fast for samples {} h apart", rate, interval));
  }
}

std::vector<double> etas_of(const FitSummary& fit, std::size_t place) {
  const auto found = std::find(fit.subjects.begin(), fit.subjects.end(), place);
  if (found == fit.subjects.end()) return std::vector<double>(fit.eta_names.size(), 0.0);
  return fit.etas[static_cast<std::size_t>(found - fit.subjects.begin())];
}

PdModel::PdModel(const trial::Trial& trial, const PopulationFit& pk, pkpd::BiomarkerStructure structure,
                 pkpd::BaselineModel baseline, bool binary)
    : trial_(trial),
      structure_(structure),
      baseline_(baseline),
      binary_(binary),
      parameters_(pkpd::parameters_of(structure, baseline)),
      shortest_interval_(shortest_interval(trial)) {
  auto all = std::make_shared<std::vector<SubjectData>>();
  for (std::size_t place = 0; place < trial.subjects.size(); ++place) {
    const trial::Subject& subject = trial.subjects[place];
    BiomarkerValues values = biomarker_values(trial, subject);
    if (values.times.empty()) continue;
    const bool own = std::find(pk.subjects.begin(), pk.subjects.end(), place) != pk.subjects.end();
    if (!own && subject.active()) typical_exposure_.push_back(subject.id);
    const pkpd::VaryingIndividual individual = trial::varying_individual(pk.model, subject, etas_of(pk, place));
    pkpd::BiomarkerCourse course(individual, subject.doses, values.times, values.records_before);
    all->push_back({place, with_baseline(subject), std::move(values.times), std::move(values.values),
                    std::move(values.censored), std::move(values.intervals), std::move(course)});
  }
  if (all->empty()) {
    throw DataError(
        fmt::format("{}: no subject has a biomarker value: nothing to fit a biomarker model to; see "
                    "data.biomarker_dvid, or set pd.structure to none",
                    trial.source));
  }
  data_ = std::move(all);
}

PdModel::PdModel(const PdModel& other, pkpd::BiomarkerStructure structure, pkpd::BaselineModel baseline)
    : trial_(other.trial_),
      structure_(structure),
      baseline_(baseline),
      binary_(other.binary_),
      parameters_(pkpd::parameters_of(structure, baseline)),
      data_(other.data_),
      shortest_interval_(other.shortest_interval_),
      typical_exposure_(other.typical_exposure_) {}

void PdModel::predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                      std::span<double> gradient) const {
  pkpd::Biomarker biomarker;
  biomarker.structure = structure_;
  biomarker.baseline_model = baseline_;
  biomarker.binary = binary_;
  for (std::size_t p = 0; p < parameters_.size(); ++p) pkpd::parameter(biomarker, parameters_[p]) = parameters[p];
  expect_slow(biomarker, shortest_interval_);
  std::vector<double> whole(value.size() * pkpd::biomarker_parameter_count);
  (*data_)[subject].course.predict(biomarker, value, whole);
  for (std::size_t j = 0; j < value.size(); ++j) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      gradient[j * parameters_.size() + p] =
          whole[j * pkpd::biomarker_parameter_count + static_cast<std::size_t>(parameters_[p])];
    }
  }
}

std::span<const double> PdModel::concentrations(std::size_t subject) const {
  return (*data_)[subject].course.concentrations();
}

std::string PdModel::describe(std::size_t subject, std::size_t observation) const {
  return fmt::format("{}: biomarker of subject {} at {} h", trial_.source, trial_subject(subject).id,
                     times(subject)[observation]);
}

std::vector<std::size_t> PdModel::places() const {
  std::vector<std::size_t> places;
  for (const SubjectData& one : *data_) places.push_back(one.place);
  return places;
}

}  // namespace titrant::nlme
