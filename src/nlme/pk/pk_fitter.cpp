#include "pk_fitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "flip_flop.hpp"
#include "nested.hpp"
#include "pk_population.hpp"
#include "pk_preparation.hpp"
#include "pk_result.hpp"
#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr double close_objective = 10.0;    // up to which another optimum is named
constexpr double hopeless_objective = 100;  // above the fit: a descent that is still there ends nowhere near it
constexpr int nested_evaluations = 60;      // of a smaller error model, from the larger one's optimum

/// One structure's fit with all that it is made from.
class Run {
 public:
  Run(const parallel::Communicator& ranks, const PkProblem& problem, const PkOptions& options, bool with_errors,
      std::uint64_t seed)
      : ranks_(ranks),
        problem_(problem),
        options_(options),
        refuses_(refuses_flip_flop(options, *problem.model)),
        seed_(seed) {
    settings_.starts = options.starts;
    settings_.optimiser = {.evaluations = options.iterations, .tolerance = options.tolerance};
    settings_.covariance =
        with_errors ? covariance_kind(problem.model->has_kinks(), options.covariance) : CovarianceKind::none;
    settings_.importance_check = with_errors && options.importance_check;
    settings_.resampling = with_errors && options.resampling;
    settings_.methods = {objective_of(options.methods)};
  }

  Estimation first(Population initial, std::vector<Population> screened) {
    if (refuses_) initial = on_the_fast_side(std::move(initial));
    EstimationOptions settings = settings_;
    settings.screened = std::move(screened);
    settings.methods = options_.methods;
    return run(initial, settings);
  }

  /// From one start alone.
  Estimation from(const Population& start) const {
    EstimationOptions settings = settings_;
    settings.starts = 1;
    return run(start, settings);
  }

  /// The same without standard errors, given up where it is far above `known`.
  std::optional<Estimation> glance(const Population& start, double known) const {
    EstimationOptions settings = settings_;
    settings.starts = 1;
    settings.covariance = CovarianceKind::none;
    settings.importance_check = settings.resampling = false;
    settings.optimiser.hopeless_above = known + hopeless_objective;
    settings.optimiser.evaluations = std::min(settings.optimiser.evaluations, nested_evaluations);
    try {
      return run(start, settings);
    } catch (const NumericalError&) {
      return std::nullopt;
    }
  }

  double allowance(double objective) const { return 10.0 * options_.tolerance * (1.0 + std::abs(objective)); }

 private:
  Population on_the_fast_side(Population initial) const {
    const TypicalRates rates = typical_rates(initial, problem_.structure);
    for (Parameter& one : initial.parameters) {
      if (one.name != "absorption_rate" || one.typical_fixed) continue;
      one.typical = std::max(one.typical, 1.5 * rates.terminal);
    }
    return initial;
  }

  Estimation run(const Population& start, EstimationOptions settings) const {
    const Population initial =
        refuses_ && typical_rates(start, problem_.structure).flip_flop() ? on_the_fast_side(start) : start;
    if (refuses_) {
      settings.constraint = absorption_not_slower(Layout(initial), problem_.structure);
    }
    return estimate(ranks_, *problem_.model, initial, settings, seed_);
  }

  const parallel::Communicator& ranks_;
  const PkProblem& problem_;
  const PkOptions& options_;
  bool refuses_;
  std::uint64_t seed_;
  EstimationOptions settings_;
};

/// Replaces `best` by an estimation that started elsewhere, if that is lower. The objectives of the first starts stay.
void take_lower(Estimation& best, Estimation other) {
  if (!(other.objective < best.objective)) return;
  std::vector<double> objectives = best.start_objectives;
  objectives.insert(objectives.end(), other.start_objectives.begin(), other.start_objectives.end());
  best = std::move(other);
  best.start_objectives = std::move(objectives);
}

bool any_always_zero(const PkModel& model) {
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    for (std::size_t j = 0; j < model.times(subject).size(); ++j) {
      if (model.always_zero(subject, j)) return true;
    }
  }
  return false;
}

/// Holds a combined error against each of its terms alone.
void compare_error_terms(const Run& run, const PkModel& model, Estimation& best) {
  for (const bool additive : {false, true}) {
    if (!additive && any_always_zero(model)) continue;  // it could not use these observations
    Population smaller = best.population;
    ResponseError& error = smaller.errors.front();
    if (error.additive_fixed || error.proportional_fixed) return;
    (additive ? error.model.proportional : error.model.additive) = 0.0;
    const std::optional<Estimation> nested = run.glance(smaller, best.objective);
    if (!nested || nested->objective > best.objective - run.allowance(best.objective)) continue;
    take_lower(best, run.from(embedded(best.population, nested->population)));
  }
}

std::string typical_values(const Population& population) {
  std::string text;
  for (const Parameter& one : population.parameters) {
    text += fmt::format("{}{} {:.4g} {}", text.empty() ? "" : ", ", one.name, one.typical, one.units);
  }
  return text;
}

/// Replaces `best` by the end of a descent from `start`, which is returned instead.
Estimation exchange_for(const Run& run, const Population& start, Estimation& best) {
  Estimation left = std::exchange(best, run.from(start));
  best.start_objectives.insert(best.start_objectives.begin(), left.start_objectives.begin(),
                               left.start_objectives.end());
  return left;
}

/// Holds the fit against the one with absorption and distribution exchanged, and takes that where it is lower. The
/// other one is named where it is close, or where absorption is the slower of the two.
void compare_distribution(const Run& run, pkpd::Structure structure, Estimation& best,
                          std::vector<std::string>& lines) {
  const std::optional<Population> start = other_branch(best.population, structure, Exchange::distribution);
  if (!start) return;
  std::optional<Estimation> other = run.glance(*start, best.objective);
  const bool faster = start->parameters.front().typical > best.population.parameters.front().typical;
  if (!other || (other->population.parameters.front().typical > best.population.parameters.front().typical) != faster) {
    return;  // it came back
  }
  if (other->objective < best.objective - run.allowance(best.objective)) {
    *other = exchange_for(run, other->population, best);
  }
  const double difference = other->objective - best.objective;
  const bool close = difference < close_objective;
  const bool on_slow_side = other->population.parameters.front().typical > best.population.parameters.front().typical;
  if (!(close || on_slow_side) || difference < run.allowance(best.objective)) return;
  lines.push_back(fmt::format("with absorption and distribution exchanged the objective is {:.3f} ({:+.3f}) at {}",
                              other->objective, difference, typical_values(other->population)));
}

/// Names flip-flop, and the other side of it where that is close; returns the lines. The side of faster absorption is
/// kept, unless the other one's objective is lower by more than 10 points: tablets are mostly absorbed faster than what
/// they hold is eliminated, and a smaller difference does not outweigh that.
std::vector<std::string> compare_branches(const Run& run, pkpd::Structure structure, bool refuse, Estimation& best) {
  std::vector<std::string> lines;
  if (!refuse) compare_distribution(run, structure, best, lines);
  const bool slow = typical_rates(best.population, structure).flip_flop();
  std::optional<Estimation> other;
  const std::optional<Population> start = other_branch(best.population, structure, Exchange::terminal);
  if (start && !refuse) other = run.glance(*start, best.objective);
  if (other && typical_rates(other->population, structure).flip_flop() == slow) other.reset();  // it came back
  if (other) {
    const double of_slow = slow ? best.objective : other->objective;
    const double of_fast = slow ? other->objective : best.objective;
    const bool wants_slow = of_slow < of_fast - close_objective;
    if (wants_slow != slow) *other = exchange_for(run, other->population, best);
  }
  const TypicalRates now = typical_rates(best.population, structure);
  std::string line;
  if (now.flip_flop()) {
    line = fmt::format(
        "flip-flop: absorption_rate, {:.4g} 1/h, is below the terminal rate of disposition, {:.4g} 1/h; concentrations "
        "after oral doses alone do not tell which of the two is which (pk.flip_flop: refuse keeps absorption faster)",
        now.absorption, now.terminal);
  }
  if (other && (now.flip_flop() || other->objective < best.objective + close_objective)) {
    line += fmt::format("{}with absorption {} than elimination the objective is {:.3f} ({:+.3f}) at {}",
                        line.empty() ? "flip-flop is possible: " : "; ", now.flip_flop() ? "faster" : "slower",
                        other->objective, other->objective - best.objective, typical_values(other->population));
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

/// SAEM goes where its start leads it. Where a short descent of FOCEI finds a lower objective with absorption and a
/// rate of disposition exchanged, SAEM runs again from there, and the end with the lower objective stays.
void compare_ends_of_saem(Run& run, pkpd::Structure structure, bool refuse, Estimation& best) {
  constexpr double clearly = 3.0;  // SAEM does not minimise FOCEI's objective: its ends differ by some tenths
  for (const Exchange exchange : {Exchange::distribution, Exchange::terminal}) {
    if (refuse) return;
    const std::optional<Population> start = other_branch(best.population, structure, exchange);
    if (!start) continue;
    const bool slow = typical_rates(best.population, structure).flip_flop();
    const std::optional<Estimation> other = run.glance(*start, best.objective);
    if (!other) continue;
    const bool to_slow = !slow && typical_rates(other->population, structure).flip_flop();
    if (other->objective > best.objective - (to_slow ? close_objective : clearly)) continue;
    Estimation again = run.first(other->population, {});
    if (again.objective < best.objective) best = std::move(again);
  }
}

}  // namespace

std::vector<const PopulationFit*> PkFitter::nested_fits(pkpd::Structure structure, bool lag) {
  std::vector<const PopulationFit*> nested;
  if (!options_.compare_nested) return nested;
  const auto add = [&](pkpd::Structure smaller, bool with_lag) {
    try {
      nested.push_back(&fit(smaller, with_lag, false));
    } catch (const NumericalError&) {  // what cannot be fitted bounds nothing
    }
  };
  if (structure == pkpd::Structure::two_compartment) add(pkpd::Structure::one_compartment, lag);
  if (structure == pkpd::Structure::three_compartment) add(pkpd::Structure::two_compartment, lag);
  if (lag) add(structure, false);
  return nested;
}

PopulationFit PkFitter::compute(pkpd::Structure structure, bool lag, bool with_errors) {
  const PkProblem problem = prepare_pk(trial_, structure, lag, options_);
  const Population initial = with_initial_values(ranks_, *problem.model, problem.population, options_);
  const bool saem_alone = options_.methods.back() == MethodKind::saem;  // no descent replaces its end
  std::vector<const PopulationFit*> nested;
  if (!saem_alone) nested = nested_fits(structure, lag);
  std::vector<Population> screened;
  for (const PopulationFit* smaller : nested) {
    if (smaller->model.structure == structure) {
      screened.push_back(embedded(initial, smaller->population));
      continue;
    }
    for (Population& start : with_periphery(initial, smaller->population)) screened.push_back(std::move(start));
  }
  // Under saturable elimination no other rates predict the same concentrations.
  const bool oral_alone = problem.model->has_depot() && !problem.model->intravenous() && !problem.model->saturable();
  Run run(ranks_, problem, options_, with_errors, seed_);
  Estimation best = run.first(initial, std::move(screened));
  const bool refuse = refuses_flip_flop(options_, *problem.model);
  if (options_.compare_nested && saem_alone && oral_alone) compare_ends_of_saem(run, structure, refuse, best);
  const std::vector<std::vector<double>> trajectory = best.saem_trajectory;
  const std::size_t exploration = best.saem_exploration;
  const std::vector<MethodKind> methods = best.methods;
  std::vector<std::string> lines;
  if (options_.compare_nested && !saem_alone) {
    if (is_combined(options_.error)) compare_error_terms(run, *problem.model, best);
    if (oral_alone) lines = compare_branches(run, structure, refuse, best);
    for (const PopulationFit* smaller : nested) {
      if (best.objective <= smaller->objective + run.allowance(smaller->objective)) continue;
      take_lower(best, run.from(embedded(initial, smaller->population)));
    }
  } else if (oral_alone) {
    const TypicalRates rates = typical_rates(best.population, structure);
    if (rates.flip_flop()) {
      lines.push_back(
          fmt::format("flip-flop: absorption_rate, {:.4g} 1/h, is below the terminal rate of disposition, {:.4g} 1/h "
                      "(pk.flip_flop: refuse keeps absorption faster)",
                      rates.absorption, rates.terminal));
    }
  }
  best.verdict.insert(best.verdict.end(), lines.begin(), lines.end());
  best.saem_trajectory = trajectory;  // also where a later descent went below what SAEM began
  best.saem_exploration = exploration;
  best.methods = methods;
  PopulationFit fit = population_fit(*problem.model, structure, best);
  fit.remarks.insert(fit.remarks.end(), problem.remarks.begin(), problem.remarks.end());
  return fit;
}

const PopulationFit& PkFitter::fit(pkpd::Structure structure, bool lag, bool with_errors) {
  const Key key{structure, lag};
  const auto found = known_.find(key);
  if (found != known_.end() && (found->second.with_errors || !with_errors)) return found->second.fit;
  PopulationFit fit = compute(structure, lag, with_errors);
  return known_.insert_or_assign(key, Known{std::move(fit), with_errors}).first->second.fit;
}

}  // namespace titrant::nlme
