#include <algorithm>
#include <set>

#include "titrant/core/constants.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/trial/summary.hpp"

namespace titrant::trial {

namespace {

using core::infinity;

int number_of(const auto& range) { return static_cast<int>(range.size()); }

/// The shortest and the longest time between two doses of a subject.
struct Intervals {
  double shortest = infinity;
  double longest = 0.0;

  void add(double interval) {
    shortest = std::min(shortest, interval);
    longest = std::max(longest, interval);
  }
};

/// Doses at the same time are one administration, and resets are none.
void add_doses(DoseGroup& group, Intervals& intervals, const Subject& subject) {
  int count = 0;
  double last = -infinity;
  for (const pkpd::Dose& dose : subject.doses) {
    if (!dose.gives_drug()) continue;
    count += 1 + dose.additional;
    if (dose.time > last && last > -infinity) intervals.add(dose.time - last);
    if (dose.additional > 0 || dose.steady_state) intervals.add(dose.interval);
    last = dose.time + dose.additional * dose.interval;
  }
  group.fewest_doses = group.subjects == 0 ? count : std::min(group.fewest_doses, count);
  group.most_doses = std::max(group.most_doses, count);
}

std::vector<DoseGroup> dose_groups(const Trial& trial) {
  std::map<double, std::pair<DoseGroup, Intervals>> groups;
  for (const Subject& subject : trial.subjects) {
    auto& [group, intervals] = groups[subject.dose];
    group.dose = subject.dose;
    add_doses(group, intervals, subject);
    ++group.subjects;
    group.concentrations += number_of(subject.concentrations);
    group.biomarkers += number_of(subject.biomarkers);
  }
  std::vector<DoseGroup> result;
  for (auto& [of_dose, entry] : groups) {
    auto& [group, intervals] = entry;
    if (intervals.longest > 0.0) {
      group.shortest_interval = intervals.shortest;
      group.longest_interval = intervals.longest;
    }
    result.push_back(group);
  }
  return result;
}

ObservationSummary observation_summary(const Trial& trial, std::vector<Observation> Subject::*kind) {
  ObservationSummary result;
  std::vector<double> values;
  result.first = infinity;
  result.last = -infinity;
  for (const Subject& subject : trial.subjects) {
    if (!(subject.*kind).empty()) ++result.subjects;
    for (const Observation& one : subject.*kind) {
      values.push_back(one.value);
      if (one.censored) ++result.censored;
      result.first = std::min(result.first, one.time);
      result.last = std::max(result.last, one.time);
    }
  }
  if (values.empty()) return {};
  result.count = number_of(values);
  const auto [minimum, maximum] = std::minmax_element(values.begin(), values.end());
  result.minimum = *minimum;
  result.maximum = *maximum;
  result.median = core::median(values);
  return result;
}

std::vector<CovariateSummary> covariate_summaries(const Trial& trial) {
  std::map<std::string, std::vector<double>> values;
  for (const Subject& subject : trial.subjects) {
    for (const auto& [name, value] : subject.covariates) values[name].push_back(value);
  }
  std::vector<CovariateSummary> result;
  for (const auto& [name, all] : values) {
    CovariateSummary one;
    one.name = name;
    one.subjects = number_of(all);
    const auto [minimum, maximum] = std::minmax_element(all.begin(), all.end());
    one.minimum = *minimum;
    one.maximum = *maximum;
    one.mean = core::ordered_mean(all);
    for (const protocol::CovariateSpec& spec : trial.covariates) {
      if (spec.name != name) continue;
      for (const auto& [code, level] : spec.levels) one.names[*spec.value_of(level)] = level;
    }
    if (std::set<double>(all.begin(), all.end()).size() <= CovariateSummary::most_levels) {
      for (const double value : all) ++one.levels[value];
    }
    result.push_back(one);
  }
  return result;
}

/// First and last time of anything that happens to a subject, additional doses included.
void add_times(TrialSummary& summary, const Subject& subject) {
  const auto add = [&summary](double first, double last) {
    summary.first_time = std::min(summary.first_time, first);
    summary.last_time = std::max(summary.last_time, last);
  };
  for (const pkpd::Dose& dose : subject.doses) add(dose.time, dose.time + dose.additional * dose.interval);
  for (const Observation& one : subject.concentrations) add(one.time, one.time);
  for (const Observation& one : subject.biomarkers) add(one.time, one.time);
}

}  // namespace

namespace {

OutcomeSummary outcome_summary(const Trial& trial, const protocol::Endpoint& endpoint,
                               const std::vector<CovariateSummary>& covariates) {
  OutcomeSummary result;
  result.endpoint = endpoint.name;
  result.description = protocol::describe(endpoint, trial.units.biomarker, trial.units.concentration);
  for (const Subject& subject : trial.subjects) result.without += outcome(subject, endpoint) ? 0 : 1;
  result.by_dose = attainment_by_dose(trial, endpoint);
  for (const CovariateSummary& one : covariates) {
    if (one.levels.size() < 2) continue;
    result.by_covariate.emplace_back(one.name, attainment_by_dose_and(one.name, trial, endpoint));
  }
  return result;
}

}  // namespace

TrialSummary summarise(const Trial& trial, const std::vector<protocol::Endpoint>& endpoints) {
  TrialSummary summary;
  summary.source = trial.source;
  summary.units = trial.units;
  summary.remarks = trial.remarks;
  summary.first_time = trial.subjects.empty() ? 0.0 : infinity;
  for (const Subject& subject : trial.subjects) {
    ++summary.subjects;
    ++(subject.active() ? summary.active : summary.placebo);
    add_times(summary, subject);
  }
  summary.groups = dose_groups(trial);
  summary.concentrations = observation_summary(trial, &Subject::concentrations);
  summary.biomarkers = observation_summary(trial, &Subject::biomarkers);
  summary.covariates = covariate_summaries(trial);
  for (const protocol::Endpoint& endpoint : endpoints) {
    if (endpoint.labels_trial()) summary.outcomes.push_back(outcome_summary(trial, endpoint, summary.covariates));
  }
  return summary;
}

}  // namespace titrant::trial
