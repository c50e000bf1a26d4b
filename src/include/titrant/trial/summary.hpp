#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "titrant/trial/outcome.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// The subjects of one dose.
struct DoseGroup {
  double dose = 0.0;  ///< Subject::dose, in the trial's unit
  int subjects = 0;
  int fewest_doses = 0;  ///< given to one subject, additional ones (ADDL) counted
  int most_doses = 0;
  double shortest_interval = 0.0;  ///< h between two doses of a subject; 0 where nobody has two
  double longest_interval = 0.0;   ///< h
  int concentrations = 0;
  int biomarkers = 0;
};

/// All observations of one kind.
struct ObservationSummary {
  int count = 0;
  int censored = 0;
  int subjects = 0;      ///< with at least one
  double first = 0.0;    ///< h; this and the following are 0 where there are no observations
  double last = 0.0;     ///< h
  double minimum = 0.0;  ///< in the trial's unit, as the following; censored values as recorded
  double median = 0.0;
  double maximum = 0.0;
};

/// One covariate over the subjects that have it.
struct CovariateSummary {
  std::string name;
  int subjects = 0;
  double minimum = 0.0;
  double mean = 0.0;
  double maximum = 0.0;
  std::map<double, std::string> names;  ///< of the levels, where they have names
  std::map<double, int> levels;         ///< subjects per value where there are at most `most_levels`; else empty
  static constexpr std::size_t most_levels = 5;
};

/// Successes of one endpoint.
struct OutcomeSummary {
  std::string endpoint;     ///< its name
  std::string description;  ///< protocol::describe
  int without = 0;          ///< subjects without a value in its hours
  std::vector<ObservedAttainment> by_dose;
  /// by dose and covariate, for covariates of at most CovariateSummary::most_levels values
  std::vector<std::pair<std::string, std::vector<ObservedAttainment>>> by_covariate;
};

/// What a trial holds, for whoever checks whether it was read as meant.
struct TrialSummary {
  std::string source;
  Units units;
  std::vector<std::string> remarks;  ///< Trial::remarks
  int subjects = 0;
  int active = 0;                 ///< with a dose above 0
  int placebo = 0;                ///< the others
  double first_time = 0.0;        ///< h, of doses and observations
  double last_time = 0.0;         ///< h
  std::vector<DoseGroup> groups;  ///< ascending
  ObservationSummary concentrations;
  ObservationSummary biomarkers;
  std::vector<CovariateSummary> covariates;  ///< by name
  std::vector<OutcomeSummary> outcomes;      ///< of the endpoints that label trial subjects
};

TrialSummary summarise(const Trial& trial, const std::vector<protocol::Endpoint>& endpoints);

/// The summary as plain text, in tables of at most 100 columns, ending with a line end: what `titrant check` prints.
std::string describe(const TrialSummary& summary);

}  // namespace titrant::trial
