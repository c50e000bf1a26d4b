#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "titrant/nlme/optimise.hpp"

namespace titrant::nlme {

/// One estimated number: a typical value, an omega (standard deviation of eta) or a residual error parameter.
struct Estimate {
  std::string name;   ///< "clearance", "omega.clearance", "error.proportional"
  std::string units;  ///< "L/h", "1", ...
  double value = 0.0;
  double standard_error = 0.0;  ///< NaN where not available
  double rse = 0.0;             ///< percent
  double lower = 0.0;           ///< 95 % interval, by the delta method on the log scale
  double upper = 0.0;
  bool fixed = false;
};

struct EstimationOptions {
  int starts = 3;
  OptimiserOptions optimiser;
};

/// The result of a population estimation, whatever the structural model.
struct Estimation {
  Population population;                  ///< at the estimates
  std::vector<Estimate> estimates;        ///< typical values and coefficients, omegas, residual error; fixed ones too
  std::vector<std::vector<double>> etas;  ///< [subject][eta], empirical Bayes estimates
  std::vector<double> shrinkage;          ///< [eta], 1 - sd(eta) / omega
  double objective = 0.0;                 ///< -2 log L without n log(2 pi)
  std::size_t observations = 0;
  std::size_t estimated = 0;          ///< number of coordinates of the optimiser
  std::vector<double> covariance;     ///< [estimated][estimated], optimiser's scale; 0 for coordinates held at a bound
  std::string standard_error_method;  ///< "sandwich", "hessian" or why there are none
  std::vector<double> start_objectives;  ///< of each start where the optimiser left it; infinite where it failed
  bool converged = false;
  std::string message;
};

/// Estimates a population by FOCEI from the values in `initial`: the first start is there, the others are drawn around
/// it (streams of core::Purpose::starts); the best is polished by Newton's method. An omega or residual error that the
/// data do not need goes to its lower bound, is held there and named in the message. Throws NumericalError where no
/// start has a finite objective, DataError as Objective does.
Estimation estimate(const parallel::Communicator& ranks, const SubjectModel& model, const Population& initial,
                    const EstimationOptions& options, std::uint64_t seed);

}  // namespace titrant::nlme
