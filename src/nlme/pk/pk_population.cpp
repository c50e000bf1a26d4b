#include "pk_population.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <string_view>

#include "allometry.hpp"
#include "blocks.hpp"
#include "covariate_effect.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/nlme/layout.hpp"

namespace titrant::nlme {

namespace {

constexpr double initial_pk_omega = 0.3;
constexpr double initial_occasion_omega = 0.2;
constexpr double initial_error_omega = 0.3;
constexpr std::string_view omega_prefix = "omega.";
constexpr std::string_view occasion_prefix = "occasion_omega.";
constexpr std::string_view correlation_prefix = "correlation.";

std::string units_of(pkpd::PkParameter which, const trial::Units& units) {
  switch (which) {
    case pkpd::PkParameter::input_rate:
    case pkpd::PkParameter::maximum_elimination_rate:
      return units.amount + "/h";
    case pkpd::PkParameter::michaelis_constant:
      return units.concentration;
    case pkpd::PkParameter::bioavailability:
      return "1";
    case pkpd::PkParameter::absorption_rate:
      return "1/h";
    case pkpd::PkParameter::clearance:
    case pkpd::PkParameter::intercompartmental_clearance:
    case pkpd::PkParameter::second_intercompartmental_clearance:
      return "L/h";
    case pkpd::PkParameter::volume:
    case pkpd::PkParameter::peripheral_volume:
    case pkpd::PkParameter::second_peripheral_volume:
      return "L";
    case pkpd::PkParameter::lag:
    case pkpd::PkParameter::input_duration:
    case pkpd::PkParameter::absorption_duration:
    case pkpd::PkParameter::mean_transit_time:
      break;
  }
  return "h";
}

std::vector<std::string> names_of(const PkOptions& options) {
  const pkpd::Structure largest = options.structure == StructureChoice::automatic ? pkpd::Structure::two_compartment
                                                                                  : structure_of(options.structure);
  std::vector<std::string> names;
  for (const pkpd::PkParameter which : pkpd::parameters_of(largest)) {
    if (which == pkpd::PkParameter::lag) continue;
    if (which == pkpd::PkParameter::clearance && options.elimination == pkpd::Elimination::michaelis_menten) continue;
    names.emplace_back(pkpd::pk_parameter_names.at(static_cast<std::size_t>(which)));
  }
  if (options.lag) names.emplace_back("lag");
  if (options.bioavailability) names.emplace_back("bioavailability");
  names.insert(names.end(), {"input_rate", "input_duration"});  // where a dose of the trial needs them
  if (options.absorption == AbsorptionChoice::zero_order) names.emplace_back("absorption_duration");
  if (options.absorption == AbsorptionChoice::transit) names.emplace_back("mean_transit_time");
  if (options.elimination != pkpd::Elimination::linear) {
    names.insert(names.end(), {"maximum_elimination_rate", "michaelis_constant"});
  }
  return names;
}

bool usual_variability(const PkOptions& options) { return options.variability == PkOptions{}.variability; }

/// The setting that brings a parameter into the model, which it is not in; empty: none does.
std::string setting_of(std::string_view parameter) {
  for (const std::string_view kind : {omega_prefix, occasion_prefix}) {
    if (parameter.starts_with(kind)) parameter.remove_prefix(kind.size());
  }
  if (parameter == "clearance") return "pk.elimination: linear or both";
  if (parameter == "maximum_elimination_rate" || parameter == "michaelis_constant") {
    return "pk.elimination: michaelis_menten or both";
  }
  if (parameter == "lag" || parameter == "bioavailability") return fmt::format("pk.{}: true", parameter);
  if (parameter == "absorption_duration") return "pk.absorption: zero_order";
  if (parameter == "mean_transit_time") return "pk.absorption: transit";
  return {};
}

void add_unknown(core::Problems& problems, const std::string& where, const std::string& name,
                 const std::vector<std::string>& known) {
  if (const std::string setting = setting_of(name); !setting.empty()) {
    return problems.add(where, fmt::format("the model has no parameter {}; it comes with {}", name, setting));
  }
  const std::string near = core::nearest(name, known);
  problems.add(where, near.empty()
                          ? fmt::format("the model has no parameter {}; it has {}", name, fmt::join(known, ", "))
                          : fmt::format("the model has no parameter {}; did you mean {}?", name, near));
}

/// Adds a problem for each entry of `pk.fixed` or `pk.initial` that is no parameter of the model or has no possible
/// value.
void check_values(const char* key, const std::map<std::string, double>& values, const PkOptions& options,
                  const std::vector<std::string>& names, core::Problems& problems) {
  std::vector<std::string> can_be_fixed = names;
  for (const std::string& name : names) can_be_fixed.push_back(fmt::format("{}{}", omega_prefix, name));
  for (const std::string& name : options.occasion_variability) {
    can_be_fixed.push_back(fmt::format("{}{}", occasion_prefix, name));
  }
  for (const std::string& name : correlation_names(options.blocks)) can_be_fixed.push_back(name);
  std::vector<std::string> coefficients;
  std::vector<std::string> categories;
  for (const auto& [name, effects] : options.covariates) {
    for (const auto& [covariate, setting] : effects) {
      coefficients.push_back(fmt::format("{}.{}", name, covariate));
      const auto* kind = std::get_if<pkpd::EffectKind>(&setting);
      if (kind != nullptr && *kind == pkpd::EffectKind::categorical) categories.push_back(coefficients.back());
    }
  }
  can_be_fixed.insert(can_be_fixed.end(), coefficients.begin(), coefficients.end());
  for (const std::string& name : error_names(options.error)) can_be_fixed.push_back(name);
  can_be_fixed.push_back(error_omega_name({}));
  const bool may_be_zero = &values == &options.fixed;  // an omega, which is then not in the model
  for (const auto& [name, value] : values) {
    if (!core::contains(can_be_fixed, name)) {
      add_unknown(problems, key, name, can_be_fixed);
    } else if (core::contains(coefficients, name)) {
      const bool category = core::contains(categories, name);
      if (!std::isfinite(value) || (category && value <= -1.0)) {
        problems.add(key, fmt::format("{} is {}; it must be {}", name, value, category ? "above -1" : "finite"));
      }
    } else if (name.starts_with(correlation_prefix)) {
      continue;  // see check_correlations
    } else if (!(value > 0.0 || (value == 0.0 && may_be_zero && name.starts_with(omega_prefix))) ||
               !std::isfinite(value)) {
      problems.add(key, fmt::format("{} is {}; it must be above 0", name, value));
    } else if (name == "bioavailability" && value >= 1.0) {
      problems.add(key, fmt::format("{} is {}; it must be between 0 and 1", name, value));
    }
  }
}

}  // namespace

DoseForm dose_form(const PkOptions& options) {
  DoseForm form{.absorption = {}, .bioavailability = options.bioavailability, .elimination = options.elimination};
  if (options.absorption == AbsorptionChoice::zero_order) form.absorption = {pkpd::AbsorptionKind::zero_order};
  if (options.absorption == AbsorptionChoice::transit) {
    form.absorption = {pkpd::AbsorptionKind::transit, options.transit_compartments};
  }
  return form;
}

void check_names(const PkOptions& options) {
  core::Problems problems;
  const std::vector<std::string> names = names_of(options);
  // Effects on parameters of the other structure do no harm: the defaults serve both.
  const std::vector<std::string> all(pkpd::pk_parameter_names.begin(), pkpd::pk_parameter_names.end());
  for (const std::string& name : options.variability) {
    if (core::contains(names, name) || name == error_word || usual_variability(options)) continue;
    add_unknown(problems, "pk.omega.variable", name, names);
  }
  for (const std::string& name : options.occasion_variability) {
    if (!core::contains(names, name)) add_unknown(problems, "pk.occasions.variable", name, names);
  }
  if (options.occasion_variability.empty() != options.occasion.empty()) {
    problems.add("pk.occasions", options.occasion.empty()
                                     ? "column is missing: it tells which records are of one occasion"
                                     : "variable is missing: the parameters that vary between occasions");
  }
  if (options.flip_flop == FlipFlop::refuse && options.elimination != pkpd::Elimination::linear) {
    problems.add("pk.flip_flop",
                 "refuse, which compares absorption with a rate of elimination, and saturable elimination "
                 "(pk.elimination) has no one rate; expected allow");
  }
  check_blocks("pk.omega.blocks", options.blocks, options.variability, problems);
  check_correlations("pk.fixed", options.blocks, options.fixed, true, problems);
  check_correlations("pk.initial", options.blocks, options.initial, false, problems);
  for (const auto& [name, effects] : options.covariates) {
    if (!core::contains(all, name)) add_unknown(problems, "pk.covariates", name, all);
  }
  for (const std::string& name : options.search.parameters) {
    if (!core::contains(names, name)) add_unknown(problems, "pk.search.parameters", name, names);
  }
  check_values("pk.fixed", options.fixed, options, names, problems);
  check_values("pk.initial", options.initial, options, names, problems);
  check_allometry(options, problems);
  problems.throw_if_any<ConfigError>();
}

Population describe_population(const PkModel& model, const PkOptions& options) {
  Population population;
  population.concentration_scale = model.concentration_scale();
  population.absorption = model.absorption();
  population.occasion = model.occasion();
  population.errors.front().units = model.units().concentration;
  const auto fix = [&](const std::string& name, double& value, bool& fixed) {
    const auto found = options.fixed.find(name);
    if (found == options.fixed.end()) return;
    value = found->second;
    fixed = true;
  };
  for (const pkpd::PkParameter which : model.parameters()) {
    Parameter parameter;
    parameter.name = pkpd::pk_parameter_names.at(static_cast<std::size_t>(which));
    parameter.units = units_of(which, model.units());
    if (which == pkpd::PkParameter::bioavailability) {
      parameter.scale = {.kind = Scale::Kind::logit, .lower = 0.0, .upper = 1.0};
      parameter.typical = 0.5;
    }
    fix(parameter.name, parameter.typical, parameter.typical_fixed);
    // By default what describes absorption and elimination varies, whatever it is.
    const bool usual = usual_variability(options) && (which == pkpd::PkParameter::absorption_duration ||
                                                      (which == pkpd::PkParameter::maximum_elimination_rate &&
                                                       options.elimination == pkpd::Elimination::michaelis_menten));
    if (usual || core::contains(options.variability, parameter.name)) parameter.omega = initial_pk_omega;
    fix(fmt::format("{}{}", omega_prefix, parameter.name), parameter.omega, parameter.omega_fixed);
    if (core::contains(options.occasion_variability, parameter.name)) parameter.occasion_omega = initial_occasion_omega;
    fix(fmt::format("{}{}", occasion_prefix, parameter.name), parameter.occasion_omega, parameter.occasion_omega_fixed);
    const auto effects = options.covariates.find(parameter.name);
    if (effects != options.covariates.end()) {
      for (const auto& [covariate, setting] : effects->second) {
        Effect effect = covariate_effect(model, parameter.name, covariate, setting, options.meaning);
        const auto initial = options.initial.find(fmt::format("{}.{}", parameter.name, covariate));
        if (initial != options.initial.end() && !effect.fixed) effect.effect.coefficient = initial->second;
        fix(fmt::format("{}.{}", parameter.name, covariate), effect.effect.coefficient, effect.fixed);
        parameter.effects.push_back(std::move(effect));
      }
    }
    population.parameters.push_back(std::move(parameter));
  }
  set_blocks(population, options.blocks, options.fixed, options.initial);
  ResponseError& error = population.errors.front();
  error.model.form = error_form(options.error);
  if (has_additive(options.error)) error.model.additive = 1.0;
  if (has_proportional(options.error)) error.model.proportional = initial_pk_omega;
  if (options.error == ErrorKind::power) error.model.exponent = initial_exponent;
  for (const ErrorNumber& one : error_numbers(error)) {
    if (one.value > 0.0) fix(error_name(error, one.role), one.value, one.fixed);
  }
  if (core::contains(options.variability, std::string(error_word))) error.model.omega = initial_error_omega;
  fix(error_omega_name(error), error.model.omega, error.omega_fixed);
  return population;
}

}  // namespace titrant::nlme
