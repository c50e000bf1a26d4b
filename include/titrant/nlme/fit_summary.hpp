#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/nlme/estimate.hpp"

namespace titrant::nlme {

/// The result of a population fit, whatever its structural model: the estimation, and what it means for the trial. Its
/// etas, [subject][eta], are those of the subjects that entered.
struct FitSummary : Estimation {
  std::string description;             ///< what was fitted, in a word: names a candidate in tables and in the store
  std::string method;                  ///< "FOCEI", "SAEM", "FO, then FOCEI", ...
  std::vector<std::string> eta_names;  ///< parameters that vary between subjects, in the order of the etas
  std::vector<std::string> error_eta_names;  ///< residual errors that vary between subjects: "error", "error.biomarker"
  std::vector<std::string> occasion_eta_names;  ///< parameters that vary between occasions, in the order of their etas
  std::vector<std::size_t> subjects;            ///< places in the trial of the subjects that entered
  double minus_two_log_likelihood = 0.0;  ///< the objective (NONMEM's) + log(2 pi) for each uncensored observation
  double aic = 0.0;                       ///< minus_two_log_likelihood + 2 estimated
  double bic = 0.0;                       ///< minus_two_log_likelihood + estimated log(observations)
  std::size_t left_out = 0;               ///< observations of the trial that the likelihood does not hold
  std::vector<std::string> remarks;       ///< which were left out and what was assumed, a sentence each
};

/// Sets what names the random effects from the population.
void name_etas(FitSummary& fit);

/// The summary of an estimation. `places` are those of its subjects in the trial.
FitSummary summarise(Estimation estimation, std::span<const std::size_t> places);

}  // namespace titrant::nlme
