#pragma once

#include <span>

namespace titrant::core {

/// Sum in one fixed order: blocks of 64 values from left to right, then the block sums pairwise. Its bits depend on the
/// values and their order alone, never on how ranks divided the work that made them.
double ordered_sum(std::span<const double> values);

/// ordered_sum(values) / size; values must not be empty.
double ordered_mean(std::span<const double> values);

}  // namespace titrant::core
