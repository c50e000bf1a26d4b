#include "pd_shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "blocks.hpp"
#include "covariate_effect.hpp"
#include "pd_baseline.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/nlme/covariate_steps.hpp"
#include "titrant/nlme/earlier_names.hpp"
#include "titrant/nlme/joint_blocks.hpp"
#include "titrant/nlme/layout.hpp"

namespace titrant::nlme {

namespace {

constexpr double initial_pd_omega = 0.3;

/// The names of the configuration that some model to be tried has.
std::vector<std::string> known_names(const PdOptions& options) {
  std::vector<std::string> tried;
  for (const pkpd::BiomarkerStructure structure : structures_tried(options)) {
    for (const pkpd::BaselineModel baseline : options.baselines) {
      const std::vector<std::string> names = parameter_names(structure, baseline);
      tried.insert(tried.end(), names.begin(), names.end());
    }
  }
  std::vector<std::string> known;
  for (const std::string_view name : pkpd::biomarker_parameter_names) {
    if (core::contains(tried, std::string(name))) known.emplace_back(name);
  }
  return known;
}

bool may_be_negative(const std::string& name) {
  const auto* const found =
      std::find(pkpd::biomarker_parameter_names.begin(), pkpd::biomarker_parameter_names.end(), name);
  if (found == pkpd::biomarker_parameter_names.end()) return false;
  return pkpd::may_be_negative(static_cast<pkpd::BiomarkerParameter>(found - pkpd::biomarker_parameter_names.begin()));
}

void take_start(Parameter& parameter, const Population& start, bool wants_eta) {
  const auto same = std::find_if(start.parameters.begin(), start.parameters.end(),
                                 [&](const Parameter& other) { return other.name == parameter.name; });
  if (same == start.parameters.end()) return;
  if (!parameter.typical_fixed) parameter.typical = same->typical;
  if (wants_eta && same->omega > 0.0 && !parameter.omega_fixed) {
    parameter.omega = std::max(same->omega, initial_pd_omega / 3.0);
  }
  for (Effect& effect : parameter.effects) {
    for (const Effect& other : same->effects) {
      if (other.effect.covariate == effect.effect.covariate && other.effect.kind == effect.effect.kind &&
          !effect.fixed) {
        effect.effect.coefficient = other.effect.coefficient;
      }
    }
  }
}

/// Logit for what lies between 0 and 1; a held value may be 1 itself. Linear for what may be negative, with etas in
/// units in which it is neither large nor small.
Scale scale_of(pkpd::BiomarkerParameter which, const PdShape& shape, bool held) {
  using enum pkpd::BiomarkerParameter;
  constexpr double slope_unit = 1e-3;  // 1/h
  const bool binary = shape.error == ErrorKind::binary;
  const bool is_share = which == baseline_amplitude || (which == baseline && binary) ||
                        (which == imax && pkpd::inhibits(shape.structure) && !binary);
  if (is_share && !held) return {.kind = Scale::Kind::logit, .lower = 0.0, .upper = 1.0};
  if (which == baseline_slope) return {.kind = Scale::Kind::linear, .lower = 0.0, .upper = slope_unit};
  if (which == baseline_phase) return {.kind = Scale::Kind::linear, .lower = 0.0, .upper = 1.0};
  return {};
}

}  // namespace

std::string PdShape::description() const {
  std::string text(pkpd::name(structure));
  if (baseline != pkpd::BaselineModel::constant) text += fmt::format("; {} baseline", pkpd::name(baseline));
  for (const auto& [name, value] : held) text += fmt::format("; {} {:g}", name, value);
  text += etas.empty() ? "; no eta" : fmt::format("; eta on {}", fmt::join(etas, ", "));
  if (error != ErrorKind::combined) text += fmt::format("; {} error", error_words(error));
  if (error_varies) text += "; eta on the error";
  text += describe_effects(effects);
  return text;
}

std::vector<std::string> parameter_names(pkpd::BiomarkerStructure structure, pkpd::BaselineModel baseline) {
  std::vector<std::string> names;
  for (const pkpd::BiomarkerParameter which : pkpd::parameters_of(structure, baseline)) {
    names.emplace_back(pkpd::biomarker_parameter_names.at(static_cast<std::size_t>(which)));
  }
  return names;
}

namespace {

/// Whether the automatic search compares a structure. Tolerance and precursors take ten times as long to fit as the
/// others, and few trials tell them from these: they are fitted where they, or all structures, are asked for.
bool searched(pkpd::BiomarkerStructure structure, const PdOptions& options) {
  if (options.every_structure) return true;
  const std::vector<pkpd::BiomarkerParameter> used = pkpd::parameters_of(structure);
  return !core::contains(used, pkpd::BiomarkerParameter::ktol) && !core::contains(used, pkpd::BiomarkerParameter::kp);
}

}  // namespace

std::vector<pkpd::BiomarkerStructure> structures_tried(const PdOptions& options) {
  std::vector<pkpd::BiomarkerStructure> tried;
  for (const pkpd::BiomarkerStructure structure : pkpd::all_biomarker_structures) {
    const bool asked = options.automatic ? searched(structure, options) : structure == options.structure;
    const bool possible = options.error != ErrorKind::binary || pkpd::can_be_binary(structure);
    if (asked && possible) tried.push_back(structure);
  }
  return tried;
}

void check_names(const PdOptions& options) {
  core::Problems problems;
  const bool binary = options.error == ErrorKind::binary;
  if (structures_tried(options).empty()) {
    problems.add("pd.structure",
                 fmt::format("{} is not for binary values; use a direct effect, an effect compartment or "
                             "tolerance",
                             pkpd::name(options.structure)));
  }
  if (binary && options.baselines.front() != pkpd::BaselineModel::constant) {
    problems.add("pd.baseline", "a probability has a constant baseline; write constant");
  }
  problems.throw_if_any<ConfigError>();
  const std::vector<std::string> names = known_names(options);
  const auto expect = [&](const std::string& where, const std::string& name, const std::vector<std::string>& known) {
    if (!core::contains(known, name)) {
      problems.add(where, fmt::format("the model has no parameter {}; it has {}{}", name, fmt::join(known, ", "),
                                      name_of_earlier_versions(name)));
    }
  };
  for (const std::string& name : options.variability) {
    if (name != error_word) expect("pd.omega.variable", name, names);
    if (name == error_word && binary) {
      problems.add("pd.omega.variable",
                   "error, and binary values (pd.error) have no residual error that could vary; leave it out");
    }
  }
  for (const std::string& name : options.search.parameters) expect("pd.search.parameters", name, names);
  std::vector<std::string> can_be_fixed = names;
  for (const std::string& name : names) can_be_fixed.push_back("omega." + name);
  const NamedBlocks joint = named_blocks(options.joint_blocks);
  for (const NamedBlocks* blocks : {&options.blocks, &joint}) {
    for (const std::string& name : correlation_names(*blocks)) can_be_fixed.push_back(name);
  }
  for (const auto& [name, of_parameter] : options.covariates) {
    expect("pd.covariates", name, names);
    for (const auto& [covariate, setting] : of_parameter) can_be_fixed.push_back(name + "." + covariate);
  }
  for (const std::string& name : error_names(options.error)) can_be_fixed.push_back(name);
  if (!binary) can_be_fixed.push_back(error_omega_name({}));
  const auto expect_values = [&](const char* key, const std::map<std::string, double>& values) {
    for (const auto& [name, value] : values) {
      expect(key, name, can_be_fixed);
      if (name.starts_with("correlation.")) continue;  // see check_correlations
      const bool is_coefficient =
          name.find('.') != std::string::npos && !name.starts_with("omega.") && !name.starts_with("error.");
      const bool any_sign = is_coefficient || may_be_negative(name);
      if (!std::isfinite(value) || (!any_sign && !(value > 0.0))) {
        problems.add(key, fmt::format("{} is {}; it must be {}", name, value, any_sign ? "finite" : "above 0"));
      }
      if (name == "baseline_amplitude" && value >= 1.0) {
        problems.add(key, fmt::format("{} is {}; it must be below 1, where the baseline reaches 0", name, value));
      }
    }
  };
  for (const std::vector<std::string>& block : options.blocks) {
    for (const std::string& name : block) {
      if (name != error_word) expect("pd.omega.blocks", name, names);  // see check_blocks
    }
  }
  // Which parameters vary may be searched for: a block counts where two of its parameters do.
  check_blocks("pd.omega.blocks", options.blocks, options.search.variability ? names : options.variability, problems);
  for (const std::vector<std::string>& block : options.joint_blocks) {
    for (const std::string& name : block) {
      if (name.starts_with("pd.")) expect("pk_pd.omega.blocks", name.substr(3), names);
    }
  }
  for (const NamedBlocks* blocks : {&options.blocks, &joint}) {
    check_correlations("pd.fixed", *blocks, options.fixed, true, problems);
    check_correlations("pd.initial", *blocks, options.initial, false, problems);
  }
  expect_values("pd.fixed", options.fixed);
  expect_values("pd.initial", options.initial);
  const auto start = options.initial.find("imax");
  if (!binary && start != options.initial.end() && start->second >= 1.0 &&
      (options.automatic || pkpd::inhibits(options.structure))) {
    problems.add("pd.initial", fmt::format("imax is {}; of an inhibition it starts below 1{}", start->second,
                                           options.automatic ? ": name a stimulation as pd.structure" : ""));
  }
  const auto effect = options.fixed.find("imax");
  if (!binary && effect != options.fixed.end() && effect->second > 1.0 &&
      (options.automatic || pkpd::inhibits(options.structure))) {
    problems.add("pd.fixed", fmt::format("imax is {}; of an inhibition it is at most 1{}", effect->second,
                                         options.automatic ? ": name a stimulation as pd.structure" : ""));
  }
  problems.throw_if_any<ConfigError>();
}

PdShape plain_shape(const PdOptions& options, pkpd::BiomarkerStructure structure) {
  PdShape shape;
  shape.structure = structure;
  shape.baseline = options.baselines.front();
  shape.error = options.error;
  shape.error_varies = core::contains(options.variability, std::string(error_word));
  const std::vector<std::string> names = parameter_names(structure, shape.baseline);
  for (const std::string& name : options.variability) {
    if (core::contains(names, name)) shape.etas.push_back(name);
  }
  for (const auto& [name, of_parameter] : options.covariates) {
    if (core::contains(names, name)) shape.effects[name] = of_parameter;
  }
  if (!core::contains(shape.etas, "hill") && !shape.effects.contains("hill")) shape.held["hill"] = 1.0;
  for (const auto& [name, value] : options.fixed) {
    if (core::contains(names, name)) shape.held[name] = value;
  }
  return shape;
}

PdShape translate(const PdShape& found, const PdShape& plain) {
  PdShape result = plain;
  result.baseline = found.baseline;
  const std::vector<std::string> names = parameter_names(plain.structure, found.baseline);
  result.error = found.error;
  if (!found.held.contains("hill")) result.held.erase("hill");
  result.etas.clear();
  for (const std::string& name : found.etas) {
    if (core::contains(names, name) && !result.held.contains(name)) result.etas.push_back(name);
  }
  for (const auto& [name, of_parameter] : found.effects) {
    if (core::contains(names, name)) result.effects[name] = of_parameter;
  }
  return result;
}

namespace {

/// Units of a biomarker parameter, with those of the trial.
std::string units_of(pkpd::BiomarkerParameter which, const trial::Units& units) {
  if (which == pkpd::BiomarkerParameter::baseline) return units.biomarker;
  using enum pkpd::BiomarkerParameter;
  if (which == ic50 || which == tol50) return units.concentration;
  return std::string(pkpd::biomarker_parameter_units.at(static_cast<std::size_t>(which)));
}

}  // namespace

Population population_of(const PdShape& shape, const PdModel& model, const PdOptions& options,
                         const Population& start) {
  Population population;
  population.baseline = shape.baseline;
  const BaselineStart moving = baseline_start(model, shape.baseline);
  const auto fix = [&](const std::string& name, double& value, bool& fixed) {
    const auto found = options.fixed.find(name);
    if (found == options.fixed.end()) return;
    value = found->second;
    fixed = true;
  };
  for (const pkpd::BiomarkerParameter which : pkpd::parameters_of(shape.structure, shape.baseline)) {
    Parameter parameter;
    parameter.name = pkpd::biomarker_parameter_names.at(static_cast<std::size_t>(which));
    parameter.units = units_of(which, model.units());
    parameter.typical = moving.value_of(which).value_or(parameter.typical);
    const auto given = options.initial.find(parameter.name);
    if (given != options.initial.end()) parameter.typical = given->second;
    const auto held = shape.held.find(parameter.name);
    parameter.typical_fixed = held != shape.held.end();
    if (parameter.typical_fixed) parameter.typical = held->second;
    parameter.scale = scale_of(which, shape, parameter.typical_fixed);
    const bool wants_eta = core::contains(shape.etas, parameter.name);
    if (wants_eta) parameter.omega = initial_pd_omega;
    if (wants_eta) fix("omega." + parameter.name, parameter.omega, parameter.omega_fixed);
    const auto effects = shape.effects.find(parameter.name);
    if (effects != shape.effects.end()) {
      for (const auto& [covariate, setting] : effects->second) {
        Effect effect = covariate_effect(model, parameter.name, covariate, setting, options.meaning);
        const auto initial = options.initial.find(parameter.name + "." + covariate);
        if (initial != options.initial.end() && !effect.fixed) effect.effect.coefficient = initial->second;
        fix(parameter.name + "." + covariate, effect.effect.coefficient, effect.fixed);
        parameter.effects.push_back(std::move(effect));
      }
    }
    take_start(parameter, start, wants_eta);
    population.parameters.push_back(std::move(parameter));
  }
  set_blocks(population, options.blocks, options.fixed, options.initial);
  if (!start.blocks.empty()) take_correlations(population, start);
  population.errors = start.errors;
  ResponseError& error = population.errors.front();
  if (!has_proportional(shape.error)) error.model.proportional = 0.0;
  if (!has_additive(shape.error)) error.model.additive = 0.0;
  for (const ErrorNumber& one : error_numbers(error)) {
    if (one.value > 0.0) fix(error_name(error, one.role), one.value, one.fixed);
  }
  error.model.omega = !shape.error_varies ? 0.0 : error.model.omega > 0.0 ? error.model.omega : initial_pd_omega;
  if (shape.error_varies) fix(error_omega_name(error), error.model.omega, error.omega_fixed);
  return population;
}

pkpd::EffectKind usual_kind(const PdModel& model, const std::string& covariate, const PdOptions& options) {
  return usual_kind(model, covariate, options.meaning);
}

std::string why_not_searched(const PdModel& model, const std::string& covariate, const PdOptions& options) {
  return why_not_searched(model, covariate, options.meaning,
                          [&](std::size_t subject) { return model.trial_subject(subject).id; });
}

}  // namespace titrant::nlme
