#include "saturable_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

namespace {

bool is_above_zero(double value) { return value > 0.0 && std::isfinite(value); }

void require_usable_elimination(const Individual& one) {
  TITRANT_EXPECTS(one.saturable());
  TITRANT_EXPECTS(is_above_zero(one.absorption_rate) && is_above_zero(one.volume));
  TITRANT_EXPECTS(one.elimination == Elimination::michaelis_menten || is_above_zero(one.clearance));
  TITRANT_EXPECTS(is_above_zero(one.maximum_elimination_rate) && is_above_zero(one.michaelis_constant));
  TITRANT_EXPECTS(one.lag >= 0.0 && one.central_lag >= 0.0);
}

}  // namespace

SaturableSystem::SaturableSystem(const Individual& individual, std::span<const std::optional<PkParameter>> columns)
    : columns_(columns.begin(), columns.end()),
      central_(1),
      peripheral_(0),
      passage_(0.0),
      transit_time_(individual.mean_transit_time),
      absorption_(individual.absorption_rate),
      elimination_(individual.elimination == Elimination::michaelis_menten ? 0.0
                                                                           : individual.clearance / individual.volume),
      inverse_volume_(1.0 / individual.volume),
      scale_(individual.concentration_scale / individual.volume),
      most_(individual.maximum_elimination_rate),
      half_(individual.michaelis_constant) {
  require_usable_elimination(individual);
  if (individual.absorption.kind == AbsorptionKind::transit) {
    const int stages = individual.absorption.transit_compartments + 1;
    TITRANT_EXPECTS(stages > 1 && is_above_zero(transit_time_));
    central_ += static_cast<std::size_t>(stages);
    passage_ = stages / transit_time_;
  }
  const auto add = [&](double clearance, double volume) {
    TITRANT_EXPECTS(is_above_zero(clearance) && is_above_zero(volume));
    out_[peripheral_] = clearance / individual.volume;
    back_[peripheral_] = clearance / volume;
    inverse_peripheral_[peripheral_++] = 1.0 / volume;
  };
  if (individual.structure != Structure::one_compartment) {
    add(individual.intercompartmental_clearance, individual.peripheral_volume);
  }
  if (individual.structure == Structure::three_compartment) {
    add(individual.second_intercompartmental_clearance, individual.second_peripheral_volume);
  }
}

void SaturableSystem::operator()(const std::vector<double>& state, std::vector<double>& slope, double /*time*/) const {
  const std::size_t n = amounts();
  const std::size_t count = state.size() / n;
  const double concentration = scale_ * state[central_];
  const double inverse_sum = 1.0 / (half_ + concentration);
  const double share = concentration * inverse_sum;
  const Leaving leaving{.share = share,
                        .by_constant = share * inverse_sum,
                        .by_amount = elimination_ + most_ * scale_ * half_ * inverse_sum * inverse_sum};
  for (std::size_t c = 0; c < count; ++c) {
    const double* x = state.data() + c * n;
    double* d = slope.data() + c * n;
    double passed = 0.0;
    for (std::size_t i = 0; i + 1 < central_; ++i) {
      const double out = passage_ * x[i];
      d[i] = passed - out;
      passed = out;
    }
    double central = absorption_ * x[central_ - 1];
    d[central_ - 1] = passed - central;
    // Of the amounts: what elimination takes; of derivatives: that of it.
    central -= c == 0 ? elimination_ * x[central_] + most_ * share : leaving.by_amount * x[central_];
    for (std::size_t p = 0; p < peripheral_; ++p) {
      const double net = out_[p] * x[central_] - back_[p] * x[central_ + 1 + p];
      central -= net;
      d[central_ + 1 + p] = net;
    }
    d[central_] = central;
    if (c == 0) {
      d[0] += input.depot;
      d[central_] += input.central;
      continue;
    }
    if (!input.depot_by.empty()) d[0] += input.depot_by[c - 1];
    if (!input.central_by.empty()) d[central_] += input.central_by[c - 1];
    if (columns_[c - 1]) add_direct(state.data(), leaving, *columns_[c - 1], d);
  }
}

/// Adds df/dp to the slope of the column of p.
void SaturableSystem::add_direct(const double* state, const Leaving& leaving, PkParameter which, double* d) const {
  const double central = state[central_];
  const auto exchange = [&](std::size_t p, double by_out, double by_back) {
    const double net = by_out * central - by_back * state[central_ + 1 + p];
    d[central_] -= net;
    d[central_ + 1 + p] += net;
  };
  switch (which) {
    case PkParameter::absorption_rate:
      d[central_ - 1] -= state[central_ - 1];
      d[central_] += state[central_ - 1];
      return;
    case PkParameter::clearance:
      if (elimination_ > 0.0) d[central_] -= central * inverse_volume_;
      return;
    case PkParameter::volume:
      d[central_] += leaving.by_amount * central * inverse_volume_;
      for (std::size_t p = 0; p < peripheral_; ++p) exchange(p, -out_[p] * inverse_volume_, 0.0);
      return;
    case PkParameter::intercompartmental_clearance:
      if (peripheral_ > 0) exchange(0, inverse_volume_, inverse_peripheral_[0]);
      return;
    case PkParameter::peripheral_volume:
      if (peripheral_ > 0) exchange(0, 0.0, -back_[0] * inverse_peripheral_[0]);
      return;
    case PkParameter::second_intercompartmental_clearance:
      if (peripheral_ > 1) exchange(1, inverse_volume_, inverse_peripheral_[1]);
      return;
    case PkParameter::second_peripheral_volume:
      if (peripheral_ > 1) exchange(1, 0.0, -back_[1] * inverse_peripheral_[1]);
      return;
    case PkParameter::mean_transit_time: {
      const double by_time = -passage_ / transit_time_;
      double passed = 0.0;
      for (std::size_t i = 0; i + 1 < central_; ++i) {
        const double out = by_time * state[i];
        d[i] += passed - out;
        passed = out;
      }
      d[central_ - 1] += passed;
      return;
    }
    case PkParameter::maximum_elimination_rate:
      d[central_] -= leaving.share;
      return;
    case PkParameter::michaelis_constant:
      d[central_] += most_ * leaving.by_constant;
      return;
    case PkParameter::lag:
    case PkParameter::bioavailability:
    case PkParameter::input_rate:
    case PkParameter::input_duration:
    case PkParameter::absorption_duration:
      return;  // they change what enters, and when
  }
}

double SaturableSystem::fastest(const std::vector<double>& state) const {
  double sum = elimination_ + most_ * scale_ / (half_ + std::max(scale_ * state[central_], 0.0));
  for (std::size_t p = 0; p < peripheral_; ++p) sum += out_[p] + back_[p];
  const bool absorbing =
      input.depot != 0.0 || std::any_of(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(central_),
                                        [](double amount) { return amount != 0.0; });
  return absorbing ? sum + absorption_ + passage_ : sum;
}

std::vector<double> SaturableSystem::constant_state() const {
  const double rate = input.depot + input.central;
  // rate = CL C + Vmax C / (Km + C): a quadratic equation in C, whose positive root is written without cancellation.
  const double clearance = elimination_ / scale_;
  const double b = clearance * half_ + most_ - rate;
  const double root = std::sqrt(b * b + 4.0 * clearance * rate * half_);
  const double concentration = b > 0.0           ? 2.0 * rate * half_ / (b + root)
                               : clearance > 0.0 ? (root - b) / (2.0 * clearance)
                                                 : -1.0;
  if (!(concentration >= 0.0)) {
    throw NoSteadyState(
        fmt::format("no steady state exists: {:.4g} enter per hour, and saturable elimination takes less than {:.4g} "
                    "(maximum_elimination_rate)",
                    rate, most_));
  }
  std::vector<double> state(amounts(), 0.0);
  for (std::size_t i = 0; i + 1 < central_; ++i) state[i] = input.depot / passage_;
  state[central_ - 1] = input.depot / absorption_;
  state[central_] = concentration / scale_;
  for (std::size_t p = 0; p < peripheral_; ++p) state[central_ + 1 + p] = out_[p] * state[central_] / back_[p];
  return state;
}

namespace {

constexpr double saturable_tolerance = 1e-10;  // of one step, relative to an amount
constexpr double small_share = 0.01;      // of all in the body: amounts below it have the absolute accuracy of this
constexpr double smallest_amount = 1e-6;  // of the scale: amounts below it have this absolute accuracy
constexpr double empty_share = 1e-11;     // of all in the body: a depot with less is empty
constexpr double first_step_of_fastest = 0.3;  // in units of the fastest time constant
constexpr double step_safety = 0.9;            // errors go with the step to the power of 8
constexpr double most_step_growth = 5.0;
constexpr double least_step_growth = 0.2;
constexpr std::size_t most_saturable_steps = 200'000;

double total_amount(const std::vector<double>& before, const std::vector<double>& after, std::size_t amounts) {
  double sum = 0.0;
  for (std::size_t i = 0; i < amounts; ++i) sum += std::max(std::abs(before[i]), std::abs(after[i]));
  return sum;
}

/// What is left in the depot and before it long after a dose is set to 0: it would hold steps to its own short time.
void empty_depot(const SaturableSystem& system, std::vector<double>& state) {
  if (system.input.depot != 0.0) return;
  const std::size_t n = system.amounts();
  const auto last = state.begin() + static_cast<std::ptrdiff_t>(system.central());
  const double left = std::accumulate(state.begin(), last, 0.0, [](double sum, double x) { return sum + std::abs(x); });
  if (left == 0.0 || left > empty_share * total_amount(state, state, n)) return;
  for (std::size_t first = 0; first < state.size(); first += n) {
    std::fill_n(state.begin() + static_cast<std::ptrdiff_t>(first), system.central(), 0.0);
  }
}

}  // namespace

void SaturableSolver::advance(const SaturableSystem& system, State& state, double from, double to,
                              std::vector<Node>* nodes) {
  if (!(to > from)) return;
  const std::size_t n = system.amounts();
  State next(state.size());
  State error(state.size());
  double now = from;
  double step = first_step_of_fastest / system.fastest(state);
  bool fresh = true;
  while (now < to) {
    if (fresh) {
      empty_depot(system, state);
      if (nodes != nullptr) nodes->push_back({now, state});
    }
    const double rest = to - now;
    // The rest is halved rather than left with a sliver.
    const double length = step >= rest ? rest : std::min(step, std::max(0.5 * rest, 0.5 * step));
    if (++steps_ > most_saturable_steps || !(now + length > now)) {
      throw NumericalError(
          fmt::format("amounts under saturable elimination cannot be followed: they change at {:.3g} per hour",
                      system.fastest(state)));
    }
    stepper_.do_step(std::cref(system), state, now, next, length, error);
    double worst = 0.0;
    const double least = std::max(small_share * total_amount(state, next, n), smallest_amount * scale_);
    const double central = std::max(std::abs(state[system.central()]), std::abs(next[system.central()]));
    for (std::size_t i = 0; i < n; ++i) {
      // What is left to be absorbed matters by what is in the central compartment.
      const double own = std::max(std::abs(state[i]), std::abs(next[i]));
      const double size = std::max(i < system.central() ? std::max(own, central) : own, least);
      const double relative = std::abs(error[i]) / (saturable_tolerance * size);
      worst = std::isfinite(relative) ? std::max(worst, relative) : core::infinity;
      if (std::isinf(worst)) break;
    }
    const double growth = worst > 0.0 ? step_safety / std::sqrt(std::sqrt(std::sqrt(worst))) : most_step_growth;
    step = length * std::clamp(growth, least_step_growth, most_step_growth);
    fresh = worst <= 1.0;
    if (!fresh) continue;
    now = length == rest ? to : now + length;
    state.swap(next);
  }
}

SaturableSolver::State SaturableSolver::at(const SaturableSystem& system, const Node& node, double time) {
  if (!(time > node.time)) return node.state;
  State result(node.state.size());
  stepper_.do_step(std::cref(system), node.state, node.time, result, time - node.time);
  return result;
}

}  // namespace titrant::pkpd
