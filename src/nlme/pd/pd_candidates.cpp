#include "pd_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

#include "pk/nested.hpp"

namespace titrant::nlme {

namespace {

constexpr double bound_tolerance = 2e-6;  // relative: that of two optimisations
constexpr int most_restarts = 3;
constexpr double nearly_nothing = 1e-5;

/// Makes a moving baseline that (nearly) does not.
void hold_still(Population& population) {
  for (Parameter& parameter : population.parameters) {
    if (parameter.typical_fixed) continue;
    if (parameter.name == "baseline_slope") parameter.typical = 0.0;
    if (parameter.name == "baseline_amplitude") parameter.typical = nearly_nothing;
  }
}

}  // namespace

std::vector<FittedShape> fit_shapes(const parallel::Communicator& ranks, const PdModel& model,
                                    const std::vector<ShapeStart>& starts, const PdOptions& options) {
  std::deque<PdModel> models;  // which cannot be moved
  for (const ShapeStart& start : starts) models.emplace_back(model, start.shape.structure, start.shape.baseline);
  std::vector<QuickStart> quick;
  for (std::size_t unit = 0; unit < starts.size(); ++unit) {
    const ShapeStart& start = starts[unit];
    quick.push_back(
        {&models[unit], start.exact ? start.start : population_of(start.shape, models[unit], options, start.start)});
  }
  std::vector<QuickFit> fits = fit_side_by_side(ranks, quick, objective_of(options.methods));
  std::vector<FittedShape> fitted;
  for (std::size_t unit = 0; unit < starts.size(); ++unit) {
    FittedShape one;
    one.shape = starts[unit].shape;
    static_cast<QuickFit&>(one) = std::move(fits[unit]);
    fitted.push_back(std::move(one));
  }
  return fitted;
}

bool is_nested(const PdShape& smaller, const PdShape& larger) {
  const auto contains = [](const auto& many, const auto& one) {
    return std::find(many.begin(), many.end(), one) != many.end();
  };
  if (smaller.structure != larger.structure) return false;
  if (smaller.baseline != larger.baseline && smaller.baseline != pkpd::BaselineModel::constant) return false;
  if (smaller.error_varies && !larger.error_varies) return false;
  if (smaller.error != larger.error && !(is_combined(larger.error) && is_term_of_combined(smaller.error))) return false;
  for (const std::string& eta : smaller.etas) {
    if (!contains(larger.etas, eta)) return false;
  }
  for (const auto& held : larger.held) {
    if (!contains(smaller.held, held)) return false;
  }
  for (const auto& [parameter, effects] : smaller.effects) {
    const auto found = larger.effects.find(parameter);
    if (found == larger.effects.end()) return false;
    for (const auto& effect : effects) {
      if (!contains(found->second, effect)) return false;
    }
  }
  return smaller.description() != larger.description();
}

std::vector<std::string> restore_bounds(const parallel::Communicator& ranks, const PdModel& model,
                                        const PdOptions& options, std::map<std::string, FittedShape>& fitted) {
  std::vector<std::string> changed;
  for (int round = 0; round < most_restarts; ++round) {
    std::vector<ShapeStart> starts;
    for (const auto& [name, larger] : fitted) {
      const FittedShape* lowest = nullptr;
      for (const auto& [other, smaller] : fitted) {
        if (!is_nested(smaller.shape, larger.shape)) continue;
        if (lowest == nullptr || smaller.objective < lowest->objective) lowest = &smaller;
      }
      if (lowest == nullptr || !std::isfinite(lowest->objective)) continue;
      const double allowance = bound_tolerance * (1.0 + std::abs(lowest->objective));
      if (larger.objective <= lowest->objective + allowance) continue;
      const PdModel of_shape(model, larger.shape.structure, larger.shape.baseline);
      const Population own = population_of(larger.shape, of_shape, options, lowest->population);
      Population start = embedded(own, lowest->population);
      if (lowest->shape.baseline != larger.shape.baseline) hold_still(start);
      starts.push_back({larger.shape, std::move(start), true});
    }
    if (starts.empty()) break;
    bool any = false;
    for (FittedShape& one : fit_shapes(ranks, model, starts, options)) {
      FittedShape& known = fitted.at(one.shape.description());
      if (!(one.objective < known.objective)) continue;
      any = true;
      changed.push_back(one.shape.description());
      known = std::move(one);
    }
    if (!any) break;
  }
  return changed;
}

PdCandidate row(const FittedShape& fitted, const std::string& step) {
  PdCandidate candidate;
  candidate.description = fitted.shape.description();
  candidate.step = step;
  candidate.structure = fitted.shape.structure;
  candidate.baseline = fitted.shape.baseline;
  candidate.objective = fitted.objective;
  candidate.aic = fitted.aic;
  candidate.bic = fitted.bic;
  candidate.estimated = fitted.estimated;
  candidate.converged = fitted.converged;
  return candidate;
}

void add_row(std::vector<PdCandidate>& rows, PdCandidate row) {
  const auto known = std::find_if(rows.begin(), rows.end(),
                                  [&](const PdCandidate& other) { return other.description == row.description; });
  if (known == rows.end()) {
    rows.push_back(std::move(row));
  } else if (row.objective < known->objective) {
    row.step = known->step;
    *known = std::move(row);
  }
}

}  // namespace titrant::nlme
