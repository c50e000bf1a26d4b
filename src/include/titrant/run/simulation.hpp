#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "titrant/core/console.hpp"
#include "titrant/nlme/simulate.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/run/models.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/trial.hpp"

/// \file
/// A trial simulated from fitted models on any design: `titrant simulate --from`.

namespace titrant::run {

/// What is simulated.
struct SimulationRequest {
  std::vector<StoredModels> models;  ///< one, or the two of a mixture
  double share = 0.0;                ///< of a mixture: probability that a subject is of the second model
  std::size_t replicates = 1;        ///< how often the whole design is simulated
  std::uint64_t seed = 0;
  bool uncertainty = false;  ///< each replicate has population parameters drawn from the covariance of the estimates
  nlme::Variability variability = nlme::Variability::all;
};

/// A simulated trial: the design of every replicate after the other, with columns for a file of it.
struct SimulatedTrial {
  trial::Trial trial;
  trial::FurtherColumns columns;  ///< REP and ID of several replicates, MODEL of a mixture; PRED, IPRED
  trial::NonmemFormat format;     ///< of the file; of several replicates SUBJECT numbers all subjects
  /// Those whose doses have no steady state under their saturable elimination, by the names that the file has for them:
  /// their doses are there, their observations are not.
  std::vector<std::string> unsteady;
  std::string unsteady_reason;  ///< of the first of them
};

/// Where limits of quantification come from.
enum class Limits {
  none,    ///< there are none: every value is reported, and is above 0
  design,  ///< each record's own
  given    ///< one for all concentrations
};

/// Sets the limits of quantification of a design. \param limit  of concentrations, in their unit; for `given` alone.
/// Throws DataError where the design is to have limits of its own and has none.
void set_limits(trial::Trial& design, Limits limits, double limit);

/// Throws one DataError with every reason for which a design cannot be simulated from these models: other units,
/// biomarker values without a model of them, a route that a model does not know, a covariate that a subject lacks, no
/// covariance where parameters are to be drawn, more than 50 million values.
void expect_simulable(const trial::Trial& design, const SimulationRequest& request, const trial::NonmemFormat& format);

/// Simulates a design. Values below the limit of their record are censored. Subjects are shared over the ranks; the
/// first rank has the result, the same on any number of them, the others have none of its subjects. Depends on the
/// seed, the number of the replicate, the place of the subject and its models alone, so that further replicates or
/// subjects at the end leave the others as they are.
SimulatedTrial simulate_design(const parallel::Communicator& ranks, const trial::Trial& design,
                               const SimulationRequest& request, const trial::NonmemFormat& format,
                               core::Progress& progress);

}  // namespace titrant::run
