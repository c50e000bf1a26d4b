#pragma once

#include <cstdint>
#include <vector>

#include "titrant/nlme/objective.hpp"

namespace titrant::nlme {

/// Proposals and resamples of each round. Later rounds propose from what the earlier ones kept, so that the last one
/// draws from nearly the right distribution.
struct SirRound {
  std::size_t samples;
  std::size_t resamples;
};
inline const std::vector<SirRound> sir_rounds = {{1000, 200}, {1000, 400}, {3000, 1000}};

/// Draws from the distribution of the estimated numbers that the likelihood describes (with a flat prior on the
/// optimiser's scale), without the normal approximation of a covariance.
struct Sir {
  std::vector<std::vector<double>> draws;  ///< [draw][coordinate], optimiser's scale
  double effective = 0.0;  ///< (sum w)^2 / sum w^2 of the last round's weights: how many proposals count
};

/// Sampling importance resampling (Dosne, Bergstrand, Harling and Karlsson 2016, J Pharmacokinet Pharmacodyn 43:583;
/// rounds: Dosne, Bergstrand and Karlsson 2017, 44:509). Each round draws proposals from a normal distribution on the
/// optimiser's scale, first that of the estimates and their covariance, weighs each by exp(-objective / 2) over the
/// density of the proposal, and keeps some without replacement, by their weights; mean and covariance of those kept are
/// the next proposal.
/// \param objective   evaluated at the estimates last
/// \param x           [coordinate] the estimates
/// \param covariance  [coordinate][coordinate], 0 for coordinates that are held: these stay where they are
/// The same bits on any number of ranks. Collective. Throws NumericalError where the covariance is not positive
/// definite or fewer proposals have a finite objective than are to be kept.
Sir sir(const Objective& objective, const std::vector<double>& x, const std::vector<double>& covariance,
        std::uint64_t seed, const std::vector<SirRound>& rounds = sir_rounds);

}  // namespace titrant::nlme
