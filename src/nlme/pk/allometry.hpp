#pragma once

#include <cstdint>
#include <string>

#include "titrant/core/problems.hpp"
#include "titrant/nlme/fit.hpp"

namespace titrant::nlme {

/// Adds a problem for each word of PkOptions::allometry that is not known.
void check_allometry(const PkOptions& options, core::Problems& problems);

/// `options` with body weight on clearances and volumes as a word of PkOptions::allometry says; other covariates stay.
PkOptions with_allometry(PkOptions options, const std::string& word);

/// Fits the structure of `fit.best` again for each word of PkOptions::allometry, from its estimates, and adds these
/// fits to the candidates, "two_compartment_allometry_none" and so on. One that fails is named in the reason.
void compare_allometry(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
                       std::uint64_t seed, PkFit& fit);

}  // namespace titrant::nlme
