#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "titrant/nlme/covariance_kind.hpp"
#include "titrant/nlme/method.hpp"
#include "titrant/nlme/optimiser_options.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::nlme {

/// One estimated number: a typical value, an omega (standard deviation of eta) or a residual error parameter.
struct Estimate {
  std::string name;   ///< "clearance", "omega.clearance", "omega.error", "correlation.clearance.volume",
                      ///< "occasion_omega.clearance", "error.proportional"
  std::string units;  ///< "L/h", "1", ...
  double value = 0.0;
  double standard_error = 0.0;  ///< NaN where not available
  double rse = 0.0;             ///< percent
  double lower = 0.0;           ///< 95 % interval, by the delta method on the log scale
  double upper = 0.0;           ///< of a correlation by Fisher's transformation
  bool fixed = false;
};

struct EstimationOptions {
  int starts = 3;
  OptimiserOptions optimiser;
  CovarianceKind covariance = CovarianceKind::automatic;
  /// further starts, known for some reason to be good ones: the lowest descend a few steps, the best of
  /// these to its end. Their
  /// estimated numbers may lie outside the bounds set around the initial values, which then give way.
  std::vector<Population> screened = {};
  Constraint constraint = {};  ///< on the optimiser's coordinates; the initial values must satisfy it
  std::vector<MethodKind> methods = {MethodKind::focei};  ///< one after another: see check_methods
  /// whether to compute -2 log L at the estimates by importance sampling, and to say so in the verdict where the
  /// approximation of it is off by more than the sampling error
  bool importance_check = false;
  /// whether intervals, standard errors and draws come from sampling importance resampling (sir.hpp), which begins with
  /// the covariance
  bool resampling = false;
};

/// The result of a population estimation, whatever the structural model.
struct Estimation {
  Population population;            ///< at the estimates
  std::vector<Estimate> estimates;  ///< typical values and coefficients, omegas, correlations, residual error; fixed
                                    ///< ones too
  /// [subject][eta], empirical Bayes estimates (after FO those with interaction, as of FOCEI): first those of all
  /// occasions, one for each parameter with an omega, then those of the first occasion, of the second, ..., one for
  /// each parameter with an occasion_omega
  std::vector<std::vector<double>> etas;
  /// [subject][residual error with an omega], the same of these
  std::vector<std::vector<double>> error_etas;
  std::vector<double> shrinkage;           ///< [eta of all occasions], 1 - sd(eta) / omega
  std::vector<double> error_shrinkage;     ///< [residual error with an omega]
  std::vector<double> occasion_shrinkage;  ///< [parameter with an occasion_omega]
  double objective = 0.0;                  ///< -2 log L without n log(2 pi), by the last of `methods`
  std::size_t observations = 0;            ///< censored ones included
  std::size_t censored = 0;
  std::size_t estimated = 0;          ///< number of coordinates of the optimiser
  std::vector<double> x;              ///< [estimated], the optimum on the optimiser's scale (see Layout)
  std::vector<double> covariance;     ///< [estimated][estimated], optimiser's scale; 0 for coordinates held at a bound
  std::string standard_error_method;  ///< "sandwich", "hessian", "outer product" or why there are none
  double condition_number = 0.0;      ///< of the correlation matrix of the estimates; NaN where there is none
  std::vector<double> start_objectives;  ///< of each start where the optimiser left it; infinite where it failed
                                         ///< (the lowest of the screened ones last)
  /// [iteration][coordinate] SAEM's way on the optimiser's scale, where it was among the methods; its steps shrink from
  /// iteration saem_exploration on
  std::vector<std::vector<double>> saem_trajectory;
  std::size_t saem_exploration = 0;
  std::size_t binary = 0;   ///< observations of 0 or 1: their likelihood has no constant log(2 pi)
  bool saem_alone = false;  ///< the estimates are SAEM's; the objective is FOCEI's approximation there
  std::vector<MethodKind> methods = {MethodKind::focei};  ///< as they were asked for; see objective_of
  /// -2 log L by importance sampling, comparable with `objective`, and its standard error; NaN where not asked for
  double importance_objective = std::numeric_limits<double>::quiet_NaN();
  double importance_error = std::numeric_limits<double>::quiet_NaN();
  /// [draw][coordinate], optimiser's scale: draws from the uncertainty of the estimates, where these were resampled;
  /// covariance, standard errors and intervals are then theirs
  std::vector<std::vector<double>> draws;
  bool converged = false;
  bool identified = false;           ///< whether the data determine every estimated number; of CovarianceKind::none,
                                     ///< only whether none of them ran to a bound
  std::vector<std::string> verdict;  ///< what is wrong with the fit, a line each; empty: it is well determined
  std::string message;               ///< how it ended, in words
};

/// Estimates a population by FO, FOCE or FOCEI from the values in `initial`, or from where the method before ended: the
/// first start is there, the others are drawn around
/// it (streams of core::Purpose::starts); the best is polished by Newton's method (but for
/// CovarianceKind::none). Other optima within 10 points of the objective, or starts that converged to them, are named
/// in the verdict with their objective and typical values. Correlations are searched for from where the same model with
/// independent etas ended. An omega or residual error that the
/// data do not need goes to its lower bound, is held there and named in the message. Throws NumericalError where no
/// start has a finite objective, DataError as Objective does, ConfigError as check_methods and check_objectives do.
Estimation estimate(const parallel::Communicator& ranks, const SubjectModel& model, const Population& initial,
                    const EstimationOptions& options, std::uint64_t seed);

}  // namespace titrant::nlme
