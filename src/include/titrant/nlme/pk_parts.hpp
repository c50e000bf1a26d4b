#pragma once

#include "titrant/nlme/population.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// The parameters of a population that are PK parameters, in their order, with the residual error of response 0.
pkpd::PopulationModel pk_model_of(const Population& population, pkpd::Structure structure);

}  // namespace titrant::nlme
