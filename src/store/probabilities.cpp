#include "probabilities.hpp"

#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"
#include "titrant/store/store.hpp"

namespace titrant::store {

std::vector<float> rounded_probabilities(std::span<const double> probabilities) {
  std::vector<float> rounded;
  rounded.reserve(probabilities.size());
  for (const double p : probabilities) {
    if (std::isnan(p)) {
      rounded.push_back(std::numeric_limits<float>::quiet_NaN());
      continue;
    }
    TITRANT_EXPECTS(p >= 0.0 && p <= 1.0);
    const double multiple = std::nearbyint(p / probability_resolution);
    rounded.push_back(static_cast<float>(std::abs(multiple) * probability_resolution));
  }
  return rounded;
}

}  // namespace titrant::store
