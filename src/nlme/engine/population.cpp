#include "titrant/nlme/population.hpp"

#include <algorithm>

namespace titrant::nlme {

pkpd::ParameterModel parameter_model(const Parameter& parameter) {
  pkpd::ParameterModel model;
  model.name = parameter.name;
  model.typical = parameter.typical;
  model.omega = parameter.omega;
  model.occasion_omega = parameter.occasion_omega;
  model.scale = parameter.scale;
  for (const Effect& effect : parameter.effects) model.effects.push_back(effect.effect);
  return model;
}

std::vector<pkpd::EtaCorrelation> correlations_among(const Population& population,
                                                     const std::vector<pkpd::ParameterModel>& parameters) {
  const auto varies = [&](const std::string& name) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const pkpd::ParameterModel& one) { return one.name == name && one.omega > 0.0; });
  };
  std::vector<pkpd::EtaCorrelation> result;
  for (const OmegaBlock& block : population.blocks) {
    for (std::size_t row = 1; row < block.parameters.size(); ++row) {
      for (std::size_t column = 0; column < row; ++column) {
        const std::string& first = population.parameters[block.parameters[column]].name;
        const std::string& second = population.parameters[block.parameters[row]].name;
        if (!varies(first) || !varies(second)) continue;
        result.push_back({first, second, block.correlations[OmegaBlock::pair(row, column)]});
      }
    }
  }
  return result;
}

std::vector<std::size_t> Population::eta_parameters() const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].omega > 0.0) places.push_back(i);
  }
  return places;
}

std::vector<std::size_t> Population::occasion_parameters() const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].occasion_omega > 0.0) places.push_back(i);
  }
  return places;
}

std::vector<std::size_t> Population::error_etas() const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (errors[i].model.omega > 0.0) places.push_back(i);
  }
  return places;
}

}  // namespace titrant::nlme
