#pragma once

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// Throws what fit_pk would throw before its first iteration, and nothing where it would iterate: ConfigError for names
/// and values that the model does not have, DataError for data that it cannot use (no concentrations, values that the
/// error model gives to none, covariates that are missing). Fits nothing.
void expect_fittable_pk(const trial::Trial& trial, const PkOptions& options);

/// The same for fit_pd. \param automatic_structure  every structure is tried, else `options.structure`
void expect_fittable_pd(const trial::Trial& trial, const PdOptions& options, bool automatic_structure);

}  // namespace titrant::nlme
