#pragma once

#include <vector>

#include "titrant/nlme/optimise.hpp"

namespace titrant::nlme {

/// Whether a coordinate is neither held nor at an end of its range.
inline bool inside(const Box& box, std::size_t i, double x) {
  constexpr double edge = 1e-6;
  return x > box.lower[i] + edge && x < box.upper[i] - edge;
}

}  // namespace titrant::nlme
