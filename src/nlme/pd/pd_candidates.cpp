#include "pd_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "pk/nested.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/optimise.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::nlme {

namespace {

constexpr int most_evaluations = 150;
constexpr double tolerance = 1e-6;
constexpr double bound_tolerance = 2e-6;  // relative: that of two optimisations
constexpr int most_restarts = 3;

std::size_t uncensored(const PdModel& model) {
  std::size_t count = 0;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto censored = model.censored(subject);
    count += model.observed(subject).size() -
             static_cast<std::size_t>(std::count(censored.begin(), censored.end(), static_cast<unsigned char>(1)));
  }
  return count;
}

std::size_t observations(const PdModel& model) {
  std::size_t count = 0;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) count += model.observed(subject).size();
  return count;
}

}  // namespace

std::vector<FittedShape> fit_shapes(const parallel::Communicator& ranks, const PdModel& model,
                                    const std::vector<ShapeStart>& starts, const PdOptions& options) {
  std::vector<Population> initial;
  std::size_t widest = 0;
  for (const ShapeStart& start : starts) {
    const PdModel of_shape(model, start.shape.structure);
    initial.push_back(start.exact ? start.start : population_of(start.shape, of_shape, options, start.start));
    widest = std::max(widest, Layout(initial.back()).size());
  }
  // A slot: objective, converged, coordinates.
  const auto compute = [&](std::size_t unit, std::span<double> slot) {
    slot[0] = std::numeric_limits<double>::infinity();
    try {
      const PdModel of_shape(model, starts[unit].shape.structure);
      Objective objective(parallel::Communicator{}, of_shape, initial[unit]);
      const Optimum optimum = minimise(objective, objective.layout().encode(initial[unit]), box(objective.layout()),
                                       {.evaluations = most_evaluations, .tolerance = tolerance});
      slot[0] = optimum.evaluation.value;
      slot[1] = optimum.converged ? 1.0 : 0.0;
      std::copy(optimum.x.begin(), optimum.x.end(), slot.begin() + 2);
    } catch (const NumericalError&) {  // listed as not fitted
    }
  };
  const std::vector<double> slots =
      parallel::run(ranks, {.units = starts.size(), .slot = 2 + widest, .compute = compute, .progress = {}});

  const double constant = static_cast<double>(uncensored(model)) * std::log(2.0 * std::numbers::pi);
  const double log_observations = std::log(static_cast<double>(observations(model)));
  std::vector<FittedShape> fitted;
  for (std::size_t unit = 0; unit < starts.size(); ++unit) {
    const Layout layout(initial[unit]);
    const double* slot = &slots[unit * (2 + widest)];
    FittedShape one;
    one.shape = starts[unit].shape;
    one.objective = slot[0];
    one.converged = slot[1] == 1.0;
    one.estimated = layout.size();
    one.population = std::isfinite(slot[0]) ? layout.decode(std::span(slot + 2, layout.size())) : initial[unit];
    one.aic = one.objective + constant + 2.0 * static_cast<double>(one.estimated);
    one.bic = one.objective + constant + log_observations * static_cast<double>(one.estimated);
    fitted.push_back(std::move(one));
  }
  return fitted;
}

bool is_nested(const PdShape& smaller, const PdShape& larger) {
  const auto contains = [](const auto& many, const auto& one) {
    return std::find(many.begin(), many.end(), one) != many.end();
  };
  if (smaller.structure != larger.structure) return false;
  if (smaller.error != larger.error && larger.error != ErrorKind::combined) return false;
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
      const PdModel of_shape(model, larger.shape.structure);
      const Population own = population_of(larger.shape, of_shape, options, lowest->population);
      starts.push_back({larger.shape, embedded(own, lowest->population), true});
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
