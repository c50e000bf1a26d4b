#include "titrant/nlme/fit.hpp"

#include <fmt/format.h>

#include <optional>

#include "allometry.hpp"
#include "pk_fitter.hpp"
#include "pk_result.hpp"
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
    return {.fit = {}, .failure = fmt::format("{} cannot be fitted: {}", name_of(structure), error.what())};
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
                           name_of(better.model.structure), second == lower ? "lower" : "higher", better.bic, other.bic,
                           name_of(other.model.structure), better.objective, other.objective);
  if (by_convergence) {
    fit.reason +=
        fmt::format("; {} did not converge{}", name_of(other.model.structure),
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

PkFit fit_pk(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
             std::uint64_t seed) {
  using enum pkpd::Structure;
  PkFitter fitter(ranks, trial, options, seed);
  if (options.structure != StructureChoice::automatic) {
    const bool one = options.structure == StructureChoice::one_compartment;
    PkFit fit;
    fit.best = fitter.fit(one ? one_compartment : two_compartment);
    fit.candidates = {fit.best};
    fit.reason = fmt::format("{} was asked for", name_of(fit.best.model.structure));
    compare_allometry(ranks, trial, options, seed, fit);
    return fit;
  }
  Candidate one = try_structure(fitter, one_compartment);
  Candidate two = try_structure(fitter, two_compartment);
  PkFit fit = choose(std::move(one), std::move(two));
  compare_allometry(ranks, trial, options, seed, fit);
  return fit;
}

}  // namespace titrant::nlme
