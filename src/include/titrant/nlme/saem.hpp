#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::nlme {

struct SaemOptions {
  int burn_in = 5;            ///< iterations in which the chains move and the population stays
  int exploration = 300;      ///< iterations with step 1; up to three times as many while a parameter still drifts
  int smoothing = 200;        ///< iterations with steps 1, 1/2, 1/3, ...
  std::size_t together = 50;  ///< subjects x chains, at least
  double annealing = 0.95;    ///< in the first half of the exploration variances fall by no more than this factor
};

/// Where SAEM ended.
struct Saem {
  Population population;
  std::vector<double> x;                        ///< [coordinate] the same on the optimiser's scale (see Layout)
  std::vector<std::vector<double>> trajectory;  ///< [iteration after the burn-in][coordinate]
  std::size_t exploration = 0;                  ///< iterations of the trajectory before the steps shrink
  std::size_t chains = 0;                       ///< of each subject
  std::array<double, 3> acceptance{};  ///< share of proposals accepted while smoothing: prior, multivariate, one by one
  bool settled = false;                ///< whether no parameter still drifted when the steps began to shrink
  std::string message;                 ///< in words, which did
};

/// Maximum likelihood by the stochastic approximation EM algorithm (Kuhn and Lavielle 2005, Comput Stat Data Anal
/// 49:1020) from `initial`, without an approximation of the likelihood. In each iteration the etas of every subject
/// move by three Metropolis kernels that leave their posterior invariant, and the population moves towards the maximum
/// of the likelihood of data and etas together. It has no objective: importance_sampled (importance.hpp) computes it.
///
///     const Saem end = saem(ranks, model, initial, {}, seed);
///     const ImportanceSampled likelihood = importance_sampled(ranks, model, end.population, {}, seed);
///
/// What is fixed stays. Estimates stay within the bounds of Layout. The same bits on any number of ranks. Throws
/// DataError as Objective does, NumericalError where a subject has no finite likelihood at etas of 0.
Saem saem(const parallel::Communicator& ranks, const SubjectModel& model, const Population& initial,
          const SaemOptions& options, std::uint64_t seed);

}  // namespace titrant::nlme
