#include "state.hpp"

#include <algorithm>
#include <cmath>

#include "exponentials.hpp"

namespace titrant::pkpd {

Step::Step(const Disposition& disposition, double length, bool with_gradient)
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
}

ModeState Step::mode(const State& state, std::size_t which) const {
  const ModeStep& step = mode_[which];
  const ModeState& old = state.mode[which];
  return {.amount = old.amount * step.kept + state.depot * step.gained,
          .by_absorption = old.by_absorption * step.kept + state.depot_by_absorption * step.gained +
                           state.depot * step.gained_by_absorption,
          .by_rate = (old.by_rate - length_ * old.amount) * step.kept + state.depot * step.gained_by_rate};
}

State Step::operator()(const State& state) const {
  State result;
  result.depot = state.depot * depot_kept_;
  result.depot_by_absorption = (state.depot_by_absorption - length_ * state.depot) * depot_kept_;
  for (std::size_t i = 0; i < mode_count_; ++i) result.mode[i] = mode(state, i);
  return result;
}

State Step::steady(double dose) const {
  State result;
  result.depot = dose / depot_lost_;
  result.depot_by_absorption = -result.depot * length_ * depot_kept_ / depot_lost_;
  for (std::size_t i = 0; i < mode_count_; ++i) {
    // The fixed point of mode(): amount = amount kept + depot gained, and its derivatives.
    const ModeStep& step = mode_[i];
    ModeState& mode = result.mode[i];
    mode.amount = result.depot * step.gained / step.lost;
    mode.by_absorption =
        (result.depot_by_absorption * step.gained + result.depot * step.gained_by_absorption) / step.lost;
    mode.by_rate = (result.depot * step.gained_by_rate - length_ * mode.amount * step.kept) / step.lost;
  }
  return result;
}

}  // namespace titrant::pkpd
