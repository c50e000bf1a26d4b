#include "pk_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "error_variability.hpp"
#include "pk_population.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/nlme/approximation.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/nlme/layout.hpp"

namespace titrant::nlme {

namespace {

constexpr const char* weight = "weight";

/// The default allometry needs body weight; where nobody has one it is left out. What the user wrote is not touched.
PkOptions without_impossible_allometry(const trial::Trial& trial, PkOptions options,
                                       std::vector<std::string>& remarks) {
  const bool known = std::any_of(trial.subjects.begin(), trial.subjects.end(),
                                 [](const trial::Subject& subject) { return subject.covariates.contains(weight); });
  if (known || options.covariates != PkOptions{}.covariates) return options;
  options.covariates.clear();
  remarks.emplace_back(
      "no subject has a body weight: clearances and volumes do not depend on it (pk.covariates at its default)");
  return options;
}

/// One subject tells nothing of how subjects differ.
PkOptions without_impossible_variability(const PkModel& model, PkOptions options, std::vector<std::string>& remarks) {
  if (model.subjects() > 1) return options;
  const auto of_subjects = [](const auto& one) {
    return one.first.starts_with("omega.") || one.first.starts_with("correlation.");
  };
  std::erase_if(options.fixed, of_subjects);
  std::erase_if(options.initial, of_subjects);
  options.blocks.clear();
  if (!options.variability.empty()) {
    remarks.push_back(
        fmt::format("one subject alone has concentrations: the fit is without variability between subjects"));
  }
  options.variability.clear();
  return options;
}

constexpr const char* nothing_absorbed =
    "no dose of this trial is absorbed: all enter the central compartment (data.route)";

/// Why a parameter of the dose is not in the model; empty: it is, or it is none of these.
std::string missing_from(const PkModel& model, pkpd::PkParameter which) {
  using pkpd::PkParameter;
  switch (which) {
    case PkParameter::absorption_rate:
      if (model.absorbed() && !model.has_depot()) return "absorption is of zero order (pk.absorption)";
      return model.has_depot() ? "" : nothing_absorbed;
    case PkParameter::lag:
    case PkParameter::bioavailability:
    case PkParameter::absorption_duration:
    case PkParameter::mean_transit_time:
      return model.absorbed() ? "" : nothing_absorbed;
    case PkParameter::input_rate:
      return model.routes().modelled_rate ? "" : "no dose of this trial leaves its rate to the model (RATE -1)";
    case PkParameter::input_duration:
      return model.routes().modelled_duration ? "" : "no dose of this trial leaves its duration to the model (RATE -2)";
    default:
      return "";
  }
}

/// Why a number of the fit (a parameter, omega.NAME, NAME.COVARIATE) is not in the model.
std::string missing_from(const PkModel& model, const std::string& name) {
  for (const pkpd::PkParameter which : pkpd::all_pk_parameters()) {
    const std::string parameter(pkpd::pk_parameter_names.at(static_cast<std::size_t>(which)));
    if (name == parameter || name == "omega." + parameter || name.starts_with(parameter + ".")) {
      return missing_from(model, which);
    }
  }
  return "";
}

/// Only with intravenous doses beside absorbed ones do concentrations tell how much of the latter enters.
void check_bioavailability(const PkModel& model, const PkOptions& options, core::Problems& problems) {
  if (!options.bioavailability || options.fixed.contains("bioavailability")) return;
  if (!model.absorbed() || model.intravenous()) return;
  problems.add("pk.bioavailability",
               "all doses of this trial are absorbed, and their concentrations tell no more than clearances and "
               "volumes over the bioavailability (CL/F, V/F); expected false, its value in pk.fixed, or a trial with "
               "intravenous doses as well");
}

/// What the trial does not have: options of absorption, and values for parameters that are not in the model. The
/// default of `pk.omega.variable` names the absorption rate for all trials.
void check_absorption(const PkModel& model, const PkOptions& options) {
  core::Problems problems;
  const auto needs_absorption = [&](const char* key, bool asked, const char* right) {
    if (asked && !model.absorbed()) problems.add(key, fmt::format("{}; expected {}", nothing_absorbed, right));
  };
  const bool asked = options.absorption != AbsorptionChoice::automatic && options.absorption != AbsorptionChoice::none;
  needs_absorption("pk.lag", options.lag, "false");
  needs_absorption("pk.bioavailability", options.bioavailability, "false");
  needs_absorption("pk.absorption", asked, "auto or none");
  if (options.absorption == AbsorptionChoice::none && model.absorbed()) {
    problems.add("pk.absorption", "none, where doses of this trial are absorbed; expected auto, or data.route: iv");
  }
  check_bioavailability(model, options, problems);
  for (const auto& [key, values] : {std::pair("pk.fixed", &options.fixed), std::pair("pk.initial", &options.initial)}) {
    for (const auto& [name, value] : *values) {
      const std::string why = missing_from(model, name);
      if (!why.empty()) problems.add(key, fmt::format("{}: {}; leave it out", name, why));
    }
  }
  problems.throw_if_any<ConfigError>();
}

/// Names of parameters of doses that are not there, where the user wrote them.
void remark_on_absorption(const PkModel& model, const PkOptions& options, std::vector<std::string>& remarks) {
  const auto remark = [&](const char* key, const std::string& name) {
    const std::string why = missing_from(model, name);
    if (!why.empty()) remarks.push_back(fmt::format("{}: {}, so that {} is not in the model", key, why, name));
  };
  if (options.variability != PkOptions{}.variability) {
    for (const std::string& name : options.variability) remark("pk.omega.variable", name);
  }
  for (const std::string& name : options.occasion_variability) remark("pk.occasions.variable", name);
  for (const auto& [name, effects] : options.covariates) remark("pk.covariates", name);
}

/// Blocks with more numbers than subjects could tell.
void check_block_sizes(const PkModel& model, const Population& population) {
  for (const OmegaBlock& block : population.blocks) {
    const std::size_t members = block.parameters.size();
    const std::size_t numbers = members * (members + 1) / 2;
    if (numbers <= model.subjects() || block.fixed) continue;
    throw ConfigError(fmt::format(
        "pk.omega.blocks: a block of {} random effects has {} variances and correlations, and {} subjects have "
        "concentrations: too few to tell them; name fewer parameters in the block, or make two blocks of it",
        members, numbers, model.subjects()));
  }
}

/// Occasions that cannot be told from subjects, or from the residual error.
void check_occasions(const PkModel& model, const PkOptions& options) {
  if (options.occasion.empty()) return;
  if (model.absorption().kind == pkpd::AbsorptionKind::transit) {
    throw ConfigError(
        "pk.occasions: transit compartments do not follow parameters that change in time; expected another "
        "pk.absorption, or no pk.occasions");
  }
  std::size_t several = 0;    // subjects with more than one occasion
  std::size_t occasions = 0;  // with an observation
  std::size_t observations = 0;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<std::size_t> counts = model.observations_by_occasion(subject);
    std::size_t observed = 0;
    for (const std::size_t count : counts) observed += count > 0 ? 1 : 0;
    several += observed > 1 ? 1 : 0;
    occasions += observed;
    observations += model.observed(subject).size();
  }
  if (several == 0) {
    throw ConfigError(
        fmt::format("pk.occasions: no subject has concentrations on more than one occasion ({} differs within nobody); "
                    "leave pk.occasions out",
                    options.occasion));
  }
  if (observations == occasions) {
    throw ConfigError(
        "pk.occasions: each occasion has one concentration, so that a random effect of the occasion cannot be told "
        "from "
        "the residual error; leave pk.occasions out, or name a column with fewer occasions");
  }
}

bool has_positive_value(const PkModel& model) {
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto values = model.observed(subject);
    const auto censored = model.censored(subject);
    for (std::size_t j = 0; j < values.size(); ++j) {
      const bool is_censored = !censored.empty() && censored[j] != 0;
      if (values[j] > 0.0 && !is_censored && !model.always_zero(subject, j)) return true;
    }
  }
  return false;
}

}  // namespace

PkProblem prepare_pk(const trial::Trial& trial, pkpd::Structure structure, bool lag, const PkOptions& options) {
  check_names(options);
  PkProblem problem;
  problem.model =
      std::make_unique<const PkModel>(trial, structure, lag, options.error, dose_form(options), options.occasion);
  problem.structure = structure;
  const PkModel& model = *problem.model;
  check_absorption(model, options);
  remark_on_absorption(model, options, problem.remarks);
  if (!describes_zero(options.error)) model.expect_positive_values(options.error);
  if (!has_positive_value(model)) {
    throw DataError(fmt::format(
        "{}: no concentration after a dose is above 0 and not censored: there is nothing to fit", trial.source));
  }
  const PkOptions possible = without_impossible_variability(
      model, without_impossible_allometry(trial, options, problem.remarks), problem.remarks);
  check_occasions(model, possible);
  problem.population = describe_population(model, possible);
  check_block_sizes(model, problem.population);
  const std::size_t etas = problem.population.eta_parameters().size() + problem.population.error_etas().size();
  if (etas > 0 && model.subjects() <= etas) {
    problem.remarks.push_back(fmt::format(
        "{} subjects for {} standard deviations between subjects: too few to tell them", model.subjects(), etas));
  }
  std::size_t observations = 0;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) observations += model.observed(subject).size();
  const std::size_t estimated = Layout(problem.population).size();
  if (observations <= estimated) {
    problem.remarks.push_back(fmt::format(
        "{} observations for {} estimated numbers: the model can pass through all of them, and no error is to be told",
        observations, estimated));
  }
  const Design every_covariate_is_there(model, problem.population);
  check_objectives(options.methods, model, problem.population);
  expect_error_variability(model, problem.population, "pk.omega.variable");
  return problem;
}

}  // namespace titrant::nlme
