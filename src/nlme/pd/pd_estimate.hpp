#pragma once

#include <cstdint>

#include "titrant/nlme/fit_pd.hpp"
#include "titrant/nlme/pd_model.hpp"
#include "titrant/nlme/pd_parts.hpp"

namespace titrant::nlme {

/// Estimates a biomarker population by the method of the options, from `initial` (parameters and error of the biomarker
/// alone); the PK parts of PPP&D and joint fits come from the PK fit.
BiomarkerFit fit_biomarker(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
                           const PdModel& model, const Population& initial, const PdOptions& options,
                           std::uint64_t seed);

}  // namespace titrant::nlme
