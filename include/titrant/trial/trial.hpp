#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::trial {

/// One measured value.
struct Observation {
  double time = 0.0;      ///< h
  double value = 0.0;     ///< in the units of its kind
  bool censored = false;  ///< known only to lie between `lower` and `upper`
  double limit = 0.0;     ///< lower limit of quantification (LLOQ); 0 where the file gives none
  double lower = -std::numeric_limits<double>::infinity();  ///< of a censored observation
  double upper = std::numeric_limits<double>::infinity();   ///< of a censored observation
  /// How many records of Subject::doses stand before it in the file, which decides between records of its own time;
  /// `after_all`: every record of its time acts first.
  std::size_t records_before = after_all;
  static constexpr std::size_t after_all = std::numeric_limits<std::size_t>::max();
};

/// Covariates from a time on.
struct CovariateChange {
  double time = 0.0;            ///< h
  pkpd::Covariates covariates;  ///< all of them, also those that stay
};

/// One subject of a trial.
struct Subject {
  std::string id;                           ///< as the file writes it
  pkpd::Covariates covariates;              ///< by name: body_weight, comed, ...; at the first record
  std::vector<CovariateChange> changes;     ///< of time-varying covariates, in order of time; empty: they stay
  double dose = 0.0;                        ///< mg: the dose it counts with (see regimen.hpp); 0 for placebo
  std::vector<pkpd::Dose> doses;            ///< in order of time
  std::vector<Observation> concentrations;  ///< in order of time
  std::vector<Observation> biomarkers;      ///< in order of time

  bool active() const { return dose > 0.0; }
};

/// Units of a trial's numbers. Times are kept in h and volumes in L whatever the file has; amounts and concentrations
/// stay as they are.
struct Units {
  std::string amount = "mg";            ///< g, mg, ug or ng
  std::string concentration = "ng/mL";  ///< mass by volume
  std::string biomarker = "ng/mL";      ///< any text: it is only shown

  /// Concentration of one unit of amount in one litre, in units of concentration: 1,000 for mg and ng/mL. Throws
  /// ConfigError for units that it does not know.
  double concentration_of_amount_per_litre() const;
};

/// A trial: its subjects in the order of the file.
struct Trial {
  std::string source;  ///< file name, or "synthetic"
  std::vector<Subject> subjects;
  Units units;
  std::vector<std::string> remarks;  ///< what was left out or assumed in reading, a sentence each
};

/// When a person counts as a success: all measured biomarker values with window_from <= time <= window_to are below the
/// threshold (proposal, section 3.2). A value at the threshold is not below it. A censored value is below the upper end
/// of its interval (its limit of quantification, or the value recorded for it where that is larger; none for a value
/// above a limit), so it passes where that is at most the threshold; what cannot be known to be below does not pass.
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
