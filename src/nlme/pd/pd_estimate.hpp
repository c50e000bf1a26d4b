#pragma once

#include <cstdint>

#include "titrant/nlme/fit_pd.hpp"
#include "titrant/nlme/pd_model.hpp"

namespace titrant::nlme {

/// Estimates a biomarker population by the method of the options, from `initial` (parameters and error of the biomarker
/// alone); the PK parts of PPP&D and joint fits come from the PK fit.
BiomarkerFit fit_biomarker(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
                           const PdModel& model, const Population& initial, const PdOptions& options,
                           std::uint64_t seed);

/// The biomarker part of a population, of a fit by any method.
Population biomarker_part(const Population& population, pkpd::BiomarkerStructure structure);

/// The same as a model to predict with.
pkpd::BiomarkerPopulation biomarker_model_of(const Population& population, pkpd::BiomarkerStructure structure);

}  // namespace titrant::nlme
