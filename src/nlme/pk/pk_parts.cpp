#include "titrant/nlme/pk_parts.hpp"

#include <algorithm>

namespace titrant::nlme {

pkpd::PopulationModel pk_model_of(const Population& population, pkpd::Structure structure) {
  pkpd::PopulationModel model;
  model.structure = structure;
  model.error = population.errors.front().model;
  model.concentration_scale = population.concentration_scale;
  const auto& names = pkpd::pk_parameter_names;
  for (const Parameter& parameter : population.parameters) {
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) continue;
    pkpd::ParameterModel one;
    one.name = parameter.name;
    one.typical = parameter.typical;
    one.omega = parameter.omega;
    one.scale = parameter.scale;
    for (const Effect& effect : parameter.effects) one.effects.push_back(effect.effect);
    model.parameters.push_back(std::move(one));
  }
  return model;
}

}  // namespace titrant::nlme
