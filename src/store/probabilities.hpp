#pragma once

#include <span>
#include <vector>

/// \file
/// Probabilities as a store holds them: `Type::probability` of a contract.

namespace titrant::store {

/// Probabilities rounded to multiples of `probability_resolution`, ties to even: each is a float without an error of
/// its own, and most of the bytes of a float are then alike. -0 becomes 0, and NaN (missing) one NaN. A value outside
/// [0, 1] is a programmer's error.
std::vector<float> rounded_probabilities(std::span<const double> probabilities);

}  // namespace titrant::store
