#include "titrant/nlme/fit.hpp"

#include <fmt/format.h>

#include <optional>

#include "allometry.hpp"
#include "pk_population.hpp"
#include "pk_result.hpp"
#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

EstimationOptions estimation_options(const PkOptions& options) {
  return {.starts = options.starts,
          .optimiser = {.evaluations = options.iterations, .tolerance = options.tolerance},
          .covariance = options.covariance};
}

PopulationFit fit_structure(const parallel::Communicator& ranks, const trial::Trial& trial, pkpd::Structure structure,
                            const PkOptions& options, std::uint64_t seed) {
  const PkModel model(trial, structure, options.lag);
  if (options.error == ErrorKind::proportional) model.expect_proportional_error();
  const Population initial = with_initial_values(ranks, model, describe_population(model, options), options);
  return population_fit(model, structure, estimate(ranks, model, initial, estimation_options(options), seed));
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
    compare_allometry(ranks, trial, options, seed, fit);
    return fit;
  }
  PkFit fit = choose(try_structure(ranks, trial, one_compartment, options, seed),
                     try_structure(ranks, trial, two_compartment, options, seed));
  compare_allometry(ranks, trial, options, seed, fit);
  return fit;
}

}  // namespace titrant::nlme
