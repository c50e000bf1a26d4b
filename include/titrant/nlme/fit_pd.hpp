#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/pkpd/biomarker_population.hpp"

namespace titrant::nlme {

/// What exposure a biomarker model is fitted to (Zhang, Beal and Sheiner 2003, J Pharmacokinet Pharmacodyn 30:387).
enum class PdMethod {
  individual,  ///< each subject's own PK estimates, held fixed (IPP)
  population,  ///< population PK parameters held fixed, the PK data kept (PPP&D)
  joint        ///< PK and PD estimated together
};

/// How a model is searched for. Likelihood-ratio tests have one degree of freedom.
struct CovariateSearchOptions {
  bool enabled = true;
  double forward = 0.05;                ///< an effect enters below this p
  double backward = 0.01;               ///< and leaves again above this one
  std::vector<std::string> covariates;  ///< candidates; those that the trial has, in this order
  std::vector<std::string> parameters;  ///< empty: all of the structure
  /// also compare, by BIC, which parameters carry an eta, hill and effect free or 1, and a combined error with its
  /// terms
  bool variability = true;
};

/// What to fit: the `pd` section of the configuration.
struct PdOptions {
  bool automatic = true;  ///< compare structures by BIC; else `structure`
  pkpd::BiomarkerStructure structure = pkpd::BiomarkerStructure::turnover_inhibition;
  /// How the baseline may move: where the search starts, then what it compares by BIC where values without drug can
  /// tell
  std::vector<pkpd::BaselineModel> baselines = {pkpd::BaselineModel::constant};
  PdMethod method = PdMethod::individual;  ///< of the final fit; the search is always by `individual`
  ErrorKind error = ErrorKind::combined;
  std::vector<std::string> variability = {"baseline", "ic50"};  ///< where the search starts, and the answer without it
  std::vector<std::vector<std::string>> blocks;  ///< parameters whose etas are correlated, where they have one
  /// parameter -> covariate -> fixed exponent of a power effect, or the kind of an effect to estimate; references as in
  /// PkOptions. The search keeps what is named here.
  std::map<std::string, std::map<std::string, CovariateSetting>> covariates;
  CovariateMeaning meaning;  ///< of the covariates
  /// parameter (or NAME.COVARIATE, omega.NAME, error.additive, error.proportional) -> value, not estimated; hill is 1
  /// unless named in `variability` or found better by the search
  std::map<std::string, double> fixed;
  std::map<std::string, double> initial;  ///< the same names -> initial value, in place of the one taken from the data
  CovariateSearchOptions search;
  int starts = 3;           ///< of the final individual fit; fits by the other methods start once, at its optimum
  int iterations = 500;     ///< most evaluations of the objective in one start of the final fit
  double tolerance = 1e-6;  ///< relative change of the objective at which the optimiser stops
  CovarianceKind covariance = CovarianceKind::automatic;
  std::vector<MethodKind> methods = {MethodKind::focei};  ///< of the final fit; see check_methods
  bool importance_check = false;                          ///< of the final fit; see EstimationOptions
  bool resampling = false;                                ///< likewise
  /// "pk.NAME" and "pd.NAME", block by block: etas of both kinds of parameters that a joint fit correlates. A block of
  /// PK or biomarker parameters alone that has members of one must be contained in it. Their correlations are
  /// correlation.A.B of `fixed` and `initial`, without these prefixes.
  std::vector<std::vector<std::string>> joint_blocks = {};
  bool every_structure = false;  ///< of the automatic search: tolerance and precursors too
};

/// A model that was tried.
struct PdCandidate {
  std::string description;  ///< "turnover_inhibition; eta on baseline, ic50; comed on baseline"
  std::string step;         ///< structure, variability, baseline, forward, placement, backward, final
  pkpd::BiomarkerStructure structure = pkpd::BiomarkerStructure::turnover_inhibition;
  double objective = 0.0;  ///< infinite where it could not be fitted; of the final fit, by the method asked for
  double aic = 0.0;
  double bic = 0.0;
  std::size_t estimated = 0;
  bool converged = false;
  pkpd::BaselineModel baseline = pkpd::BaselineModel::constant;
};

/// The result of a biomarker fit.
struct BiomarkerFit : FitSummary {
  pkpd::BiomarkerPopulation model;  ///< at the estimates
  PdMethod how = PdMethod::individual;
  std::optional<pkpd::PopulationModel> pk;  ///< joint: the PK model estimated with it
};

struct PdFit {
  BiomarkerFit best;
  std::vector<PdCandidate> candidates;  ///< in the order they were tried, the final fit last
  std::string reason;                   ///< why `best`, and what came close, in words
};

/// Fits the biomarker values of a trial by FOCEI, given the PK fit, after a search for the model. Candidates are spread
/// over the ranks. Where all structures are compared, they are so twice: each in its plain form, and the others once
/// more in the form that the search found for the best. A covariate that cannot be searched (somebody has no value, all
/// have the same) is named in the reason. A candidate that cannot be fitted is listed as such and passed over. Throws
/// DataError where nobody has a biomarker value, ConfigError for names that the model does not have, NumericalError
/// where no candidate of the first step can be fitted.
PdFit fit_pd(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
             const PdOptions& options, std::uint64_t seed);

/// The model of `like` (structure, random effects, covariates) fitted to other data or another PK fit, from its
/// estimates on, with one start and without search.
BiomarkerFit refit_pd(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
                      const BiomarkerFit& like, const PdOptions& options, std::uint64_t seed);

/// A draw of the population parameters from N(estimate, covariance) on the optimiser's scale.
struct DrawnModels {
  pkpd::BiomarkerPopulation pd;
  std::optional<pkpd::PopulationModel> pk;  ///< of a joint fit
};
DrawnModels draw_model(const BiomarkerFit& fit, core::Stream& stream);

}  // namespace titrant::nlme
