#include "titrant/nlme/side_by_side.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/optimise.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::nlme {

namespace {

constexpr int most_evaluations = 150;
constexpr double quick_tolerance = 1e-6;

struct Observations {
  double all = 0.0;
  double uncensored = 0.0;
};

Observations observations_of(const SubjectModel& model) {
  Observations count;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto censored = model.censored(subject);
    const auto all = static_cast<double>(model.observed(subject).size());
    count.all += all;
    count.uncensored +=
        all - static_cast<double>(std::count(censored.begin(), censored.end(), static_cast<unsigned char>(1)));
  }
  return count;
}

}  // namespace

std::vector<QuickFit> fit_side_by_side(const parallel::Communicator& ranks, const std::vector<QuickStart>& starts,
                                       MethodKind method) {
  if (starts.empty()) return {};
  std::size_t widest = 0;
  for (const QuickStart& start : starts) widest = std::max(widest, Layout(start.population).size());
  // A slot: objective, converged, coordinates.
  const auto compute = [&](std::size_t unit, std::span<double> slot) {
    slot[0] = std::numeric_limits<double>::infinity();
    const QuickStart& start = starts[unit];
    try {
      Objective objective(parallel::Communicator{}, *start.model, start.population, method);
      const Optimum optimum = minimise(objective, objective.layout().encode(start.population), box(objective.layout()),
                                       {.evaluations = most_evaluations, .tolerance = quick_tolerance});
      slot[0] = optimum.evaluation.value;
      slot[1] = optimum.converged ? 1.0 : 0.0;
      std::copy(optimum.x.begin(), optimum.x.end(), slot.begin() + 2);
    } catch (const NumericalError&) {  // listed as not fitted
    }
  };
  const std::vector<double> slots =
      parallel::run(ranks, {.units = starts.size(), .slot = 2 + widest, .compute = compute, .progress = {}});

  const Observations observations = observations_of(*starts.front().model);
  const double constant = observations.uncensored * std::log(2.0 * std::numbers::pi);
  const double log_observations = std::log(observations.all);
  std::vector<QuickFit> fitted;
  for (std::size_t unit = 0; unit < starts.size(); ++unit) {
    const Layout layout(starts[unit].population);
    const double* slot = &slots[unit * (2 + widest)];
    QuickFit one;
    one.objective = slot[0];
    one.converged = slot[1] == 1.0;
    one.estimated = layout.size();
    one.population =
        std::isfinite(slot[0]) ? layout.decode(std::span(slot + 2, layout.size())) : starts[unit].population;
    one.aic = one.objective + constant + 2.0 * static_cast<double>(one.estimated);
    one.bic = one.objective + constant + log_observations * static_cast<double>(one.estimated);
    fitted.push_back(std::move(one));
  }
  return fitted;
}

}  // namespace titrant::nlme
