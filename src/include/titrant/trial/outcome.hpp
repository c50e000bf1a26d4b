#pragma once

#include <optional>
#include <string>
#include <vector>

#include "titrant/protocol/endpoint.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// Whether a subject met an endpoint that labels trial subjects (Endpoint::labels_trial): all values measured in its
/// hours of the trial's clock, ends included, are below and above its limits. A value at a limit is neither. A censored
/// value is below the upper end of its interval (its limit of quantification, or the value recorded for it where that
/// is larger; none for a value above a limit), and above the lower end; what cannot be known to be within the limits is
/// not. None where the hours hold no value.
std::optional<bool> outcome(const Subject& subject, const protocol::Endpoint& endpoint);

/// Observed successes in one stratum.
struct ObservedAttainment {
  double dose = 0.0;            ///< Subject::dose
  std::optional<double> level;  ///< of the covariate, where stratified by one; none: it is not known
  int successes = 0;
  int count = 0;  ///< subjects with an outcome
};

/// Observed successes by Subject::dose, ascending, placebo (dose 0) included; and by dose and the value of a covariate.
/// A stratum none of whose subjects has an outcome has count 0.
std::vector<ObservedAttainment> attainment_by_dose(const Trial& trial, const protocol::Endpoint& endpoint);
std::vector<ObservedAttainment> attainment_by_dose_and(const std::string& covariate, const Trial& trial,
                                                       const protocol::Endpoint& endpoint);

}  // namespace titrant::trial
