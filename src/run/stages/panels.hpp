#pragma once

#include <string>
#include <vector>

#include "replicates.hpp"
#include "titrant/run/results.hpp"

namespace titrant::run {

/// The panels of a run: every population on every regimen that a question asks about, in the order of the
/// configuration.
std::vector<dose::Panel> make_panels(const Configuration& configuration, const Results& results);

/// The group of a panel in the store.
std::string group_of(const dose::Panel& panel);

/// The virtual cohort of a run and its trained classifiers, as the dose search sees them. A view of all arguments.
dose::CohortView cohort_of(const Configuration& configuration, const Results& results, const Models& models);

}  // namespace titrant::run
