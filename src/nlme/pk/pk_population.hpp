#pragma once

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace titrant::nlme {

/// How doses enter as `options` have it.
DoseForm dose_form(const PkOptions& options);

/// Throws one ConfigError with every name in `options` that none of the structures to fit has.
void check_names(const PkOptions& options);

/// The population that `options` describe for a model, before initial values: typical values 1 and omegas 0.3 where
/// they are not fixed. References are 70 kg for weight, else the median over the subjects.
Population describe_population(const PkModel& model, const PkOptions& options);

/// Data-driven initial values: the best of a grid of rate constants, each scaled to the data in closed form
/// (concentrations are inversely proportional to all volumes and clearances together), then a fit without etas.
Population with_initial_values(const parallel::Communicator& ranks, const PkModel& model, Population population,
                               const PkOptions& options);

}  // namespace titrant::nlme
