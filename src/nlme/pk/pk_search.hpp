#pragma once

#include <cstdint>

#include "titrant/nlme/fit.hpp"

namespace titrant::nlme {

/// Searches covariate effects on the PK parameters, from `fit.best` on: forward by the likelihood-ratio test, then
/// backward, candidates side by side (covariate_steps.hpp). Where effects enter, the model is fitted to its end with
/// all comparisons of an ordinary fit, becomes `fit.best` and a candidate "<structure>_covariates". Fills `fit.search`
/// and adds to `fit.reason`. Does nothing without options.search.covariates. Throws as fit_pk.
void search_covariates(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
                       std::uint64_t seed, PkFit& fit);

}  // namespace titrant::nlme
