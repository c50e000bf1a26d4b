#include "covariate_search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pd_neighbours.hpp"

namespace titrant::nlme {

namespace {

constexpr double worthwhile_bic = 0.1;  // a smaller gain is that of the optimiser's tolerance

FittedEffects effects_in(const FittedShape& fitted) { return {fitted.shape.effects, fitted.objective}; }

std::vector<FittedEffects> effects_in(const std::vector<FittedShape>& round) {
  std::vector<FittedEffects> all;
  all.reserve(round.size());
  for (const FittedShape& one : round) all.push_back(effects_in(one));
  return all;
}

}  // namespace

CovariateSearch::CovariateSearch(const parallel::Communicator& ranks, const PdModel& model, const PdOptions& options,
                                 FittedShape start, std::vector<PdCandidate>& tried)
    : ranks_(ranks), model_(model), options_(options), current_(std::move(start)), tried_(tried) {
  known_.emplace(current_.shape.description(), current_);
  if (!options.search.enabled) return;
  for (const std::string& covariate : options.search.covariates) {
    const std::string why = why_not_searched(model, covariate, options);
    if (!why.empty()) notes_.push_back(fmt::format("no effect of {} was searched: {}", covariate, why));
  }
}

FittedShape CovariateSearch::run() {
  if (options_.search.variability) {
    variability();
    baseline();
  }
  if (!options_.search.enabled) return current_;
  forward();
  placement();
  if (options_.search.variability) variability();
  backward();
  return current_;
}

std::vector<FittedShape> CovariateSearch::fit(const std::vector<PdShape>& shapes, const std::string& step) {
  std::vector<ShapeStart> starts;
  for (const PdShape& shape : shapes) {
    if (!known_.contains(shape.description())) starts.push_back({shape, current_.population});
  }
  for (FittedShape& one : fit_shapes(ranks_, model_, starts, options_)) {
    add_row(tried_, row(one, step));
    known_.insert_or_assign(one.shape.description(), std::move(one));
  }
  for (const std::string& name : restore_bounds(ranks_, model_, options_, known_)) {
    add_row(tried_, row(known_.at(name), step));
  }
  current_ = known_.at(current_.shape.description());
  std::vector<FittedShape> fitted;
  fitted.reserve(shapes.size());
  for (const PdShape& shape : shapes) fitted.push_back(known_.at(shape.description()));
  return fitted;
}

/// Goes on to the lowest BIC, if it is lower than the current one. Since every move lowers it, moves end.
bool CovariateSearch::improve_bic(const std::vector<FittedShape>& fitted) {
  const auto best = std::min_element(fitted.begin(), fitted.end(),
                                     [](const FittedShape& a, const FittedShape& b) { return a.bic < b.bic; });
  if (best == fitted.end() || !(best->bic < current_.bic - worthwhile_bic)) return false;
  current_ = *best;
  return true;
}

void CovariateSearch::variability() {
  while (improve_bic(fit(other_variability(current_.shape, options_), "variability"))) {
  }
}

void CovariateSearch::baseline() {
  const FittedShape before = current_;
  if (!improve_bic(fit(other_baselines(current_.shape, model_, options_), "baseline"))) return;
  notes_.push_back(
      fmt::format("{} baseline: BIC down {:.1f}", pkpd::name(current_.shape.baseline), before.bic - current_.bic));
  variability();
}

void CovariateSearch::forward() {
  while (true) {
    const std::vector<FittedShape> round = fit(with_one_more_effect(current_.shape, model_, options_), "forward");
    const auto step = forward_step(effects_in(current_), effects_in(round), options_.search.forward);
    if (!step) return;
    notes_.push_back(step->note);
    current_ = round[step->place];
  }
}

void CovariateSearch::placement() {
  while (true) {
    const FittedShape before = current_;
    if (!improve_bic(fit(with_one_effect_moved(current_.shape, options_), "placement"))) return;
    notes_.push_back(
        fmt::format("{} moved to {}: -2 log L down {:.1f}", effect_added(current_.shape.effects, before.shape.effects),
                    effect_added(before.shape.effects, current_.shape.effects), before.objective - current_.objective));
  }
}

void CovariateSearch::backward() {
  while (true) {
    const std::vector<FittedShape> round = fit(with_one_effect_less(current_.shape, options_), "backward");
    const auto step = backward_step(effects_in(current_), effects_in(round), options_.search.backward);
    if (!step) return;
    notes_.push_back(step->note);
    current_ = round[step->place];
  }
}

}  // namespace titrant::nlme
