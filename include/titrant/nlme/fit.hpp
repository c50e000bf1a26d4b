#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "titrant/nlme/covariate_setting.hpp"
#include "titrant/nlme/error_kind.hpp"
#include "titrant/nlme/fit_summary.hpp"
#include "titrant/nlme/method.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// Which structure to fit: one of them, or one and two compartments and the better by BIC.
enum class StructureChoice { one_compartment, two_compartment, three_compartment, automatic };

/// The choice of one structure, and back: of `automatic` the first that is tried.
StructureChoice choice_of(pkpd::Structure structure);
pkpd::Structure structure_of(StructureChoice choice);

/// What becomes of absorption that is slower than elimination, "flip-flop" (Gibaldi and Perrier 1982, Pharmacokinetics,
/// p. 34): after oral doses alone, exchanged rates predict the same typical concentrations.
enum class FlipFlop {
  allow,  ///< the fit is there only where the objective is lower by more than 10 points; both are named
  refuse  ///< typical absorption is kept at least as fast as the terminal rate of disposition
};

/// How absorbed doses reach the central compartment. `automatic`: as first-order absorption where any dose is absorbed.
enum class AbsorptionChoice { automatic, first_order, zero_order, transit, none };

/// A stepwise search for covariate effects on PK parameters: forward, then backward, by likelihood-ratio tests with one
/// degree of freedom. It starts from PkOptions::covariates, which it keeps.
struct PkSearchOptions {
  std::vector<std::string> covariates;  ///< candidates; empty: no search
  std::vector<std::string> parameters;  ///< that may depend on them; empty: those that vary between subjects
  double forward = 0.05;                ///< an effect enters below this p
  double backward = 0.01;               ///< and leaves again above this one
};

/// What to fit: the `pk` section of the configuration.
struct PkOptions {
  StructureChoice structure = StructureChoice::automatic;
  AbsorptionChoice absorption = AbsorptionChoice::automatic;
  int transit_compartments = 3;  ///< >= 1, where absorption is `transit`
  pkpd::Elimination elimination = pkpd::Elimination::linear;
  bool lag = false;              ///< estimate an absorption lag time
  bool bioavailability = false;  ///< estimate the share of absorbed doses that enters, or hold it at a value of `fixed`
  ErrorKind error = ErrorKind::combined;
  /// parameters with an eta; as it is here, it stands for absorption_duration and, where there is no clearance,
  /// maximum_elimination_rate as well
  std::vector<std::string> variability = {"absorption_rate", "clearance", "volume"};
  std::vector<std::vector<std::string>> blocks;  ///< parameters whose etas are correlated, two at least in each
  std::string occasion;  ///< the covariate whose values tell occasions apart; empty: each subject has one
  std::vector<std::string> occasion_variability;  ///< parameters with an eta for each occasion
  /// parameter -> covariate -> fixed exponent of a power effect, or the kind of an effect to estimate. References: 70
  /// kg for weight, else the median, of a categorical effect the smallest value.
  std::map<std::string, std::map<std::string, CovariateSetting>> covariates = {
      {"clearance", {{"weight", 0.75}}},
      {"volume", {{"weight", 1.0}}},
      {"intercompartmental_clearance", {{"weight", 0.75}}},
      {"peripheral_volume", {{"weight", 1.0}}},
      {"second_intercompartmental_clearance", {{"weight", 0.75}}},
      {"second_peripheral_volume", {{"weight", 1.0}}},
      {"maximum_elimination_rate", {{"weight", 0.75}}}};
  PkSearchOptions search;
  CovariateMeaning meaning;  ///< of the covariates
  /// parameter (or NAME.COVARIATE, omega.NAME, correlation.NAME.NAME, occasion_omega.NAME, error.additive,
  /// error.proportional) -> value, not estimated; correlations of all pairs of a block or of none
  std::map<std::string, double> fixed;
  /// the same names -> initial value, in place of the one taken from the data
  std::map<std::string, double> initial;
  FlipFlop flip_flop = FlipFlop::allow;
  /// further fits of the chosen structure, reported as candidates: body weight on clearances and volumes with exponents
  /// 0.75 and 1 ("fixed"), without ("none"), with exponents of their own ("estimated")
  std::vector<std::string> allometry;
  /// hold the fit against those of models nested in it and against the other side of a flip-flop, and start again from
  /// a lower one; false for refits that start where such a fit ended
  bool compare_nested = true;
  CovarianceKind covariance = CovarianceKind::automatic;
  std::vector<MethodKind> methods = {MethodKind::focei};  ///< see check_methods
  bool importance_check = false;                          ///< see EstimationOptions
  bool resampling = false;                                ///< likewise
  int starts = 3;                                         ///< starts of the optimiser from data-driven initial values
  int iterations = 500;                                   ///< most evaluations of the objective in one start
  double tolerance = 1e-6;  ///< relative change of the objective at which the optimiser stops
};

/// The result of a PK fit.
struct PopulationFit : FitSummary {
  pkpd::PopulationModel model;  ///< at the estimates
};

/// A model that the covariate search has tried.
struct PkCandidate {
  std::string description;  ///< "one_compartment; comed on clearance; weight on volume (1)"
  std::string step;         ///< start, forward, backward, final
  double objective = 0.0;   ///< infinite where it could not be fitted
  double aic = 0.0;
  double bic = 0.0;
  std::size_t estimated = 0;
  bool converged = false;
};

/// All candidates that were fitted, and the one that is used: structures, comparisons of allometry, then what the
/// covariate search has found.
struct PkFit {
  PopulationFit best;
  std::vector<PopulationFit> candidates;
  std::vector<PkCandidate> search;  ///< in the order they were tried; empty where none was asked for
  std::string reason;               ///< why `best` was chosen, in words
};

/// `options` for refits of a model that a covariate search has found: its effects, and no search; as they are where
/// none was asked for.
PkOptions with_effects_of(PkOptions options, const PopulationFit& fit);

/// Fits the concentrations of a trial by FOCEI; subjects are spread over the ranks. Subjects without concentrations do
/// not enter. Throws DataError where no subject has any, ConfigError for a parameter name that the model does not have,
/// NumericalError where no start ends in a finite objective.
PkFit fit_pk(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
             std::uint64_t seed);

}  // namespace titrant::nlme
