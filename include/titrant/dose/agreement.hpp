#pragma once

#include <cstddef>
#include <vector>

#include "titrant/dose/pass_rate.hpp"

namespace titrant::dose {

/// How far the answers of one method are from those of another.
struct Agreement {
  double grid_steps = 0.0;     ///< mean over cells of the distance between minimal doses, in steps of the grid
  double pass_rate = 0.0;      ///< mean over panels and doses of the absolute difference of pass rates (mean rule)
  std::size_t cells = 0;       ///< panels x targets
  std::size_t unanswered = 0;  ///< cells in which exactly one of the two found no dose on the grid
};

/// Compares the pass rates of a method with those of a reference, [panel] each, by the mean rule. "None on this grid"
/// counts as the step after the last dose. Doses that either did not evaluate (NaN) do not count in pass_rate.
Agreement agreement(const std::vector<Panel>& panels, const std::vector<PassRates>& method,
                    const std::vector<PassRates>& reference, const std::vector<double>& targets);

}  // namespace titrant::dose
