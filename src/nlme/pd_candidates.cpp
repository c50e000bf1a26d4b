#include "pd_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "titrant/core/error.hpp"
#include "titrant/nlme/optimise.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::nlme {

namespace {

constexpr int most_evaluations = 150;
constexpr double tolerance = 1e-6;

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
    initial.push_back(population_of(start.shape, of_shape, options, start.start));
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

}  // namespace titrant::nlme
