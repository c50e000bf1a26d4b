#pragma once

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace titrant::nlme {

/// The PK fit that an estimation of `model` is, with what the model left out.
PopulationFit population_fit(const PkModel& model, pkpd::Structure structure, const Estimation& estimation);

}  // namespace titrant::nlme
