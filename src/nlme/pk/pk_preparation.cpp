#include "pk_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "pk_population.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
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
  std::erase_if(options.fixed, [](const auto& one) { return one.first.starts_with("omega."); });
  std::erase_if(options.initial, [](const auto& one) { return one.first.starts_with("omega."); });
  if (!options.variability.empty()) {
    remarks.push_back(
        fmt::format("one subject alone has concentrations: the fit is without variability between subjects"));
  }
  options.variability.clear();
  return options;
}

/// Values for what the model does not have without absorption. The default of `pk.variability` names it for all trials.
void check_absorption(const PkModel& model, const PkOptions& options) {
  if (model.absorbed()) return;
  core::Problems problems;
  const char* why = "no dose of this trial is absorbed: all enter the central compartment (data.route)";
  if (options.lag) problems.add("pk.lag", fmt::format("{}; expected false", why));
  for (const auto& [key, values] : {std::pair("pk.fixed", &options.fixed), std::pair("pk.initial", &options.initial)}) {
    for (const auto& [name, value] : *values) {
      if (name.find("absorption_rate") != std::string::npos)
        problems.add(key, fmt::format("{}: {}; leave it out", name, why));
    }
  }
  problems.throw_if_any<ConfigError>();
}

/// Names of an absorption that is not there, where the user wrote them.
void remark_on_absorption(const PkModel& model, const PkOptions& options, std::vector<std::string>& remarks) {
  if (model.absorbed()) return;
  const PkOptions usual;
  const std::vector<std::string>& variable = options.variability;
  if (variable != usual.variability &&
      std::find(variable.begin(), variable.end(), "absorption_rate") != variable.end()) {
    remarks.emplace_back("pk.variability: no dose is absorbed, so that absorption_rate is not in the model");
  }
  if (options.covariates.contains("absorption_rate")) {
    remarks.emplace_back("pk.covariates: no dose is absorbed, so that absorption_rate is not in the model");
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
  problem.model = std::make_unique<const PkModel>(trial, structure, lag, options.error);
  problem.structure = structure;
  const PkModel& model = *problem.model;
  check_absorption(model, options);
  remark_on_absorption(model, options, problem.remarks);
  if (options.error == ErrorKind::proportional) model.expect_proportional_error();
  if (!has_positive_value(model)) {
    throw DataError(fmt::format("{}: no concentration after a dose is above 0: there is nothing to fit", trial.source));
  }
  const PkOptions possible = without_impossible_variability(
      model, without_impossible_allometry(trial, options, problem.remarks), problem.remarks);
  problem.population = describe_population(model, possible);
  const std::size_t etas = problem.population.eta_parameters().size();
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
  return problem;
}

}  // namespace titrant::nlme
