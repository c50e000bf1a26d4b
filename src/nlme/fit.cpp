#include "titrant/nlme/fit.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <optional>

#include "pk_population.hpp"
#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

std::string_view name_of(pkpd::Structure structure) {
  return structure == pkpd::Structure::one_compartment ? "one_compartment" : "two_compartment";
}

pkpd::PopulationModel population_model(const Population& population, pkpd::Structure structure) {
  pkpd::PopulationModel model;
  model.structure = structure;
  model.error = population.error;
  for (const Parameter& parameter : population.parameters) {
    pkpd::ParameterModel one;
    one.name = parameter.name;
    one.typical = parameter.typical;
    one.omega = parameter.omega;
    for (const Effect& effect : parameter.effects) one.effects.push_back(effect.effect);
    model.parameters.push_back(std::move(one));
  }
  return model;
}

PopulationFit fit_structure(const parallel::Communicator& ranks, const trial::Trial& trial, pkpd::Structure structure,
                            const PkOptions& options, std::uint64_t seed) {
  const PkModel model(trial, structure, options.lag);
  if (options.error == ErrorKind::proportional) model.expect_doses_before_observations();
  const Population initial = with_initial_values(ranks, model, describe_population(model, options), options);
  Estimation estimation = estimate(
      ranks, model, initial,
      {.starts = options.starts, .optimiser = {.evaluations = options.iterations, .tolerance = options.tolerance}},
      seed);
  PopulationFit fit;
  fit.model = population_model(estimation.population, structure);
  fit.estimates = std::move(estimation.estimates);
  for (const std::size_t place : estimation.population.eta_parameters()) {
    fit.eta_names.push_back(estimation.population.parameters[place].name);
  }
  fit.etas = std::move(estimation.etas);
  fit.subjects = model.places();
  fit.shrinkage = std::move(estimation.shrinkage);
  fit.objective = estimation.objective;
  const auto observations = static_cast<double>(estimation.observations);
  const auto estimated = static_cast<double>(estimation.estimated);
  fit.minus_two_log_likelihood = fit.objective + observations * std::log(2.0 * std::numbers::pi);
  fit.aic = fit.minus_two_log_likelihood + 2.0 * estimated;
  fit.bic = fit.minus_two_log_likelihood + estimated * std::log(observations);
  fit.observations = estimation.observations;
  fit.estimated = estimation.estimated;
  fit.converged = estimation.converged;
  fit.message = std::move(estimation.message);
  fit.standard_error_method = std::move(estimation.standard_error_method);
  fit.covariance = std::move(estimation.covariance);
  fit.start_objectives = std::move(estimation.start_objectives);
  return fit;
}

/// A fit, or why there is none.
struct Candidate {
  std::optional<PopulationFit> fit;
  std::string failure;
};

Candidate try_structure(const parallel::Communicator& ranks, const trial::Trial& trial, pkpd::Structure structure,
                        const PkOptions& options, std::uint64_t seed) {
  try {
    return {.fit = fit_structure(ranks, trial, structure, options, seed), .failure = {}};
  } catch (const NumericalError& error) {
    return {.fit = {}, .failure = fmt::format("{} cannot be fitted: {}", name_of(structure), error.what())};
  }
}

/// The structure by BIC, or the one that can be fitted.
PkFit choose(Candidate one, Candidate two) {
  if (!one.fit && !two.fit) throw NumericalError(fmt::format("{}; {}", one.failure, two.failure));
  PkFit fit;
  if (!one.fit || !two.fit) {
    fit.best = one.fit ? *one.fit : *two.fit;
    fit.candidates = {fit.best};
    fit.reason = one.fit ? two.failure : one.failure;
    return fit;
  }
  const bool second = two.fit->bic < one.fit->bic;
  const PopulationFit& better = second ? *two.fit : *one.fit;
  const PopulationFit& other = second ? *one.fit : *two.fit;
  fit.reason = fmt::format("{} has the lower BIC: {:.1f} against {:.1f} of {} (objectives {:.3f} and {:.3f})",
                           name_of(better.model.structure), better.bic, other.bic, name_of(other.model.structure),
                           better.objective, other.objective);
  fit.best = better;
  fit.candidates = {std::move(*one.fit), std::move(*two.fit)};
  return fit;
}

}  // namespace

PkFit fit_pk(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
             std::uint64_t seed) {
  check_names(options);
  using enum pkpd::Structure;
  if (options.structure != StructureChoice::automatic) {
    const bool one = options.structure == StructureChoice::one_compartment;
    PkFit fit;
    fit.best = fit_structure(ranks, trial, one ? one_compartment : two_compartment, options, seed);
    fit.candidates = {fit.best};
    fit.reason = fmt::format("{} was asked for", name_of(fit.best.model.structure));
    return fit;
  }
  return choose(try_structure(ranks, trial, one_compartment, options, seed),
                try_structure(ranks, trial, two_compartment, options, seed));
}

}  // namespace titrant::nlme
