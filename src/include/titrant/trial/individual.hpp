#pragma once

#include <span>

#include "titrant/pkpd/population.hpp"
#include "titrant/pkpd/varying.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// The PK parameters of a subject of a trial under a population model, following its covariates in time. Changes that
/// no effect of the model sees are none. Throws as pkpd::individual.
/// \param etas  one per parameter with omega > 0, in order
pkpd::VaryingIndividual varying_individual(const pkpd::PopulationModel& model, const Subject& subject,
                                           std::span<const double> etas);

/// A subject's covariates at a time (h).
const pkpd::Covariates& covariates_at(const Subject& subject, double time);

}  // namespace titrant::trial
