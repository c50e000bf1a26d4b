#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::trial {

/// One measured value.
struct Observation {
  double time = 0.0;      ///< h
  double value = 0.0;     ///< ng/mL
  bool censored = false;  ///< CENS = 1: below `limit`
  double limit = 0.0;     ///< lower limit of quantification (LLOQ), ng/mL; 0 where the file gives none
};

/// One person of a trial.
struct Subject {
  std::string id;                           ///< as the file writes it
  pkpd::Covariates covariates;              ///< by name: body_weight, comed, ...
  double dose = 0.0;                        ///< mg: the largest dose given; 0 for placebo
  std::vector<pkpd::Dose> doses;            ///< in order of time
  std::vector<Observation> concentrations;  ///< in order of time
  std::vector<Observation> biomarkers;      ///< in order of time

  bool active() const { return dose > 0.0; }
};

/// A trial: its subjects in the order of the file.
struct Trial {
  std::string source;  ///< file name, or "synthetic"
  std::vector<Subject> subjects;
};

/// When a person counts as a success: all measured biomarker values with window_from <= time <= window_to are below the
/// threshold (proposal, section 3.2). A value at the threshold is not below it. A censored value is below its limit of
/// quantification (or the value recorded for it, where that is larger), so it passes where that is at most the
/// threshold; what cannot be known to be below does not pass.
struct ResponseRule {
  double threshold = 3.3;      ///< ng/mL
  double window_from = 480.0;  ///< h
  double window_to = 504.0;    ///< h
};

/// The label of a subject; none where the window holds no biomarker value.
std::optional<bool> responder(const Subject& subject, const ResponseRule& rule);

/// Observed successes in one stratum.
struct PassRate {
  double dose = 0.0;         ///< mg
  std::optional<int> comed;  ///< where stratified by it
  int successes = 0;
  int count = 0;  ///< subjects with a label
};

/// Observed pass rates by Subject::dose, ascending, placebo (dose 0) included; and by dose and the covariate comed,
/// empty where no subject has that covariate (proposal, tables 1 and 2). A group none of whose subjects has a label has
/// count 0.
std::vector<PassRate> pass_rates_by_dose(const Trial& trial, const ResponseRule& rule);
std::vector<PassRate> pass_rates_by_dose_and_comed(const Trial& trial, const ResponseRule& rule);

}  // namespace titrant::trial
