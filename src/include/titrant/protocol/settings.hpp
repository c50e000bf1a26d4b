#pragma once

#include <string>
#include <vector>

#include "titrant/core/problems.hpp"
#include "titrant/core/settings.hpp"
#include "titrant/protocol/protocol.hpp"

/// \file
/// The protocol as keys of a configuration: regimens, endpoints, populations, targets, questions, headline, and the
/// covariates of a data file. configs/README.md shows them.

namespace titrant::protocol {

/// Binds the keys of a protocol.
void describe(core::Settings& settings, Protocol& protocol);

/// Binds the key `covariates` of the data section.
void describe(core::Settings& settings, std::vector<CovariateSpec>& covariates);

/// Faults between keys: names that nothing has, questions that nobody can ask, levels and units that do not fit, ...
/// Turns the levels of populations into values. Every fault is added to `problems` by its key.
void resolve(Protocol& protocol, const std::vector<CovariateSpec>& covariates, core::Problems& problems);

/// One of them as YAML on one line, as in a configuration: {interval: 24, doses: [...]}.
std::string definition(const Regimen& regimen);
std::string definition(const Endpoint& endpoint);
std::string definition(const Population& population);

}  // namespace titrant::protocol
