#include "state.hpp"

#include <algorithm>
#include <cmath>

#include "exponentials.hpp"

namespace titrant::pkpd {

State& State::operator+=(const State& added) {
  depot += added.depot;
  depot_by_absorption += added.depot_by_absorption;
  for (std::size_t i = 0; i < mode.size(); ++i) {
    mode[i].amount += added.mode[i].amount;
    mode[i].by_absorption += added.mode[i].by_absorption;
    mode[i].by_rate += added.mode[i].by_rate;
  }
  return *this;
}

State added_by(double amount, DoseInto into) {
  State state;
  if (into == DoseInto::depot) {
    state.depot = amount;
  } else {
    for (ModeState& mode : state.mode) mode.amount = amount;
  }
  return state;
}

Step::Step(const Disposition& disposition, double length, bool with_gradient, bool with_input)
    : length_(length),
      depot_kept_(std::exp(-disposition.absorption_rate * length)),
      depot_lost_(-std::expm1(-disposition.absorption_rate * length)),
      mode_count_(disposition.mode_count) {
  const double ka = disposition.absorption_rate;
  for (std::size_t i = 0; i < mode_count_; ++i) {
    const double k = disposition.mode[i].rate;
    ModeStep& step = mode_[i];
    step.kept = std::exp(-k * length);
    step.lost = -std::expm1(-k * length);
    step.gained_by_absorption = step.gained_by_rate = 0.0;
    if (length < 0.0) {
      const double gain = convolution(ka, k, length);
      step.gained = ka * gain;
      if (!with_gradient) continue;
      const double x = ka * length;
      const double y = k * length;
      step.gained_by_absorption = gain - ka * length * length * simplex_integral<3>({x, x, y});
      step.gained_by_rate = -ka * length * length * simplex_integral<3>({x, y, y});
      continue;
    }
    const bool absorbs_faster = ka >= k;
    const ExponentialMoments moments = exponential_moments(std::abs(ka - k) * length);
    const double slower = length * (absorbs_faster ? step.kept : depot_kept_);
    const double gain = slower * moments.total;  // convolution(ka, k, length)
    step.gained = ka * gain;
    if (!with_gradient) continue;
    const double by_ka = -slower * length * (absorbs_faster ? moments.first : moments.complement);
    const double by_k = -slower * length * (absorbs_faster ? moments.complement : moments.first);
    step.gained_by_absorption = gain + ka * by_ka;
    step.gained_by_rate = ka * by_k;
  }
  if (with_input) prepare_input(disposition, with_gradient);
}

void Step::prepare_input(const Disposition& disposition, bool with_gradient) {
  const double t = length_;
  const double ka = disposition.absorption_rate;
  depot_input_ = filled(ka, t);
  if (with_gradient) depot_input_by_absorption_ = -t * t * simplex_integral<3>({0.0, ka * t, ka * t});
  for (std::size_t i = 0; i < mode_count_; ++i) {
    const double k = disposition.mode[i].rate;
    ModeInput& input = input_[i];
    input.central = filled(k, t);
    const double area = convolution_area(ka, k, t);
    input.depot = ka * area;
    input.central_by_rate = input.depot_by_absorption = input.depot_by_rate = 0.0;
    if (!with_gradient) continue;
    input.central_by_rate = -t * t * simplex_integral<3>({0.0, k * t, k * t});
    input.depot_by_absorption = area - ka * t * t * t * simplex_integral<4>({0.0, ka * t, ka * t, k * t});
    input.depot_by_rate = -ka * t * t * t * simplex_integral<4>({0.0, ka * t, k * t, k * t});
  }
}

ModeState Step::mode(const State& state, std::size_t which) const {
  const ModeStep& step = mode_[which];
  const ModeState& old = state.mode[which];
  ModeState result{.amount = old.amount * step.kept + state.depot * step.gained,
                   .by_absorption = old.by_absorption * step.kept + state.depot_by_absorption * step.gained +
                                    state.depot * step.gained_by_absorption,
                   .by_rate = (old.by_rate - length_ * old.amount) * step.kept + state.depot * step.gained_by_rate};
  if (state.has_input()) {
    const ModeInput& input = input_[which];
    result.amount += state.central_rate * input.central + state.depot_rate * input.depot;
    result.by_absorption += state.depot_rate * input.depot_by_absorption;
    result.by_rate += state.central_rate * input.central_by_rate + state.depot_rate * input.depot_by_rate;
  }
  return result;
}

State Step::operator()(const State& state) const {
  State result;
  result.depot = state.depot * depot_kept_;
  result.depot_by_absorption = (state.depot_by_absorption - length_ * state.depot) * depot_kept_;
  if (state.has_input()) {
    result.depot += state.depot_rate * depot_input_;
    result.depot_by_absorption += state.depot_rate * depot_input_by_absorption_;
    result.depot_rate = state.depot_rate;
    result.central_rate = state.central_rate;
  }
  for (std::size_t i = 0; i < mode_count_; ++i) result.mode[i] = mode(state, i);
  return result;
}

State Step::steady(const State& added) const {
  // The fixed point of state -> step(state) + added, and its derivatives.
  State result;
  result.depot = added.depot / depot_lost_;
  result.depot_by_absorption = (added.depot_by_absorption - result.depot * length_ * depot_kept_) / depot_lost_;
  for (std::size_t i = 0; i < mode_count_; ++i) {
    const ModeStep& step = mode_[i];
    ModeState& mode = result.mode[i];
    mode.amount = (result.depot * step.gained + added.mode[i].amount) / step.lost;
    mode.by_absorption = (result.depot_by_absorption * step.gained + result.depot * step.gained_by_absorption +
                          added.mode[i].by_absorption) /
                         step.lost;
    mode.by_rate =
        (result.depot * step.gained_by_rate - length_ * mode.amount * step.kept + added.mode[i].by_rate) / step.lost;
  }
  return result;
}

State constant_infusion_state(const Disposition& disposition, double rate, DoseInto into, bool with_gradient) {
  const double ka = disposition.absorption_rate;
  State result;
  if (into == DoseInto::depot) {
    result.depot = rate / ka;
    if (with_gradient) result.depot_by_absorption = -result.depot / ka;
  }
  for (std::size_t i = 0; i < disposition.mode_count; ++i) {
    const double k = disposition.mode[i].rate;
    result.mode[i].amount = rate / k;
    if (with_gradient) result.mode[i].by_rate = -rate / k / k;
  }
  return result;
}

}  // namespace titrant::pkpd
