#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "titrant/nlme/estimate.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// The residual error models of the configuration.
enum class ErrorKind { additive, proportional, combined };

/// Which structure to fit: one of them, or both and the better by BIC.
enum class StructureChoice { one_compartment, two_compartment, automatic };

/// What to fit: the `pk` section of the configuration.
struct PkOptions {
  StructureChoice structure = StructureChoice::automatic;
  bool lag = false;  ///< estimate an absorption lag time
  ErrorKind error = ErrorKind::combined;
  std::vector<std::string> variability = {"absorption_rate", "clearance", "volume"};  ///< parameters with an eta
  /// parameter -> covariate -> exponent of a power effect, reference 70 kg for body_weight
  std::map<std::string, std::map<std::string, double>> covariates = {
      {"clearance", {{"body_weight", 0.75}}},
      {"volume", {{"body_weight", 1.0}}},
      {"intercompartmental_clearance", {{"body_weight", 0.75}}},
      {"peripheral_volume", {{"body_weight", 1.0}}}};
  std::map<std::string, double>
      fixed;                ///< parameter (or omega.NAME, error.additive, error.proportional) -> value, not estimated
  int starts = 3;           ///< starts of the optimiser from data-driven initial values
  int iterations = 500;     ///< most evaluations of the objective in one start
  double tolerance = 1e-6;  ///< relative change of the objective at which the optimiser stops
};

/// The result of a population fit by FOCEI.
struct PopulationFit {
  pkpd::PopulationModel model;            ///< at the estimates
  std::vector<Estimate> estimates;        ///< typical values, omegas, residual error
  std::vector<std::string> eta_names;     ///< parameters with variability, in the order of the etas
  std::vector<std::vector<double>> etas;  ///< [subject][eta], empirical Bayes estimates; subjects that entered the fit
  std::vector<std::size_t> subjects;      ///< their places in the trial
  std::vector<double> shrinkage;          ///< [eta], 1 - sd(eta) / omega
  double objective = 0.0;                 ///< NONMEM's: -2 log L without n log(2 pi)
  double minus_two_log_likelihood = 0.0;
  double aic = 0.0;  ///< minus_two_log_likelihood + 2 estimated
  double bic = 0.0;  ///< minus_two_log_likelihood + estimated log(observations)
  std::size_t observations = 0;
  std::size_t estimated = 0;  ///< number of estimated parameters
  bool converged = false;
  std::string message;                   ///< how the optimisation ended, in words
  std::string standard_error_method;     ///< "sandwich", "hessian" or why there are none
  std::vector<double> covariance;        ///< [estimated][estimated] on the optimiser's (log) scale
  std::vector<double> start_objectives;  ///< final objective of each start
};

/// All candidates that were fitted, and the one that is used.
struct PkFit {
  PopulationFit best;
  std::vector<PopulationFit> candidates;
  std::string reason;  ///< why `best` was chosen, in words
};

/// Fits the concentrations of a trial by FOCEI; subjects are spread over the ranks. Subjects without concentrations do
/// not enter. Throws DataError where no subject has any, ConfigError for a parameter name that the model does not have,
/// NumericalError where no start ends in a finite objective.
PkFit fit_pk(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
             std::uint64_t seed);

}  // namespace titrant::nlme
