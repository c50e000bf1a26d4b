#include "titrant/dose/criterion.hpp"

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::dose {

std::string_view word(Label label) { return label == Label::latent ? "latent" : "measured"; }

std::string_view word(Window window) { return window == Window::steady_state ? "steady_state" : "day_21"; }

std::string Criterion::name() const { return std::string(word(label)) + "_" + std::string(word(window)); }

pkpd::ResponseWindow response_window(const Criterion& criterion) {
  return {criterion.window == Window::steady_state, criterion.from, criterion.to};
}

std::vector<double> response_times(const Criterion& criterion, double interval) {
  if (criterion.label == Label::latent) return {};
  TITRANT_EXPECTS(!criterion.sampling.empty() && interval > 0.0);
  std::vector<double> times = criterion.sampling;
  if (criterion.window == Window::day_21) return times;
  for (double& time : times) {
    TITRANT_EXPECTS(time <= criterion.to);
    time += interval - criterion.to;
    if (time >= 0.0) continue;
    time = std::fmod(time, interval);
    time = time < 0.0 ? time + interval : 0.0;
  }
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace titrant::dose
