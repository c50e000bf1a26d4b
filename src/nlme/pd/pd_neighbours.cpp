#include "pd_neighbours.hpp"

#include <utility>

#include "pd_baseline.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/nlme/covariate_steps.hpp"

namespace titrant::nlme {

namespace {

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
  for (const std::string& one : parameter_names(shape.structure, shape.baseline)) {
    if (core::contains(shape.etas, one)) sorted.push_back(one);
  }
  shape.etas = std::move(sorted);
  return shape;
}

PdShape with_effects(PdShape shape, Effects effects) {
  shape.effects = std::move(effects);
  return shape;
}

std::vector<std::string> searched_parameters(const PdShape& shape, const PdOptions& options) {
  std::vector<std::string> result;
  for (const std::string& name : parameter_names(shape.structure, shape.baseline)) {
    const bool asked = options.search.parameters.empty() || core::contains(options.search.parameters, name);
    if (asked && !shape.held.contains(name)) result.push_back(name);
  }
  return result;
}

}  // namespace

std::vector<PdShape> other_variability(const PdShape& now, const PdOptions& options) {
  std::vector<PdShape> shapes;
  const std::vector<std::string> names = parameter_names(now.structure, now.baseline);
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
    const bool can_be_one =
        name == "hill" || (name == "imax" && pkpd::inhibits(now.structure) && now.error != ErrorKind::binary);
    if (!can_be_one || now.effects.contains(name)) continue;
    PdShape toggled = now;
    if (toggled.held.erase(name) == 0) toggled.held[name] = 1.0;
    shapes.push_back(std::move(toggled));
  }
  const bool free_error = !options.fixed.contains("error.additive") && !options.fixed.contains("error.proportional");
  if (is_combined(now.error) && free_error) {
    for (const ErrorKind kind : {ErrorKind::additive, ErrorKind::proportional}) {
      shapes.push_back(now);
      shapes.back().error = kind;
    }
  }
  return shapes;
}

std::vector<PdShape> other_baselines(const PdShape& now, const PdModel& model, const PdOptions& options) {
  std::vector<PdShape> shapes;
  if (now.error == ErrorKind::binary) return shapes;
  for (const pkpd::BaselineModel baseline : options.baselines) {
    if (baseline == now.baseline) continue;
    if (baseline != pkpd::BaselineModel::constant && !tells_baseline(model, baseline)) continue;
    PdShape other = now;
    other.baseline = baseline;
    const std::vector<std::string> names = parameter_names(other.structure, baseline);
    const auto is_gone = [&](const std::string& name) { return !core::contains(names, name); };
    std::erase_if(other.etas, is_gone);
    std::erase_if(other.effects, [&](const auto& one) { return is_gone(one.first); });
    std::erase_if(other.held, [&](const auto& one) { return is_gone(one.first); });
    for (const auto& [name, value] : options.fixed) {
      if (!is_gone(name)) other.held[name] = value;
    }
    if (!other.etas.empty()) shapes.push_back(std::move(other));
  }
  return shapes;
}

std::vector<PdShape> with_one_more_effect(const PdShape& now, const PdModel& model, const PdOptions& options) {
  std::vector<SearchedCovariate> candidates;
  for (const std::string& covariate : options.search.covariates) {
    if (!why_not_searched(model, covariate, options).empty()) continue;
    candidates.emplace_back(covariate, usual_kind(model, covariate, options));
  }
  std::vector<PdShape> shapes;
  for (Effects& effects : with_one_more(now.effects, searched_parameters(now, options), candidates)) {
    shapes.push_back(with_effects(now, std::move(effects)));
  }
  return shapes;
}

std::vector<PdShape> with_one_effect_less(const PdShape& now, const PdOptions& options) {
  std::vector<PdShape> shapes;
  for (Effects& effects : with_one_less(now.effects, options.covariates)) {
    shapes.push_back(with_effects(now, std::move(effects)));
  }
  return shapes;
}

std::vector<PdShape> with_one_effect_moved(const PdShape& now, const PdOptions& options) {
  std::vector<PdShape> shapes;
  for (const auto& [parameter, covariate] : searched_effects(now.effects, options.covariates)) {
    const PdShape without = with_effects(now, without_effect(now.effects, parameter, covariate));
    for (const std::string& other : searched_parameters(now, options)) {
      if (other == parameter || has_effect(now.effects, other, covariate)) continue;
      shapes.push_back(without);
      shapes.back().effects[other][covariate] = now.effects.at(parameter).at(covariate);
    }
  }
  return shapes;
}

}  // namespace titrant::nlme
