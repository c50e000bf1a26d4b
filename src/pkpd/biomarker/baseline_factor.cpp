#include "baseline_factor.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace titrant::pkpd {

namespace {

constexpr double angular_frequency = 2.0 * std::numbers::pi / circadian_period;

}  // namespace

BaselineFactor baseline_factor(const Biomarker& biomarker, double time) {
  switch (biomarker.baseline_model) {
    case BaselineModel::constant:
      break;
    case BaselineModel::linear: {
      const double value = 1.0 + biomarker.baseline_slope * time;
      if (!(value > 0.0)) return {.value = 0.0};
      return {.value = value, .by_time = biomarker.baseline_slope, .by_slope = time};
    }
    case BaselineModel::exponential: {
      const double value = std::exp(biomarker.baseline_slope * time);
      return {.value = value, .by_time = biomarker.baseline_slope * value, .by_slope = time * value};
    }
    case BaselineModel::circadian: {
      const double angle = angular_frequency * (time - biomarker.baseline_phase);
      const double steepness = biomarker.baseline_amplitude * angular_frequency * std::sin(angle);
      return {.value = 1.0 + biomarker.baseline_amplitude * std::cos(angle),
              .by_time = -steepness,
              .by_amplitude = std::cos(angle),
              .by_phase = steepness};
    }
  }
  return {};
}

double extreme_baseline_factor(const Biomarker& biomarker, double from, double to, double sign) {
  const auto at = [&](double time) { return sign * baseline_factor(biomarker, time).value; };
  double extreme = std::max(at(from), at(to));
  if (biomarker.baseline_model == BaselineModel::circadian) {
    // Highest at the phase, lowest half a period later; the first such time from `from` on.
    const double turn = biomarker.baseline_phase + (sign > 0.0 ? 0.0 : 0.5 * circadian_period);
    const double first = turn + std::ceil((from - turn) / circadian_period) * circadian_period;
    if (first <= to) extreme = std::max(extreme, at(first));
  }
  return sign * extreme;
}

void follow_baseline(const Biomarker& biomarker, double time, double& value, std::span<double> row) {
  if (biomarker.baseline_model == BaselineModel::constant) return;
  const BaselineFactor factor = baseline_factor(biomarker, time);
  if (!row.empty()) {
    for (double& derivative : row) derivative *= factor.value;
    const auto at = [&](BiomarkerParameter which) -> double& { return row[static_cast<std::size_t>(which)]; };
    at(BiomarkerParameter::baseline_slope) = value * factor.by_slope;
    at(BiomarkerParameter::baseline_amplitude) = value * factor.by_amplitude;
    at(BiomarkerParameter::baseline_phase) = value * factor.by_phase;
  }
  value *= factor.value;
}

}  // namespace titrant::pkpd
