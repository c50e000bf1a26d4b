#pragma once

#include "titrant/nlme/population.hpp"
#include "titrant/pkpd/biomarker_population.hpp"

namespace titrant::nlme {

/// The biomarker part of a population, of a fit by any method.
Population biomarker_part(const Population& population, pkpd::BiomarkerStructure structure);

/// The same as a model to predict with.
pkpd::BiomarkerPopulation biomarker_model_of(const Population& population, pkpd::BiomarkerStructure structure);

}  // namespace titrant::nlme
