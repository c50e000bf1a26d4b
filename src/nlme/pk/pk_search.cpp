#include "pk_search.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nested.hpp"
#include "pk_fitter.hpp"
#include "pk_preparation.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/nlme/covariate_steps.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/side_by_side.hpp"

namespace titrant::nlme {

namespace {

/// The search of one structure. Each round fits all neighbours of the current model side by side; none is fitted twice.
class PkCovariateSearch {
 public:
  PkCovariateSearch(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
                    const PopulationFit& from)
      : ranks_(ranks),
        trial_(trial),
        options_(options),
        structure_(from.model.structure),
        kept_(effects_of(from.population)),
        any_(prepare_pk(trial, structure_, options.lag, options)),
        now_{kept_, from.objective} {
    population_ = from.population;
    rows_.push_back({.description = description(kept_),
                     .step = "start",
                     .objective = from.objective,
                     .aic = from.aic,
                     .bic = from.bic,
                     .estimated = from.estimated,
                     .converged = from.converged});
    find_candidates();
  }

  void run() {
    while (step(with_one_more(now_.effects, parameters_, candidates_), "forward")) {
    }
    while (step(with_one_less(now_.effects, kept_), "backward")) {
    }
  }

  bool changed() const { return now_.effects != kept_; }
  const Effects& effects() const { return now_.effects; }
  const Population& population() const { return population_; }
  const std::vector<PkCandidate>& rows() const { return rows_; }
  const std::vector<std::string>& notes() const { return notes_; }
  std::string description(const Effects& effects) const {
    return fmt::format("{}{}", pkpd::name(structure_), describe_effects(effects));
  }

 private:
  void find_candidates() {
    const PkModel& model = *any_.model;
    for (const std::string& covariate : options_.search.covariates) {
      const std::string why = why_not_searched(model, covariate, options_.meaning,
                                               [&](std::size_t i) { return model.trial_subject(i).id; });
      if (why.empty()) {
        candidates_.emplace_back(covariate, usual_kind(model, covariate, options_.meaning));
      } else {
        notes_.push_back(fmt::format("no effect of {} was searched: {}", covariate, why));
      }
    }
    for (const Parameter& parameter : population_.parameters) {
      const bool asked = options_.search.parameters.empty()
                             ? parameter.omega > 0.0
                             : core::contains(options_.search.parameters, parameter.name);
      if (asked && !parameter.typical_fixed) parameters_.push_back(parameter.name);
    }
  }

  bool step(const std::vector<Effects>& neighbours, const std::string& name) {
    fit(neighbours, name);
    std::vector<FittedEffects> round;
    for (const Effects& effects : neighbours) round.push_back({effects, known_.at(description(effects)).objective});
    const auto chosen = name == "forward" ? forward_step(now_, round, options_.search.forward)
                                          : backward_step(now_, round, options_.search.backward);
    if (!chosen) return false;
    notes_.push_back(chosen->note);
    now_ = round[chosen->place];
    population_ = known_.at(description(now_.effects)).population;
    return true;
  }

  /// Fits those that are not known, from the current optimum: what is new starts without effect.
  void fit(const std::vector<Effects>& neighbours, const std::string& name) {
    std::vector<QuickStart> starts;
    std::vector<std::string> names;
    for (const Effects& effects : neighbours) {
      if (known_.contains(description(effects))) continue;
      PkOptions with = options_;
      with.covariates = effects;
      starts.push_back(
          {any_.model.get(), embedded(prepare_pk(trial_, structure_, options_.lag, with).population, population_)});
      names.push_back(description(effects));
    }
    std::vector<QuickFit> fitted = fit_side_by_side(ranks_, starts, objective_of(options_.methods));
    for (std::size_t i = 0; i < fitted.size(); ++i) {
      rows_.push_back({.description = names[i],
                       .step = name,
                       .objective = fitted[i].objective,
                       .aic = fitted[i].aic,
                       .bic = fitted[i].bic,
                       .estimated = fitted[i].estimated,
                       .converged = fitted[i].converged});
      known_.emplace(names[i], std::move(fitted[i]));
    }
  }

  const parallel::Communicator& ranks_;
  const trial::Trial& trial_;
  const PkOptions& options_;
  pkpd::Structure structure_;
  Effects kept_;  ///< of the model that the search begins with
  PkProblem any_;
  FittedEffects now_;
  Population population_;  ///< at the optimum of `now_`
  std::vector<SearchedCovariate> candidates_;
  std::vector<std::string> parameters_;
  std::map<std::string, QuickFit> known_;  ///< by description
  std::vector<PkCandidate> rows_;
  std::vector<std::string> notes_;
};

/// The estimated numbers of a population by name, as PkOptions::initial has them.
std::map<std::string, double> numbers_of(const Population& population) {
  std::map<std::string, double> values;
  const Layout layout(population);
  const std::vector<double> x = layout.encode(population);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const Coordinate& one = layout.coordinates()[k];
    values[one.name] = one.role == Role::correlation  // the coordinate is the partial one
                           ? population.blocks[one.block].correlations[OmegaBlock::pair(one.row, one.column)]
                           : layout.natural(k, x[k]);
  }
  return values;
}

}  // namespace

PkOptions with_effects_of(PkOptions options, const PopulationFit& fit) {
  if (options.search.covariates.empty()) return options;
  options.covariates = effects_of(fit.population);
  options.search.covariates.clear();
  return options;
}

void search_covariates(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options,
                       std::uint64_t seed, PkFit& fit) {
  if (options.search.covariates.empty()) return;
  PkCovariateSearch search(ranks, trial, options, fit.best);
  search.run();
  fit.search = search.rows();
  for (const std::string& note : search.notes()) fit.reason += fmt::format("; {}", note);
  if (!search.changed()) {
    fit.reason += fmt::format("; no covariate effect enters (p below {:g})", options.search.forward);
    return;
  }
  PkOptions found = options;
  found.covariates = search.effects();
  found.initial = numbers_of(search.population());
  PkFitter fitter(ranks, trial, found, seed);
  PopulationFit last = fitter.fit(fit.best.model.structure);
  last.description = fmt::format("{}_covariates", pkpd::name(last.model.structure));
  fit.search.push_back({.description = search.description(search.effects()),
                        .step = "final",
                        .objective = last.objective,
                        .aic = last.aic,
                        .bic = last.bic,
                        .estimated = last.estimated,
                        .converged = last.converged});
  fit.candidates.push_back(last);
  fit.best = std::move(last);
}

}  // namespace titrant::nlme
