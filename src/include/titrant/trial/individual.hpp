#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/pkpd/population.hpp"
#include "titrant/pkpd/varying.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// [stretch of time: the first, from each of Subject::changes on] the occasion it belongs to, from 0 on: values of a
/// covariate in the order in which they appear. Where the subject has no value of it, or the name is empty: one
/// occasion.
std::vector<std::size_t> occasions_by(const std::string& covariate, const Subject& subject);

/// The PK parameters of a subject of a trial under a population model, following its covariates and occasions in time.
/// Changes that the model does not see are none. Throws as pkpd::individual.
/// \param etas  one per parameter with omega > 0, in order; then the kappas of the first occasion, of the second, ...,
/// one
///              per parameter with occasion_omega > 0, where they are not 0
pkpd::VaryingIndividual varying_individual(const pkpd::PopulationModel& model, const Subject& subject,
                                           std::span<const double> etas);

/// A subject's covariates at a time (h).
const pkpd::Covariates& covariates_at(const Subject& subject, double time);

}  // namespace titrant::trial
