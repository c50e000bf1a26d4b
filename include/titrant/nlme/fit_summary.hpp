#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/nlme/estimate.hpp"

namespace titrant::nlme {

/// The result of a population fit, whatever its structural model.
struct FitSummary {
  std::string description;                ///< what was fitted, in a word: names a candidate in tables and in the store
  std::string method;                     ///< "FOCEI"
  Population population;                  ///< at the estimates
  std::vector<Estimate> estimates;        ///< typical values, omegas, residual error
  std::vector<std::string> eta_names;     ///< parameters with variability, in the order of the etas
  std::vector<std::vector<double>> etas;  ///< [subject][eta], empirical Bayes estimates; subjects that entered the fit
  std::vector<std::size_t> subjects;      ///< their places in the trial
  std::vector<double> shrinkage;          ///< [eta], 1 - sd(eta) / omega
  double objective = 0.0;                 ///< NONMEM's: -2 log L without log(2 pi) for each uncensored observation
  double minus_two_log_likelihood = 0.0;
  double aic = 0.0;                  ///< minus_two_log_likelihood + 2 estimated
  double bic = 0.0;                  ///< minus_two_log_likelihood + estimated log(observations)
  std::size_t observations = 0;      ///< censored ones included
  std::size_t censored = 0;          ///< observations below their limit of quantification, in the likelihood by M3
  std::size_t left_out = 0;          ///< observations of the trial that the likelihood does not hold
  std::vector<std::string> remarks;  ///< which were left out and what was assumed, a sentence each
  std::size_t estimated = 0;         ///< number of estimated parameters
  bool converged = false;
  bool identified = false;               ///< whether the data determine every estimated number
  std::vector<std::string> verdict;      ///< what is wrong with the fit, a line each; empty: it is well determined
  std::string message;                   ///< how the optimisation ended, in words
  std::string standard_error_method;     ///< "sandwich", "hessian", "outer product" or why there are none
  double condition_number = 0.0;         ///< of the correlation matrix of the estimates; NaN where there is none
  std::vector<double> x;                 ///< [estimated], the optimum on the optimiser's scale (see Layout)
  std::vector<double> covariance;        ///< [estimated][estimated] there; 0 for coordinates held at a bound
  std::vector<double> start_objectives;  ///< final objective of each start
};

/// The summary of an estimation. `places` are those of its subjects in the trial.
FitSummary summarise(const Estimation& estimation, std::span<const std::size_t> places);

}  // namespace titrant::nlme
