#pragma once

#include "titrant/run/configuration.hpp"

namespace titrant::run {

/// Whether a row of an ablation changes what the models are fitted to or how: any key of `data`, `pk` or `pd`, or the
/// seed, however the row writes it. Other rows keep the models of the run.
bool changes_models(const Configuration& configuration, const AblationOptions& row);

}  // namespace titrant::run
