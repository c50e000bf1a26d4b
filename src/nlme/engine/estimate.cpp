#include "titrant/nlme/estimate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "bounds.hpp"
#include "estimates.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/approximation.hpp"
#include "titrant/nlme/importance.hpp"
#include "titrant/nlme/saem.hpp"
#include "titrant/nlme/sir.hpp"
#include "titrant/nlme/uncertainty.hpp"
#include "verdict.hpp"

namespace titrant::nlme {

namespace {

constexpr double start_spread = 0.4;       // standard deviation of the starts on the optimiser's scale
constexpr double negligible_omega = 0.05;  // below it, the bound is tried
constexpr double negligible_error = 0.05;  // the same as a share of the initial residual error
constexpr double newton_decrement =
    1e-9;  // squared length of a Newton step in standard errors that is not worth taking
constexpr int most_newton_steps = 5;
constexpr double room = 2.0;              // beyond a start outside the box
constexpr std::size_t most_screened = 4;  // starts that go a few steps
constexpr int screening_evaluations = 10;

std::vector<double> start_point(const Layout& layout, const std::vector<double>& centre, std::uint64_t seed,
                                int start) {
  std::vector<double> x = centre;
  if (start == 0) return x;
  core::Stream stream(seed, core::Purpose::starts, static_cast<std::uint64_t>(start));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Coordinate& coordinate = layout.coordinates()[i];
    x[i] = std::clamp(x[i] + start_spread * stream.normal(), coordinate.lower, coordinate.upper);
  }
  return x;
}

/// What a fit without a finite objective is told beside: the values that are held, and the keys that say so.
std::string keys_to_look_at(const Layout& layout, const std::vector<double>& x) {
  std::vector<std::string> held;
  for (const Estimate& one : estimates(layout, x, layout.decode(x), {}, {})) {
    if (one.fixed) held.push_back(fmt::format("{} = {:g}", one.name, one.value));
  }
  return fmt::format("; look at {}the keys fixed and initial of pk or pd",
                     held.empty() ? "" : fmt::format("what is held ({}), at ", fmt::join(held, ", ")));
}

/// The box of the layout, wide enough for the points.
Box wide_box(const Layout& layout, const std::vector<std::vector<double>>& points) {
  Box result = box(layout);
  for (const std::vector<double>& x : points) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (is_of_random_effects(layout.coordinates()[i].role)) continue;  // their bounds do not depend on the data
      result.lower[i] = std::min(result.lower[i], x[i] - room);
      result.upper[i] = std::max(result.upper[i], x[i] + room);
    }
  }
  return result;
}

/// Of the screened starts the one that is lowest after a few steps, of those that are lowest without any; none where no
/// one has a finite objective.
std::optional<std::vector<double>> best_screened(Objective& objective, const std::vector<std::vector<double>>& points,
                                                 const Box& box, const EstimationOptions& options) {
  OptimiserOptions few = options.optimiser;
  few.evaluations = std::min(few.evaluations, screening_evaluations);
  std::vector<std::pair<double, std::size_t>> ranked;
  const auto value_of = [&](const std::vector<double>& point) {
    std::vector<double> ignored(point.size());
    if (options.constraint && options.constraint(point, ignored) > 0.0) return std::numeric_limits<double>::infinity();
    objective.restore({});
    try {
      const double value = objective.evaluate(point).value;
      return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
    } catch (const NumericalError&) {  // one of several
      return std::numeric_limits<double>::infinity();
    }
  };
  for (std::size_t i = 0; i < points.size(); ++i) ranked.emplace_back(value_of(points[i]), i);
  std::sort(ranked.begin(), ranked.end());
  ranked.resize(std::min(ranked.size(), most_screened));
  std::optional<std::vector<double>> best;
  double lowest = std::numeric_limits<double>::infinity();
  for (const auto& [value, i] : ranked) {
    if (!std::isfinite(value)) continue;
    objective.restore({});
    Optimum optimum = minimise(objective, points[i], box, few, options.constraint);
    if (!(optimum.evaluation.value < lowest)) continue;
    lowest = optimum.evaluation.value;
    best = std::move(optimum.x);
  }
  return best;
}

/// The best of all starts; their objectives in `objectives`, where they converged to in `optima`.
Optimum best_start(Objective& objective, const std::vector<double>& centre, const Box& box,
                   const std::vector<std::vector<double>>& screened, const EstimationOptions& options,
                   std::uint64_t seed, std::vector<double>& objectives, std::vector<OtherOptimum>& optima) {
  std::optional<Optimum> best;
  std::string failure;
  const auto descend = [&](const std::vector<double>& from) {
    objective.restore({});
    try {
      Optimum optimum = minimise(objective, from, box, options.optimiser, options.constraint);
      objectives.push_back(optimum.evaluation.value);
      if (optimum.converged) optima.push_back({optimum.evaluation.value, optimum.x});
      if (!best || optimum.evaluation.value < best->evaluation.value) best = std::move(optimum);
    } catch (const NumericalError& error) {
      objectives.push_back(std::numeric_limits<double>::infinity());
      if (failure.empty()) failure = error.what();
    }
  };
  for (int start = 0; start < options.starts; ++start) {
    std::vector<double> from = start_point(objective.layout(), centre, seed, start);
    if (options.constraint) {
      std::vector<double> ignored(from.size());
      if (options.constraint(from, ignored) > 0.0) from = centre;
    }
    descend(from);
  }
  const std::optional<std::vector<double>> further = best_screened(objective, screened, box, options);
  if (further) descend(*further);
  if (!best) {
    throw NumericalError(fmt::format("no start of the estimation has a finite objective: {}{}", failure,
                                     keys_to_look_at(objective.layout(), centre)));
  }
  return *best;
}

/// None where the objective has no finite value.
std::optional<Evaluation> evaluation_at(const Objective& objective, const std::vector<double>& x) {
  try {
    return objective.evaluate_around({x}).front();
  } catch (const NumericalError&) {
    return std::nullopt;
  }
}

/// Coordinates of `x` that are small enough to try their lower bound.
std::vector<std::size_t> negligible(const Layout& layout, const std::vector<double>& x,
                                    const std::vector<double>& centre) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Role role = layout.coordinates()[i].role;
    if ((is_omega(role) && x[i] < std::log(negligible_omega)) ||
        (is_error_size(role) && x[i] < centre[i] + std::log(negligible_error))) {
      found.push_back(i);
    }
  }
  return found;
}

/// The correlations of a parameter with others of its block.
std::vector<std::size_t> correlations_with(const Layout& layout, std::size_t parameter) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const Coordinate& one = layout.coordinates()[i];
    if (one.role == Role::correlation && (one.parameter == parameter || one.other == parameter)) found.push_back(i);
  }
  return found;
}

/// Sets small standard deviations back to where they started and optimises again: where an early step threw one towards
/// 0, its logarithm has no slope left and the optimiser stays, needed or not. Keeps the better optimum.
void revive_negligible(Objective& objective, Optimum& optimum, const Box& box, const std::vector<double>& centre,
                       const EstimationOptions& options) {
  const std::vector<std::size_t> small = negligible(objective.layout(), optimum.x, centre);
  if (small.empty()) return;
  std::vector<double> x = optimum.x;
  for (const std::size_t i : small) x[i] = centre[i];
  try {
    Optimum other = minimise(objective, x, box, options.optimiser, options.constraint);
    if (other.evaluation.value < optimum.evaluation.value) optimum = std::move(other);
  } catch (const NumericalError&) {  // no finite objective there: the optimum at hand stands
  }
  objective.restore(optimum.memory);
}

/// Moves standard deviations that are not needed to their lower bounds and narrows the box to that: their logarithms
/// run to minus infinity, where the objective is flat and the optimiser would stop anywhere. Optimises the others anew.
void hold_negligible(Objective& objective, Optimum& optimum, Box& box, const std::vector<double>& centre,
                     const EstimationOptions& options) {
  bool held = false;
  for (const std::size_t i : negligible(objective.layout(), optimum.x, centre)) {
    const Coordinate& which = objective.layout().coordinates()[i];
    std::vector<std::size_t> correlated;  // what varies no more is correlated with nothing
    if (which.role == Role::omega) correlated = correlations_with(objective.layout(), which.parameter);
    std::vector<double> x = optimum.x;
    x[i] = box.lower[i];
    for (const std::size_t k : correlated) x[k] = 0.0;
    const std::optional<Evaluation> there = evaluation_at(objective, x);
    if (!there) continue;
    const double allowance = options.optimiser.tolerance * (1.0 + std::abs(optimum.evaluation.value));
    if (!(there->value <= optimum.evaluation.value + allowance)) continue;
    optimum.x = x;
    optimum.evaluation = *there;
    box.upper[i] = box.lower[i];
    for (const std::size_t k : correlated) box.lower[k] = box.upper[k] = 0.0;
    held = true;
  }
  if (held) optimum = minimise(objective, optimum.x, box, options.optimiser, options.constraint);
}

std::vector<std::size_t> free_coordinates(const Box& box, const std::vector<double>& x) {
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (inside(box, i, x[i])) free.push_back(i);
  }
  return free;
}

/// Newton's method from where the optimiser stopped. Returns the Hessian at the end; whether the gradient vanishes
/// there.
Eigen::MatrixXd polish(Objective& objective, Optimum& optimum, const Box& box, const std::vector<std::size_t>& free,
                       const Constraint& constraint, bool& stationary) {
  stationary = free.empty();
  Eigen::MatrixXd second = hessian(objective, optimum.x, free);
  for (int step = 0; step < most_newton_steps && !stationary; ++step) {
    Eigen::VectorXd slopes(second.rows());
    for (std::size_t k = 0; k < free.size(); ++k) {
      slopes[static_cast<Eigen::Index>(k)] = optimum.evaluation.gradient[free[k]];
    }
    const Eigen::LLT<Eigen::MatrixXd> llt(second);
    if (!second.allFinite() || llt.info() != Eigen::Success) break;
    const Eigen::VectorXd move = -llt.solve(slopes);
    stationary = -move.dot(slopes) < newton_decrement;
    if (stationary) break;
    std::vector<double> x = optimum.x;
    for (std::size_t k = 0; k < free.size(); ++k) {
      x[free[k]] += move[static_cast<Eigen::Index>(k)];
      if (!inside(box, free[k], x[free[k]])) return second;
    }
    std::vector<double> ignored(x.size());
    if (constraint && constraint(x, ignored) > 0.0) break;
    const std::optional<Evaluation> there = evaluation_at(objective, x);
    if (!there || !(there->value <= optimum.evaluation.value)) break;
    optimum.x = x;
    optimum.evaluation = objective.evaluate(x);
    second = hessian(objective, optimum.x, free);
  }
  return second;
}

/// The population with one parameter of a block correlated with nothing.
Population without_member(Population population, std::size_t which, std::size_t parameter) {
  OmegaBlock& block = population.blocks[which];
  OmegaBlock smaller{.parameters = {}, .correlations = {}, .fixed = block.fixed};
  for (std::size_t row = 0; row < block.parameters.size(); ++row) {
    if (block.parameters[row] == parameter) continue;
    smaller.parameters.push_back(block.parameters[row]);
    for (std::size_t column = 0; column < row; ++column) {
      if (block.parameters[column] != parameter) {
        smaller.correlations.push_back(block.correlations[OmegaBlock::pair(row, column)]);
      }
    }
  }
  block = std::move(smaller);
  if (block.parameters.size() < 2)
    population.blocks.erase(population.blocks.begin() + static_cast<std::ptrdiff_t>(which));
  return population;
}

/// Where a correlation ran to +-1, a line with the objective of the smaller block.
void suggest_smaller_blocks(const parallel::Communicator& ranks, const SubjectModel& model, const Layout& layout,
                            const Box& bounds, const EstimationOptions& options, Estimation& result) {
  std::vector<std::size_t> tried;  // parameters
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const Coordinate& which = layout.coordinates()[i];
    if (which.role != Role::correlation || result.x[i] == 0.0 || inside(bounds, i, result.x[i])) continue;
    if (std::find(tried.begin(), tried.end(), which.parameter) != tried.end()) continue;
    tried.push_back(which.parameter);
    const std::string& name = result.population.parameters[which.parameter].name;
    try {
      Objective smaller(ranks, model, without_member(result.population, which.block, which.parameter),
                        objective_of(options.methods));
      const std::vector<double> start = smaller.layout().encode(smaller.population());
      const Optimum optimum = minimise(smaller, start, box(smaller.layout()), options.optimiser, {});
      result.verdict.push_back(fmt::format("without {} in its block the objective is {:.3f} ({:+.3f})", name,
                                           optimum.evaluation.value, optimum.evaluation.value - result.objective));
    } catch (const NumericalError&) {  // nothing to suggest
    }
  }
}

bool ruled_out(const EstimationOptions& options, const std::vector<double>& x) {
  std::vector<double> ignored(x.size());
  return options.constraint && options.constraint(x, ignored) > 0.0;
}

/// Where SAEM ends from the initial values; its way goes into the result.
std::vector<double> end_of_saem(const parallel::Communicator& ranks, const SubjectModel& model,
                                const Population& initial, std::uint64_t seed, Estimation& result) {
  Saem end = saem(ranks, model, initial, {}, seed);
  if (!end.settled) result.verdict.push_back(fmt::format("SAEM: {}", end.message));
  result.saem_trajectory = std::move(end.trajectory);
  result.saem_exploration = end.exploration;
  return end.x;
}

/// That as the start of FOCEI.
std::vector<double> start_by_saem(const parallel::Communicator& ranks, const SubjectModel& model,
                                  const Population& initial, const Layout& layout, const EstimationOptions& options,
                                  std::uint64_t seed, Estimation& result) {
  std::vector<double> end = end_of_saem(ranks, model, initial, seed, result);
  if (!ruled_out(options, end)) return end;
  result.verdict.emplace_back("SAEM: it ended at values that are ruled out; FOCEI starts from the initial ones");
  return layout.encode(initial);
}

/// What SAEM alone estimates, with FOCEI's approximation of the likelihood there.
Optimum optimum_by_saem(const parallel::Communicator& ranks, const SubjectModel& model, Objective& objective,
                        const EstimationOptions& options, std::uint64_t seed, Estimation& result) {
  Optimum optimum;
  optimum.x = end_of_saem(ranks, model, objective.population(), seed, result);
  if (ruled_out(options, optimum.x)) {
    throw NumericalError(
        "SAEM ended at values that are ruled out (pk.flip_flop: refuse); use estimation.methods: [saem, focei]");
  }
  optimum.evaluation = objective.evaluate(optimum.x);
  result.saem_alone = true;
  optimum.converged = result.verdict.empty();
  if (!optimum.converged) optimum.message = "SAEM has not settled";
  result.start_objectives = {optimum.evaluation.value};
  return optimum;
}

/// Puts draws by sampling importance resampling, and what follows from them, in the place of the covariance.
void resample_uncertainty(Objective& objective, const Optimum& optimum, std::uint64_t seed, Estimation& result) {
  constexpr double least_effective = 100.0;
  const Layout& layout = objective.layout();
  const auto is_finite = [](double number) { return std::isfinite(number); };
  if (result.covariance.empty() || !std::all_of(result.covariance.begin(), result.covariance.end(), is_finite)) {
    result.verdict.push_back(
        fmt::format("no sampling importance resampling: it begins with a covariance, and standard errors are {}",
                    result.standard_error_method));
    return;
  }
  objective.evaluate(optimum.x);  // where the searches for etas begin
  Sir found;
  try {
    found = sir(objective, result.x, result.covariance, seed);
  } catch (const NumericalError& error) {  // the estimates and their covariance stand
    result.verdict.push_back(fmt::format("{}; standard errors are those of the covariance", error.what()));
    return;
  }
  if (found.effective < least_effective) {
    result.verdict.push_back(
        fmt::format("sampling importance resampling: {:.0f} of {} proposals count; its intervals are rough",
                    found.effective, sir_rounds.back().samples));
  }
  result.draws = std::move(found.draws);
  result.covariance = covariance_of(result.draws);
  take_intervals(layout, result.draws, result.estimates);
  result.standard_error_method = "sampling importance resampling";
}

/// An estimation that begins at `initial`.
Estimation estimate_from(const parallel::Communicator& ranks, const SubjectModel& model, const Population& initial,
                         const EstimationOptions& options, std::uint64_t seed) {
  Objective objective(ranks, model, initial, objective_of(options.methods));
  const Layout& layout = objective.layout();
  const std::vector<double> centre = layout.encode(initial);
  std::vector<std::vector<double>> screened;
  for (const Population& start : options.screened) screened.push_back(layout.encode(start));
  Box bounds = wide_box(layout, screened);
  for (std::vector<double>& x : screened) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::clamp(x[i], bounds.lower[i], bounds.upper[i]);
  }
  Estimation result;
  const bool by_saem = options.methods.front() == MethodKind::saem;
  const bool saem_alone = by_saem && options.methods.size() == 1;
  std::vector<OtherOptimum> optima;
  Optimum optimum;
  if (saem_alone) {
    optimum = optimum_by_saem(ranks, model, objective, options, seed, result);
  } else {
    const std::vector<double> start =
        by_saem ? start_by_saem(ranks, model, initial, layout, options, seed, result) : centre;
    optimum = best_start(objective, start, bounds, screened, options, seed, result.start_objectives, optima);
    objective.restore(optimum.memory);
    revive_negligible(objective, optimum, bounds, centre, options);
    hold_negligible(objective, optimum, bounds, centre, options);
  }
  const std::vector<std::size_t> free = free_coordinates(bounds, optimum.x);
  bool stationary = false;
  Eigen::MatrixXd second;
  const bool asked = options.covariance != CovarianceKind::none;
  if (asked && saem_alone) second = hessian(objective, optimum.x, free);
  if (asked && !saem_alone) second = polish(objective, optimum, bounds, free, options.constraint, stationary);

  result.converged = optimum.converged || stationary;
  result.population = layout.decode(optimum.x);
  result.objective = optimum.evaluation.value;
  if (!std::isfinite(result.objective)) {
    throw NumericalError(
        fmt::format("the objective is not finite, whatever is estimated{}", keys_to_look_at(layout, optimum.x)));
  }
  result.x = optimum.x;
  result.observations = objective.observations();
  result.censored = objective.censored();
  result.binary = objective.binary();
  result.estimated = layout.size();
  result.methods = options.methods;
  // FO has no etas of its own: they are estimated afterwards, by the model as it is.
  std::optional<Objective> afterwards;
  if (objective.method() == MethodKind::fo) {
    afterwards.emplace(ranks, model, result.population);
    afterwards->evaluate(afterwards->layout().encode(result.population));
  }
  const Objective& with_etas = afterwards ? *afterwards : objective;
  result.etas = with_etas.etas();
  result.error_etas = with_etas.error_etas();
  result.shrinkage = shrinkage(result.etas, result.population);
  result.error_shrinkage = error_shrinkage(result.error_etas, result.population);
  result.occasion_shrinkage = occasion_shrinkage(result.etas, result.population);
  const Uncertainty known = !asked ? Uncertainty{.covariance = {}, .method = "none: not asked for"}
                                   : uncertainty(second, optimum.evaluation, free, options.covariance);
  result.standard_error_method = known.method;
  result.covariance = spread_covariance(known.covariance, free, layout.size());
  result.estimates = estimates(layout, optimum.x, result.population, known.covariance, free);
  judge(result, {.model = model,
                 .layout = layout,
                 .box = bounds,
                 .x = optimum.x,
                 .free = free,
                 .hessian = second,
                 .covariance = known.covariance,
                 .stuck = with_etas.stuck(),
                 .others = optima,
                 .stop = result.converged ? "" : optimum.message});
  if (asked && !saem_alone) suggest_smaller_blocks(ranks, model, layout, bounds, options, result);
  if (options.resampling) resample_uncertainty(objective, optimum, seed, result);
  if (options.importance_check) {
    judge_approximation(result, importance_sampled(ranks, model, result.population, {}, seed));
  }
  return result;
}

/// For an estimation that another one starts from.
EstimationOptions without_uncertainty(EstimationOptions options) {
  options.covariance = CovarianceKind::none;
  options.importance_check = options.resampling = false;
  return options;
}

}  // namespace

Estimation estimate(const parallel::Communicator& ranks, const SubjectModel& model, const Population& initial,
                    const EstimationOptions& options, std::uint64_t seed) {
  TITRANT_EXPECTS(options.starts > 0 && model.subjects() > 0);
  check_methods(options.methods);
  check_objectives(options.methods, model, initial);
  if (options.methods.size() > 1 && options.methods.front() != MethodKind::saem) {
    EstimationOptions first = without_uncertainty(options);
    first.methods = {options.methods.front()};
    EstimationOptions rest = options;
    rest.methods.erase(rest.methods.begin());
    rest.starts = 1;
    rest.screened.clear();
    Estimation last = estimate(ranks, model, estimate(ranks, model, initial, first, seed).population, rest, seed);
    last.methods = options.methods;
    return last;
  }
  Population apart = initial;
  std::erase_if(apart.blocks, [](const OmegaBlock& block) { return !block.fixed; });
  if (apart.blocks.size() == initial.blocks.size()) return estimate_from(ranks, model, initial, options, seed);
  // Independent random effects are nested in correlated ones: the search for correlations begins where that without
  // them ended, and cannot end above it.
  EstimationOptions of_apart = without_uncertainty(options);
  of_apart.methods = {objective_of(options.methods)};
  Population start = estimate_from(ranks, model, apart, of_apart, seed).population;
  start.blocks = initial.blocks;
  EstimationOptions once = options;
  once.starts = 1;
  return estimate_from(ranks, model, start, once, seed);
}

}  // namespace titrant::nlme
