#include "allometry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "blocks.hpp"
#include "flip_flop.hpp"
#include "nested.hpp"
#include "pk_population.hpp"
#include "pk_preparation.hpp"
#include "pk_result.hpp"
#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr double lost_share = 0.1;  // of its initial value
constexpr std::array<const char*, 3> words = {"fixed", "none", "estimated"};

/// The usual exponents of body weight: 3/4 for flows and rates of metabolism, 1 for volumes (Anderson and Holford 2008,
/// Annu Rev Pharmacol Toxicol 48:303).
constexpr std::array<std::pair<const char*, double>, 7> usual_exponents = {
    {{"clearance", 0.75},
     {"volume", 1.0},
     {"intercompartmental_clearance", 0.75},
     {"peripheral_volume", 1.0},
     {"second_intercompartmental_clearance", 0.75},
     {"second_peripheral_volume", 1.0},
     {"maximum_elimination_rate", 0.75}}};

/// `population` from where another fit of the same structure ended. A standard deviation that had run towards 0 there
/// starts anew: from so low it would not come back.
Population started_from(Population population, const Population& known) {
  const auto take = [](double& deviation, double other) {
    if (other > lost_share * deviation) deviation = other;
  };
  for (std::size_t p = 0; p < population.parameters.size(); ++p) {
    Parameter& parameter = population.parameters[p];
    const Parameter& source = known.parameters[p];
    if (!parameter.typical_fixed) parameter.typical = source.typical;
    if (!parameter.omega_fixed) take(parameter.omega, source.omega);
    if (!parameter.occasion_omega_fixed) take(parameter.occasion_omega, source.occasion_omega);
    for (Effect& effect : parameter.effects) {
      for (const Effect& other : source.effects) {
        if (!effect.fixed && other.effect.covariate == effect.effect.covariate) {
          effect.effect.coefficient = other.effect.coefficient;
        }
      }
    }
  }
  take_correlations(population, known);
  ResponseError& error = population.errors.front();
  if (!error.additive_fixed) take(error.model.additive, known.errors.front().model.additive);
  if (!error.proportional_fixed) take(error.model.proportional, known.errors.front().model.proportional);
  if (!error.omega_fixed) take(error.model.omega, known.errors.front().model.omega);
  return population;
}

}  // namespace

void check_allometry(const PkOptions& options, core::Problems& problems) {
  for (const std::string& word : options.allometry) {
    if (std::find(words.begin(), words.end(), word) != words.end()) continue;
    problems.add("pk.allometry", fmt::format("there is no comparison {}; there are {}", word, fmt::join(words, ", ")));
  }
}

PkOptions with_allometry(PkOptions options, const std::string& word) {
  for (const auto& [parameter, exponent] : usual_exponents) {
    options.fixed.erase(fmt::format("{}.weight", parameter));
    auto& effects = options.covariates[parameter];
    if (word == "none") {
      effects.erase("weight");
    } else if (word == "fixed") {
      effects["weight"] = exponent;
    } else {
      effects["weight"] = pkpd::EffectKind::power;
    }
  }
  return options;
}

void compare_allometry(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
                       std::uint64_t seed, PkFit& fit) {
  const pkpd::Structure structure = fit.best.model.structure;
  for (const std::string& word : options.allometry) {
    const PkOptions changed = with_allometry(options, word);
    const std::string description = fmt::format("{}_allometry_{}", pkpd::name(structure), word);
    if (changed.covariates == options.covariates && changed.fixed == options.fixed) {
      fit.candidates.push_back(fit.best);
      fit.candidates.back().description = description;
      continue;
    }
    try {
      const PkProblem problem = prepare_pk(trial, structure, options.lag, changed);
      const PkModel& model = *problem.model;
      const Population initial =
          started_from(with_initial_values(ranks, model, problem.population, changed), fit.best.population);
      const EstimationOptions once = {.starts = 1,
                                      .optimiser = {.evaluations = options.iterations, .tolerance = options.tolerance},
                                      .covariance = covariance_kind(model.has_kinks(), options.covariance),
                                      .screened = {},
                                      .constraint = refuses_flip_flop(options, model)
                                                        ? absorption_not_slower(Layout(initial), structure)
                                                        : Constraint{}};
      Estimation estimation = estimate(ranks, model, initial, once, seed);
      if (word == "estimated") {  // fixed exponents, 0 among them, are nested in estimated ones
        for (const PopulationFit& smaller : fit.candidates) {
          if (smaller.model.structure != structure) continue;
          if (estimation.objective <=
              smaller.objective + 10.0 * options.tolerance * (1.0 + std::abs(smaller.objective)))
            continue;
          Estimation other = estimate(ranks, model, embedded(initial, smaller.population), once, seed);
          if (other.objective < estimation.objective) estimation = std::move(other);
        }
      }
      fit.candidates.push_back(population_fit(model, structure, estimation));
      fit.candidates.back().description = description;
    } catch (const Error& error) {
      fit.reason += fmt::format("; {} cannot be fitted: {}", description, error.what());
    }
  }
}

}  // namespace titrant::nlme
