#pragma once

#include <vector>

#include "replicates.hpp"
#include "titrant/run/results.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

/// Refits the models to resampled trials, those of the intervals, and keeps their estimates. Collective; a work unit is
/// one replicate.
ParameterBootstrap bootstrap_parameters(const parallel::Communicator& ranks, const Configuration& configuration,
                                        const Results& results);

/// Writes them beside the parameters of the fits: /pk/bootstrap and /pd/bootstrap.
void write_bootstrap(const Results& results, store::Writer& out);

}  // namespace titrant::run
