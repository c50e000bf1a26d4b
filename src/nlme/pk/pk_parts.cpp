#include "titrant/nlme/pk_parts.hpp"

#include <algorithm>

namespace titrant::nlme {

pkpd::PopulationModel pk_model_of(const Population& population, pkpd::Structure structure) {
  pkpd::PopulationModel model;
  model.structure = structure;
  model.error = population.errors.front().model;
  model.concentration_scale = population.concentration_scale;
  model.absorption = population.absorption;
  model.occasion = population.occasion;
  const auto& names = pkpd::pk_parameter_names;
  for (const Parameter& parameter : population.parameters) {
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) continue;
    model.parameters.push_back(parameter_model(parameter));
  }
  model.elimination = pkpd::elimination_of(model.parameters);
  model.correlations = correlations_among(population, model.parameters);
  return model;
}

}  // namespace titrant::nlme
