#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/run/configuration.hpp"
#include "titrant/run/models.hpp"
#include "titrant/run/results.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::run {

/// The models of the run itself.
Models fitted_models(const Results& results);

/// Models whose population parameters are drawn from the uncertainty of their estimates. Where a fit has no covariance,
/// its estimates stay as they are. PK and PD are drawn independently unless they were estimated together.
Models draw_models(const Results& results, std::uint64_t seed, std::size_t replicate);
/// The same of any fitted models, by a stream for each kind.
Models draw_models(const Models& fitted, core::Stream& pk, core::Stream& pd);

/// Whether a fit knows the uncertainty of its estimates.
bool can_be_drawn(const nlme::FitSummary& fit);

/// The same models (structure, random effects, covariates) fitted to another trial, on this rank alone. \param
/// covariance also their uncertainty; where a combined error of concentrations stands in its way, that error becomes
/// proportional
Models refit(const Configuration& configuration, const trial::Trial& trial, const Results& like, bool covariance);

/// A trial of as many subjects, drawn with replacement within each dose group and route.
trial::Trial resample(const trial::Trial& trial, std::uint64_t seed, std::size_t replicate);

/// Population models as the dose search takes them; refers to `models`.
dose::PopulationModels population_models(const Models& models);

/// Whether the models alone say whether a subject succeeds: endpoints of the biomarker need a model of it.
bool can_answer(const Models& models, const std::vector<dose::ResolvedEndpoint>& endpoints);

}  // namespace titrant::run
