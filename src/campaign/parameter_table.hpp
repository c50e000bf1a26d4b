#pragma once

#include <string>

#include "titrant/nlme/fit.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

/// Writes a population fit to a group of the store ("/pk"): the parameter table, objective and criteria, etas and
/// shrinkage.
void write_fit(const std::string& group, const nlme::PopulationFit& fit, store::Writer& out);

}  // namespace titrant::campaign
