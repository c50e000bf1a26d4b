#include "covariate_search.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>

#include "pd_neighbours.hpp"

namespace titrant::nlme {

namespace {

constexpr double worthwhile_bic = 0.1;  // a smaller gain is that of the optimiser's tolerance

/// "comed on baseline", the effect that `larger` has and `smaller` has not.
std::string effect_added(const PdShape& smaller, const PdShape& larger) {
  for (const auto& [parameter, of_parameter] : larger.effects) {
    const auto before = smaller.effects.find(parameter);
    for (const auto& [covariate, setting] : of_parameter) {
      if (before == smaller.effects.end() || !before->second.contains(covariate)) {
        return fmt::format("{} on {}", covariate, parameter);
      }
    }
  }
  return {};
}

std::vector<FittedShape>::const_iterator lowest_objective(const std::vector<FittedShape>& fitted) {
  return std::min_element(fitted.begin(), fitted.end(),
                          [](const FittedShape& a, const FittedShape& b) { return a.objective < b.objective; });
}

/// The effect that enters and what the others of the round would have given.
std::string entry(const FittedShape& before, const FittedShape& chosen, std::vector<FittedShape> round) {
  const double drop = before.objective - chosen.objective;
  std::stable_sort(round.begin(), round.end(),
                   [](const FittedShape& a, const FittedShape& b) { return a.objective < b.objective; });
  std::vector<std::string> others;
  for (const FittedShape& other : round) {
    if (other.shape.effects == chosen.shape.effects) continue;
    others.push_back(
        fmt::format("{} {:.1f}", effect_added(before.shape, other.shape), before.objective - other.objective));
  }
  std::string text = fmt::format("{} lowers -2 log L by {:.1f} (p {:.2g})", effect_added(before.shape, chosen.shape),
                                 drop, likelihood_ratio_p(drop));
  if (!others.empty()) text += fmt::format(", where {} would", fmt::join(others, ", "));
  return text;
}

}  // namespace

double likelihood_ratio_p(double drop) {
  if (!(drop > 0.0)) return 1.0;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(1.0), drop));
}

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
  if (options_.search.variability) variability();
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

void CovariateSearch::forward() {
  while (true) {
    const std::vector<FittedShape> round = fit(with_one_more_effect(current_.shape, model_, options_), "forward");
    const auto best = lowest_objective(round);
    if (best == round.end() || !(likelihood_ratio_p(current_.objective - best->objective) < options_.search.forward)) {
      return;
    }
    notes_.push_back(entry(current_, *best, round));
    current_ = *best;
  }
}

void CovariateSearch::placement() {
  while (true) {
    const FittedShape before = current_;
    if (!improve_bic(fit(with_one_effect_moved(current_.shape, options_), "placement"))) return;
    notes_.push_back(fmt::format("{} moved to {}: -2 log L down {:.1f}", effect_added(current_.shape, before.shape),
                                 effect_added(before.shape, current_.shape), before.objective - current_.objective));
  }
}

void CovariateSearch::backward() {
  while (true) {
    const std::vector<FittedShape> round = fit(with_one_effect_less(current_.shape, options_), "backward");
    const auto best = lowest_objective(round);
    if (best == round.end()) return;
    const double rise = best->objective - current_.objective;
    if (!(likelihood_ratio_p(rise) > options_.search.backward)) return;
    notes_.push_back(fmt::format("{} left again: -2 log L up {:.1f} (p {:.2g})",
                                 effect_added(best->shape, current_.shape), rise, likelihood_ratio_p(rise)));
    current_ = *best;
  }
}

}  // namespace titrant::nlme
