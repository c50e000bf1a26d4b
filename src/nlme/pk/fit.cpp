#include "titrant/nlme/fit.hpp"

#include <fmt/format.h>

#include <optional>

#include "allometry.hpp"
#include "pk_fitter.hpp"
#include "pk_result.hpp"
#include "pk_search.hpp"
#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

/// A fit, or why there is none.
struct Candidate {
  std::optional<PopulationFit> fit;
  std::string failure;
};

Candidate try_structure(PkFitter& fitter, pkpd::Structure structure) {
  try {
    return {.fit = fitter.fit(structure), .failure = {}};
  } catch (const NumericalError& error) {
    return {.fit = {}, .failure = fmt::format("{} cannot be fitted: {}", pkpd::name(structure), error.what())};
  }
}

/// The structure by BIC, or the one that can be fitted. A fit that did not converge loses against one that did.
PkFit choose(Candidate one, Candidate two) {
  if (!one.fit && !two.fit) throw NumericalError(fmt::format("{}; {}", one.failure, two.failure));
  PkFit fit;
  if (!one.fit || !two.fit) {
    fit.best = one.fit ? *one.fit : *two.fit;
    fit.candidates = {fit.best};
    fit.reason = one.fit ? two.failure : one.failure;
    return fit;
  }
  const bool lower = two.fit->bic < one.fit->bic;
  const bool by_convergence = one.fit->converged != two.fit->converged;
  const bool second = by_convergence ? two.fit->converged : lower;
  const PopulationFit& better = second ? *two.fit : *one.fit;
  const PopulationFit& other = second ? *one.fit : *two.fit;
  fit.reason = fmt::format("{} has the {} BIC: {:.1f} against {:.1f} of {} (objectives {:.3f} and {:.3f})",
                           pkpd::name(better.model.structure), second == lower ? "lower" : "higher", better.bic,
                           other.bic, pkpd::name(other.model.structure), better.objective, other.objective);
  if (by_convergence) {
    fit.reason +=
        fmt::format("; {} did not converge{}", pkpd::name(other.model.structure),
                    second == lower ? ", so that its BIC may be lower than this: see pk.iterations and pk.starts"
                                    : " and is not taken: see pk.iterations and pk.starts");
  } else if (!better.converged) {
    fit.reason += "; neither converged: see pk.iterations and pk.starts";
  }
  fit.best = better;
  fit.candidates = {std::move(*one.fit), std::move(*two.fit)};
  return fit;
}

}  // namespace

StructureChoice choice_of(pkpd::Structure structure) {
  switch (structure) {
    case pkpd::Structure::one_compartment:
      return StructureChoice::one_compartment;
    case pkpd::Structure::two_compartment:
      return StructureChoice::two_compartment;
    case pkpd::Structure::three_compartment:
      break;
  }
  return StructureChoice::three_compartment;
}

pkpd::Structure structure_of(StructureChoice choice) {
  switch (choice) {
    case StructureChoice::two_compartment:
      return pkpd::Structure::two_compartment;
    case StructureChoice::three_compartment:
      return pkpd::Structure::three_compartment;
    default:
      return pkpd::Structure::one_compartment;
  }
}

PkFit fit_pk(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
             std::uint64_t seed) {
  using enum pkpd::Structure;
  PkFitter fitter(ranks, trial, options, seed);
  if (options.structure != StructureChoice::automatic) {
    PkFit fit;
    fit.best = fitter.fit(structure_of(options.structure));
    fit.candidates = {fit.best};
    fit.reason = fmt::format("{} was asked for", pkpd::name(fit.best.model.structure));
    compare_allometry(ranks, trial, options, seed, fit);
    search_covariates(ranks, trial, options, seed, fit);
    return fit;
  }
  Candidate one = try_structure(fitter, one_compartment);
  Candidate two = try_structure(fitter, two_compartment);
  PkFit fit = choose(std::move(one), std::move(two));
  compare_allometry(ranks, trial, options, seed, fit);
  search_covariates(ranks, trial, options, seed, fit);
  return fit;
}

}  // namespace titrant::nlme
