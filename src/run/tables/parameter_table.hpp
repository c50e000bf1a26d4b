#pragma once

#include <string>

#include "titrant/nlme/fit.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

/// Writes a population fit to a group of the store ("/pk", "/pd"): the parameter table, objective and criteria,
/// verdict, etas and shrinkage.
void write_fit(const std::string& group, const nlme::FitSummary& fit, const std::string& structure, store::Writer& out);

/// The same for a terminal: a line for each parameter, then shrinkage, standard errors and verdict.
std::string parameter_lines(const nlme::FitSummary& fit);

}  // namespace titrant::run
