#include "pd_neighbours.hpp"

#include "titrant/core/contains.hpp"

namespace titrant::nlme {

namespace {

bool has_effect(const PdShape& shape, const std::string& parameter, const std::string& covariate) {
  const auto found = shape.effects.find(parameter);
  return found != shape.effects.end() && found->second.contains(covariate);
}

bool may_vary(const PdOptions& options, const std::string& parameter) {
  return !options.fixed.contains(parameter) && !options.fixed.contains("omega." + parameter);
}

PdShape without_eta(PdShape shape, const std::string& name) {
  std::erase(shape.etas, name);
  return shape;
}

/// With etas in the order of the structure's parameters, so that equal shapes look equal.
PdShape with_eta(PdShape shape, const std::string& name) {
  shape.etas.push_back(name);
  std::vector<std::string> sorted;
  for (const std::string& one : parameter_names(shape.structure)) {
    if (core::contains(shape.etas, one)) sorted.push_back(one);
  }
  shape.etas = std::move(sorted);
  return shape;
}

PdShape without_effect(PdShape shape, const std::string& parameter, const std::string& covariate) {
  const auto found = shape.effects.find(parameter);
  found->second.erase(covariate);
  if (found->second.empty()) shape.effects.erase(found);
  return shape;
}

/// The effects of a shape that the options do not name.
std::vector<std::pair<std::string, std::string>> searched_effects(const PdShape& shape, const PdOptions& options) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [parameter, of_parameter] : shape.effects) {
    const auto named = options.covariates.find(parameter);
    for (const auto& [covariate, setting] : of_parameter) {
      if (named == options.covariates.end() || !named->second.contains(covariate)) {
        result.emplace_back(parameter, covariate);
      }
    }
  }
  return result;
}

std::vector<std::string> searched_parameters(const PdShape& shape, const PdOptions& options) {
  std::vector<std::string> result;
  for (const std::string& name : parameter_names(shape.structure)) {
    const bool asked = options.search.parameters.empty() || core::contains(options.search.parameters, name);
    if (asked && !shape.held.contains(name)) result.push_back(name);
  }
  return result;
}

}  // namespace

std::vector<PdShape> other_variability(const PdShape& now, const PdOptions& options) {
  std::vector<PdShape> shapes;
  const std::vector<std::string> names = parameter_names(now.structure);
  const auto can_carry = [&](const std::string& name) {
    return !core::contains(now.etas, name) && !now.held.contains(name) && may_vary(options, name);
  };
  for (const std::string& name : names) {
    if (!may_vary(options, name)) continue;
    if (core::contains(now.etas, name)) {
      const PdShape without = without_eta(now, name);
      if (!without.etas.empty()) shapes.push_back(without);
      for (const std::string& instead : names) {
        if (can_carry(instead)) shapes.push_back(with_eta(without, instead));
      }
      continue;
    }
    if (can_carry(name)) shapes.push_back(with_eta(now, name));
    const bool can_be_one = name == "hill" || (name == "imax" && pkpd::inhibits(now.structure));
    if (!can_be_one || now.effects.contains(name)) continue;
    PdShape toggled = now;
    if (toggled.held.erase(name) == 0) toggled.held[name] = 1.0;
    shapes.push_back(std::move(toggled));
  }
  const bool free_error = !options.fixed.contains("error.additive") && !options.fixed.contains("error.proportional");
  if (now.error == ErrorKind::combined && free_error) {
    for (const ErrorKind kind : {ErrorKind::additive, ErrorKind::proportional}) {
      shapes.push_back(now);
      shapes.back().error = kind;
    }
  }
  return shapes;
}

std::vector<PdShape> with_one_more_effect(const PdShape& now, const PdModel& model, const PdOptions& options) {
  std::vector<PdShape> shapes;
  for (const std::string& name : searched_parameters(now, options)) {
    for (const std::string& covariate : options.search.covariates) {
      if (has_effect(now, name, covariate) || !why_not_searched(model, covariate, options).empty()) continue;
      shapes.push_back(now);
      shapes.back().effects[name][covariate] = usual_kind(model, covariate, options);
    }
  }
  return shapes;
}

std::vector<PdShape> with_one_effect_less(const PdShape& now, const PdOptions& options) {
  std::vector<PdShape> shapes;
  for (const auto& [parameter, covariate] : searched_effects(now, options)) {
    shapes.push_back(without_effect(now, parameter, covariate));
  }
  return shapes;
}

std::vector<PdShape> with_one_effect_moved(const PdShape& now, const PdOptions& options) {
  std::vector<PdShape> shapes;
  for (const auto& [parameter, covariate] : searched_effects(now, options)) {
    const PdShape without = without_effect(now, parameter, covariate);
    for (const std::string& other : searched_parameters(now, options)) {
      if (other == parameter || has_effect(now, other, covariate)) continue;
      shapes.push_back(without);
      shapes.back().effects[other][covariate] = now.effects.at(parameter).at(covariate);
    }
  }
  return shapes;
}

}  // namespace titrant::nlme
