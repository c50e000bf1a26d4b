#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/numeric/odeint/algebra/array_algebra.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <cstddef>

#include "titrant/core/error.hpp"
#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/turnover.hpp"

namespace titrant::pkpd {

/// Production and loss at a concentration, as factors of kin and kout: f(C) and g(C) of Turnover.
struct TurnoverFactors {
  double production = 1.0;
  double loss = 1.0;
};

/// The concentration is >= 0.
inline TurnoverFactors turnover_factors(const Turnover& turnover, double concentration) {
  const double ratio = concentration / turnover.c50;
  const double power = turnover.hill == 1.0 ? ratio : std::pow(ratio, turnover.hill);
  const double effect = turnover.effect * (std::isinf(power) ? 1.0 : power / (1.0 + power));
  switch (turnover.kind) {
    case TurnoverKind::inhibit_production:
      return {.production = 1.0 - effect};
    case TurnoverKind::inhibit_loss:
      return {.loss = 1.0 - effect};
    case TurnoverKind::stimulate_production:
      return {.production = 1.0 + effect};
    case TurnoverKind::stimulate_loss:
      break;
  }
  return {.loss = 1.0 + effect};
}

/// The turnover equation along one concentration curve, for r = R / baseline: dr/dt = kout (f(C) - g(C) r).
/// With `Size` 2 the second variable is the integral of kout g(C), by which the effect of the initial r fades.
template <std::size_t Size>
class TurnoverEquation {
 public:
  using State = std::array<double, Size>;

  TurnoverEquation(const Turnover& turnover, const Curve& curve) : turnover_(&turnover), curve_(&curve) {}

  void operator()(const State& state, State& slope, double since) const {
    const TurnoverFactors factors = turnover_factors(*turnover_, curve_->at(since));
    slope[0] = turnover_->loss_rate * (factors.production - factors.loss * state[0]);
    if constexpr (Size == 2) slope[1] = turnover_->loss_rate * factors.loss;
  }

 private:
  const Turnover* turnover_;
  const Curve* curve_;
};

/// Integrates a turnover equation from time to time along its curve, with error control (Dormand and Prince, order 5).
template <std::size_t Size>
class TurnoverIntegration {
 public:
  using State = typename TurnoverEquation<Size>::State;
  using Method =
      boost::numeric::odeint::runge_kutta_dopri5<State, double, State, double, boost::numeric::odeint::array_algebra>;

  TurnoverIntegration(const TurnoverEquation<Size>& equation, const State& state, double since, double first_step)
      : equation_(equation), state_(state), since_(since), step_(first_step) {}

  const State& state() const { return state_; }

  /// Goes on to a later time and calls `observe(before, begin, after, end)`, two states and their times, for every
  /// step. Throws NumericalError where the steps become too small or too many.
  template <class Observer>
  const State& advance(double to, const Observer& observe);
  const State& advance(double to) {
    return advance(to, [](const State&, double, const State&, double) {});
  }

 private:
  // Errors of single steps; those of a whole course are checked to stay below 1e-8.
  static constexpr double relative_tolerance = 1e-9;
  static constexpr double absolute_tolerance = 1e-11;
  static constexpr std::size_t most_steps = 1000000;

  TurnoverEquation<Size> equation_;
  State state_;
  double since_;
  double step_;
  decltype(boost::numeric::odeint::make_controlled(1.0, 1.0, Method())) method_ =
      boost::numeric::odeint::make_controlled(absolute_tolerance, relative_tolerance, Method());
};

template <std::size_t Size>
template <class Observer>
const typename TurnoverIntegration<Size>::State& TurnoverIntegration<Size>::advance(double to,
                                                                                    const Observer& observe) {
  using boost::numeric::odeint::success;
  for (std::size_t tried = 0; since_ < to; ++tried) {
    const double rest = to - since_;
    const bool last = step_ >= rest;
    double step = last ? rest : step_;
    const State before = state_;
    const double begin = since_;
    const bool taken = method_.try_step(equation_, state_, since_, step) == success;
    // `step` now is the proposal for the next one. A step cut short says nothing about a longer one.
    step_ = taken && last ? std::max(step, step_) : step;
    if (taken && last) since_ = to;
    if (taken) observe(before, begin, state_, since_);
    const bool stuck = since_ < to && since_ + step_ == since_;
    if (stuck || !std::isfinite(state_[0]) || tried == most_steps) {
      throw NumericalError(
          fmt::format("the turnover equation cannot be integrated further than {} h after a dose", begin));
    }
  }
  return state_;
}

}  // namespace titrant::pkpd
