#include "state.hpp"

#include <algorithm>
#include <cmath>

#include "exponentials.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

State& State::operator+=(const State& added) {
  depot += added.depot;
  depot_by_absorption += added.depot_by_absorption;
  depot_by_passage += added.depot_by_passage;
  if (stage.size() < added.stage.size()) stage.resize(added.stage.size());
  for (std::size_t j = 0; j < added.stage.size(); ++j) {
    stage[j].amount += added.stage[j].amount;
    stage[j].by_passage += added.stage[j].by_passage;
  }
  for (std::size_t i = 0; i < mode.size(); ++i) {
    mode[i].amount += added.mode[i].amount;
    mode[i].by_absorption += added.mode[i].by_absorption;
    mode[i].by_rate += added.mode[i].by_rate;
    mode[i].by_passage += added.mode[i].by_passage;
  }
  return *this;
}

void add_at_once(State& state, const Disposition& disposition, double amount, DoseInto into) {
  if (into == DoseInto::depot && disposition.stages > 0) {
    state.stage.resize(disposition.stages);
    state.stage.front().amount += amount;
  } else if (into == DoseInto::depot) {
    state.depot += amount;
  } else {
    for (ModeState& mode : state.mode) mode.amount += amount;
  }
}

State added_by(const Disposition& disposition, double amount, DoseInto into) {
  State state;
  add_at_once(state, disposition, amount, into);
  return state;
}

Step::Step(const Disposition& disposition, double length, bool with_gradient, bool with_input)
    : length_(length),
      absorption_rate_(disposition.absorption_rate),
      passage_rate_(disposition.passage_rate),
      depot_kept_(std::exp(-disposition.absorption_rate * length)),
      mode_count_(disposition.mode_count) {
  const double ka = disposition.absorption_rate;
  for (std::size_t i = 0; i < mode_count_; ++i) {
    const double k = disposition.mode[i].rate;
    ModeStep& step = mode_[i];
    step.rate = k;
    step.kept = std::exp(-k * length);
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
  for (std::size_t i = 0; disposition.stages > 0 && i < mode_count_; ++i) {
    TITRANT_EXPECTS(length >= 0.0);
    transit_.emplace_back(disposition.stages, StageDual::parameter(disposition.passage_rate, 0),
                          StageDual::parameter(ka, 1), StageDual::parameter(disposition.mode[i].rate, 2), length);
  }
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
                   .by_rate = (old.by_rate - length_ * old.amount) * step.kept + state.depot * step.gained_by_rate,
                   .by_passage = old.by_passage * step.kept + state.depot_by_passage * step.gained};
  for (std::size_t j = 0; j < state.stage.size(); ++j) {
    const StageState& stage = state.stage[j];
    const StageDual& gain = transit_[which].in_mode[state.stage.size() - j];
    result.amount += stage.amount * gain.value;
    result.by_passage += stage.by_passage * gain.value + stage.amount * gain.by[0];
    result.by_absorption += stage.amount * gain.by[1];
    result.by_rate += stage.amount * gain.by[2];
  }
  if (state.has_input()) {
    const ModeInput& input = input_[which];
    result.amount += state.central_rate * input.central + state.depot_rate * input.depot;
    result.by_absorption += state.depot_rate * input.depot_by_absorption;
    result.by_rate += state.central_rate * input.central_by_rate + state.depot_rate * input.depot_by_rate;
  }
  return result;
}

void Step::pass_stages(const State& old, State& result) const {
  result.depot_by_passage += old.depot_by_passage * depot_kept_;
  if (old.stage.empty()) return;
  const std::size_t count = old.stage.size();
  const TransitStep<StageDual>& transit = transit_.front();
  result.stage.resize(count);
  for (std::size_t from = 0; from < count; ++from) {
    const StageState& stage = old.stage[from];
    for (std::size_t to = from; to < count; ++to) {
      const StageDual& passed = transit.passed[to - from];
      result.stage[to].amount += stage.amount * passed.value;
      result.stage[to].by_passage += stage.by_passage * passed.value + stage.amount * passed.by[0];
    }
    const StageDual& gain = transit.in_depot[count - from];
    result.depot += stage.amount * gain.value;
    result.depot_by_absorption += stage.amount * gain.by[1];
    result.depot_by_passage += stage.by_passage * gain.value + stage.amount * gain.by[0];
  }
}

State Step::operator()(const State& state) const {
  State result;
  apply(state, result);
  return result;
}

void Step::apply(const State& state, State& result) const {
  result.depot = state.depot * depot_kept_;
  result.depot_by_absorption = (state.depot_by_absorption - length_ * state.depot) * depot_kept_;
  pass_stages(state, result);
  if (state.has_input()) {
    result.depot += state.depot_rate * depot_input_;
    result.depot_by_absorption += state.depot_rate * depot_input_by_absorption_;
    result.depot_rate = state.depot_rate;
    result.central_rate = state.central_rate;
  }
  for (std::size_t i = 0; i < mode_count_; ++i) result.mode[i] = mode(state, i);
}

/// The stages at the fixed point, and what they bring to the depot within an interval.
void Step::steady_stages(const State& added, State& result) const {
  if (added.stage.empty()) return;
  const std::size_t count = added.stage.size();
  const TransitStep<StageDual>& transit = transit_.front();
  const StageDual& kept = transit.passed.front();
  const double lost = -std::expm1(-passage_rate_ * length_);
  result.stage = added.stage;
  for (std::size_t to = 0; to < count; ++to) {
    StageState& stage = result.stage[to];
    for (std::size_t from = 0; from < to; ++from) {
      const StageDual& passed = transit.passed[to - from];
      stage.amount += result.stage[from].amount * passed.value;
      stage.by_passage += result.stage[from].by_passage * passed.value + result.stage[from].amount * passed.by[0];
    }
    stage.amount /= lost;
    stage.by_passage = (stage.by_passage + stage.amount * kept.by[0]) / lost;
    const StageDual& gain = transit.in_depot[count - to];
    result.depot += stage.amount * gain.value;
    result.depot_by_absorption += stage.amount * gain.by[1];
    result.depot_by_passage += stage.by_passage * gain.value + stage.amount * gain.by[0];
  }
}

State Step::steady(const State& added) const {
  // The fixed point of state -> step(state) + added, and its derivatives.
  State result;
  steady_stages(added, result);
  const double depot_lost = -std::expm1(-absorption_rate_ * length_);
  result.depot = (added.depot + result.depot) / depot_lost;
  result.depot_by_absorption =
      (added.depot_by_absorption + result.depot_by_absorption - result.depot * length_ * depot_kept_) / depot_lost;
  result.depot_by_passage = (added.depot_by_passage + result.depot_by_passage) / depot_lost;
  for (std::size_t i = 0; i < mode_count_; ++i) {
    const ModeStep& step = mode_[i];
    const double lost = -std::expm1(-step.rate * length_);
    ModeState& mode = result.mode[i];
    ModeState passed = added.mode[i];  // and what the stages bring within an interval
    for (std::size_t j = 0; j < result.stage.size(); ++j) {
      const StageState& stage = result.stage[j];
      const StageDual& gain = transit_[i].in_mode[result.stage.size() - j];
      passed.amount += stage.amount * gain.value;
      passed.by_passage += stage.by_passage * gain.value + stage.amount * gain.by[0];
      passed.by_absorption += stage.amount * gain.by[1];
      passed.by_rate += stage.amount * gain.by[2];
    }
    mode.amount = (result.depot * step.gained + passed.amount) / lost;
    mode.by_absorption =
        (result.depot_by_absorption * step.gained + result.depot * step.gained_by_absorption + passed.by_absorption) /
        lost;
    mode.by_rate = (result.depot * step.gained_by_rate - length_ * mode.amount * step.kept + passed.by_rate) / lost;
    mode.by_passage = (result.depot_by_passage * step.gained + passed.by_passage) / lost;
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
