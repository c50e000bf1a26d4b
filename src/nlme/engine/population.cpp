#include "titrant/nlme/population.hpp"

namespace titrant::nlme {

std::vector<std::size_t> Population::eta_parameters() const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].omega > 0.0) places.push_back(i);
  }
  return places;
}

}  // namespace titrant::nlme
