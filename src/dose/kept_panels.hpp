#pragma once

#include <span>
#include <vector>

#include "titrant/dose/attainment.hpp"
#include "units.hpp"

namespace titrant::dose {

/// Empty room for what a rank keeps of its units (curves, probabilities and shot counts), [panel].
std::vector<LocalPanel> room_for_units(const std::vector<Panel>& panels,
                                       const std::vector<std::vector<std::size_t>>& chosen, const Units& units,
                                       parallel::Block mine, const CohortView& cohort);

/// Puts the values of a chunk, [dose][subject of the chunk], at their place among those of the rank, [dose][subject].
void place_chunk(std::vector<double>& all, std::span<const double> values, parallel::Block chunk,
                 parallel::Block of_rank);

/// Puts the curves of a chunk's subjects at their place.
void place_curves(LocalPanel& local, const std::vector<classifier::Profile>& profiles, parallel::Block chunk);

}  // namespace titrant::dose
