#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/protocol/covariate.hpp"

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
  pkpd::Covariates covariates;              ///< by name, at the first record
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
  std::vector<protocol::CovariateSpec> covariates;  ///< those that subjects may have
  std::vector<std::string> remarks;                 ///< what was left out or assumed in reading, a sentence each
};

}  // namespace titrant::trial
