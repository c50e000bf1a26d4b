#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/dose/options.hpp"

namespace titrant::dose {

std::vector<double> GridOptions::values() const {
  TITRANT_EXPECTS(step > 0.0 && to >= from);
  constexpr double rounding = 1e-9;  // of a step: `to` counts as reached in spite of rounding
  const auto count = static_cast<std::size_t>(std::floor((to - from) / step + rounding)) + 1;
  std::vector<double> doses(count);
  for (std::size_t i = 0; i < count; ++i) doses[i] = from + static_cast<double>(i) * step;
  return doses;
}

}  // namespace titrant::dose
