#include "titrant/nlme/population.hpp"

namespace titrant::nlme {

pkpd::ParameterModel parameter_model(const Parameter& parameter) {
  pkpd::ParameterModel model;
  model.name = parameter.name;
  model.typical = parameter.typical;
  model.omega = parameter.omega;
  model.scale = parameter.scale;
  for (const Effect& effect : parameter.effects) model.effects.push_back(effect.effect);
  return model;
}

std::vector<std::size_t> Population::eta_parameters() const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].omega > 0.0) places.push_back(i);
  }
  return places;
}

}  // namespace titrant::nlme
