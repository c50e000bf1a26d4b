#include "saturable_steady.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "titrant/core/error.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

namespace {

using SaturableState = SaturableSolver::State;

constexpr int most_newton_steps = 100;
constexpr double steady_settled = 1e-12;        // relative change of amounts
constexpr double steady_nearly_settled = 1e-7;  // where the error of integration may keep them moving

}  // namespace

SaturableDose::SaturableDose(const Individual& individual, const SingleDose& dose,
                             std::span<const std::optional<PkParameter>> columns)
    : input(dose_input(individual, dose)),
      amount_by(columns.size(), 0.0),
      rate_by(columns.size(), 0.0),
      duration_by(columns.size(), 0.0) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (!columns[c]) continue;
    const DoseInput by = dose_input(individual, dose, *columns[c]);
    amount_by[c] = by.at_once;
    rate_by[c] = by.rate;
    if (input.rate > 0.0) duration_by[c] = by.at_end / input.rate;
  }
}

SaturableCycle::SaturableCycle(const Individual& individual, const SteadyDosing& steady,
                               std::span<const std::optional<PkParameter>> columns)
    : individual_(individual),
      steady_(steady),
      columns_(columns.begin(), columns.end()),
      dose_(individual, steady.dose(0.0), columns),
      always_(0.0),
      change_(0.0) {
  TITRANT_EXPECTS(!steady.constant() && steady.interval > 0.0);
  if (dose_.input.duration == 0.0) return;
  const Overlap overlap(dose_.input.duration, steady.interval);
  always_ = overlap.whole;
  change_ = overlap.rest;
}

void SaturableCycle::set_input(double infusions, SaturableInput& input) const {
  const bool depot = dose_.input.into == DoseInto::depot;
  input = {};
  if (infusions == 0.0) return;
  (depot ? input.depot : input.central) = infusions * dose_.input.rate;
  std::vector<double>& by = depot ? input.depot_by : input.central_by;
  for (const double slope : dose_.rate_by) by.push_back(infusions * slope);
}

SaturableInput SaturableCycle::input_at(double since) const {
  SaturableInput input;
  set_input(since < change_ ? always_ + 1.0 : always_, input);
  input.depot_by.clear();
  input.central_by.clear();
  return input;
}

void SaturableCycle::follow(SaturableSolver& solver, SaturableSystem& system, SaturableState& state,
                            double until) const {
  double done = 0.0;
  if (change_ > 0.0) {
    set_input(always_ + 1.0, system.input);
    done = std::min(change_, until);
    solver.advance(system, state, 0.0, done);
    if (change_ > until) return;
    // The infusion ends later by duration_by: its rate has come in for that time.
    const std::size_t n = system.amounts();
    const std::size_t entry = system.entry(dose_.input.into);
    for (std::size_t c = 0; c < system.columns(); ++c) {
      state[(1 + c) * n + entry] += dose_.input.rate * dose_.duration_by[c];
    }
  }
  set_input(always_, system.input);
  solver.advance(system, state, done, until);
}

void SaturableCycle::require_steady_state() const {
  if (individual_.elimination != Elimination::michaelis_menten) return;
  const double enters = dose_.input.at_once + dose_.input.rate * dose_.input.duration;
  const double leaves = individual_.maximum_elimination_rate * steady_.interval;
  if (enters < leaves) return;
  throw NoSteadyState(
      fmt::format("no steady state exists: {:.4g} enter every {:.4g} h, and saturable elimination takes less than "
                  "{:.4g} in that time (maximum_elimination_rate)",
                  enters, steady_.interval, leaves));
}

SaturableState SaturableCycle::start(SaturableSolver& solver) const {
  require_steady_state();
  // Columns: the amounts that doses reach, then those of parameters.
  SaturableSystem plain(individual_, {});
  const std::size_t n = plain.amounts();
  const std::size_t first = plain.entry(dose_.input.into);
  const std::size_t reached = n - first;
  std::vector<std::optional<PkParameter>> columns(reached);
  columns.insert(columns.end(), columns_.begin(), columns_.end());
  const SaturableCycle own(individual_, steady_, columns);

  std::vector<double> x(n, 0.0);
  x[first] = dose_.input.at_once;
  using Vector = Eigen::VectorXd;
  using Matrix = Eigen::MatrixXd;
  const auto rows = static_cast<Eigen::Index>(reached);
  // One interval on from x: its end, and I - dPhi/dx, factorised.
  const auto turn = [&](std::span<const std::optional<PkParameter>> of, SaturableState& state) {
    const SaturableCycle cycle(individual_, steady_, of);
    SaturableSystem system(individual_, of);
    state.assign(system.size(), 0.0);
    std::copy(x.begin(), x.end(), state.begin());
    for (std::size_t c = 0; c < reached; ++c) state[(1 + c) * n + first + c] = 1.0;
    cycle.follow(solver, system, state, steady_.interval);
    state[first] += dose_.input.at_once;
    for (std::size_t c = reached; c < of.size(); ++c) state[(1 + c) * n + first] += cycle.dose().amount_by[c];
    Matrix matrix = Matrix::Identity(rows, rows);
    for (std::size_t c = 0; c < reached; ++c) {
      for (std::size_t i = 0; i < reached; ++i) {
        matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) -= state[(1 + c) * n + first + i];
      }
    }
    return Eigen::PartialPivLU<Matrix>(matrix);
  };
  SaturableState state;
  double last_change = std::numeric_limits<double>::infinity();
  for (int step = 0;; ++step) {
    const auto factors = turn(std::span(columns).first(reached), state);
    Vector difference(rows);
    for (std::size_t i = 0; i < reached; ++i)
      difference(static_cast<Eigen::Index>(i)) = state[first + i] - x[first + i];
    const Vector move = factors.solve(difference);
    double change = 0.0;
    double size = 0.0;
    for (std::size_t i = 0; i < reached; ++i) {
      const double by = move(static_cast<Eigen::Index>(i));
      x[first + i] = std::max(x[first + i] + by, 0.0);
      change = std::max(change, std::abs(by));
      size = std::max(size, x[first + i]);
    }
    const double relative = change / size;
    if (relative <= steady_settled || (relative <= steady_nearly_settled && relative >= last_change)) break;
    if (!std::isfinite(relative) || step == most_newton_steps) {
      throw NoSteadyState(
          fmt::format("the steady state under saturable elimination was not found: amounts still change by {:.2g} of "
                      "themselves",
                      relative));
    }
    last_change = relative;
  }
  SaturableState result(n * (1 + columns_.size()), 0.0);
  std::copy(x.begin(), x.end(), result.begin());
  if (columns_.empty()) return result;
  const auto factors = turn(columns, state);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    Vector by(rows);
    for (std::size_t i = 0; i < reached; ++i) {
      by(static_cast<Eigen::Index>(i)) = state[(1 + reached + c) * n + first + i];
    }
    const Vector solved = factors.solve(by);
    for (std::size_t i = 0; i < reached; ++i) result[(1 + c) * n + first + i] = solved(static_cast<Eigen::Index>(i));
  }
  return result;
}

SaturableState saturable_constant_state(const Individual& individual,
                                        std::span<const std::optional<PkParameter>> columns,
                                        const SaturableInput& input) {
  SaturableSystem system(individual, columns);
  system.input = input;
  SaturableState state = system.constant_state();
  state.resize(system.size(), 0.0);
  if (columns.empty()) return state;
  // f(x, p) = 0, hence J dx/dp = -df/dp. With no derivatives in the state the right-hand side is df/dp, with the unit
  // vectors it is J.
  const std::size_t n = system.amounts();
  const auto rows = static_cast<Eigen::Index>(n);
  SaturableState direct(system.size());
  system(state, direct, 0.0);
  const std::vector<std::optional<PkParameter>> of_amounts(n);
  SaturableSystem linear(individual, of_amounts);
  SaturableState units(linear.size(), 0.0);
  std::copy_n(state.begin(), n, units.begin());
  for (std::size_t c = 0; c < n; ++c) units[(1 + c) * n + c] = 1.0;
  SaturableState product(linear.size());
  linear(units, product, 0.0);
  const Eigen::Map<const Eigen::MatrixXd> jacobian(product.data() + n, rows, rows);
  const Eigen::Map<const Eigen::MatrixXd> by(direct.data() + n, rows, static_cast<Eigen::Index>(columns.size()));
  Eigen::Map<Eigen::MatrixXd>(state.data() + n, rows, static_cast<Eigen::Index>(columns.size())) =
      -jacobian.partialPivLu().solve(by);
  return state;
}

Curve saturable_curve(SaturableSolver& solver, const SaturableSystem& system, const SaturableSolver::Node& node,
                      double end) {
  std::array<double, curve_samples> values{};
  const double length = end - node.time;
  for (std::size_t k = 0; k < curve_samples; ++k) {
    const SaturableState state = solver.at(system, node, node.time + length * curve_sample(k));
    values[k] = system.scale() * std::max(state[system.central()], 0.0);
  }
  return {values, length};
}

std::vector<SaturablePart> saturable_parts(const Individual& individual, const SteadyDosing& steady) {
  const SaturableCycle cycle(individual, steady, {});
  SaturableSystem system(individual, {});
  SaturableSolver solver(std::max(cycle.dose().input.at_once, cycle.dose().input.rate * cycle.dose().input.duration));
  SaturableState state = cycle.start(solver);
  std::vector<SaturablePart> parts;
  const auto follow = [&](double from, double to) {
    if (!(to > from)) return;
    system.input = cycle.input_at(from);
    std::vector<SaturableSolver::Node> nodes;
    solver.advance(system, state, from, to, &nodes);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const double end = i + 1 < nodes.size() ? nodes[i + 1].time : to;
      parts.push_back({nodes[i].time, end, saturable_curve(solver, system, nodes[i], end)});
    }
  };
  follow(0.0, cycle.change());
  follow(cycle.change(), steady.interval);
  return parts;
}

}  // namespace titrant::pkpd
