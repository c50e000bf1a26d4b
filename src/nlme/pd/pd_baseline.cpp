#include "pd_baseline.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace titrant::nlme {

namespace {

using pkpd::BaselineModel;

constexpr double angular_frequency = 2.0 * std::numbers::pi / pkpd::circadian_period;
constexpr double least_information = 1e-3;  // per value, of the weaker of cosine and sine
constexpr double least_amplitude = 0.02;
constexpr double largest_amplitude = 0.9;

/// The normal equations of log y on two regressors (of a trend on time alone), each less its mean over a subject.
struct NormalEquations {
  Eigen::Matrix2d matrix = Eigen::Matrix2d::Zero();
  Eigen::Vector2d right = Eigen::Vector2d::Zero();
  double count = 0.0;
  double latest = 0.0;  ///< h

  bool solvable(BaselineModel baseline) const {
    if (baseline != BaselineModel::circadian) return matrix(0, 0) > 0.0;
    const double trace = matrix.trace();
    const double spread = std::hypot(matrix(0, 0) - matrix(1, 1), 2.0 * matrix(0, 1));
    return count > 0.0 && 0.5 * (trace - spread) > least_information * count;
  }
};

Eigen::Vector2d regressors(BaselineModel baseline, double time) {
  if (baseline != BaselineModel::circadian) return {time, 0.0};
  return {std::cos(angular_frequency * time), std::sin(angular_frequency * time)};
}

NormalEquations normal_equations(const PdModel& model, BaselineModel baseline, bool without_drug) {
  NormalEquations equations;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto observed = model.observed(subject);
    const auto censored = model.censored(subject);
    std::vector<Eigen::Vector3d> rows;  // regressors, log y
    Eigen::Vector3d mean = Eigen::Vector3d::Zero();
    for (std::size_t j = 0; j < observed.size(); ++j) {
      if (!(observed[j] > 0.0) || (!censored.empty() && censored[j] != 0)) continue;
      if (without_drug && model.concentrations(subject)[j] > 0.0) continue;
      const double time = model.times(subject)[j];
      const Eigen::Vector2d x = regressors(baseline, time);
      rows.emplace_back(x[0], x[1], std::log(observed[j]));
      mean += rows.back();
      equations.latest = std::max(equations.latest, time);
    }
    if (rows.empty()) continue;
    mean /= static_cast<double>(rows.size());
    for (const Eigen::Vector3d& row : rows) {
      const Eigen::Vector2d x = (row - mean).head<2>();
      equations.matrix += x * x.transpose();
      equations.right += x * (row - mean)[2];
    }
    equations.count += static_cast<double>(rows.size());
  }
  return equations;
}

}  // namespace

std::optional<double> BaselineStart::value_of(pkpd::BiomarkerParameter which) const {
  if (which == pkpd::BiomarkerParameter::baseline_slope) return slope;
  if (which == pkpd::BiomarkerParameter::baseline_amplitude) return amplitude;
  if (which == pkpd::BiomarkerParameter::baseline_phase) return phase;
  return std::nullopt;
}

BaselineStart baseline_start(const PdModel& model, BaselineModel baseline) {
  BaselineStart start;
  if (baseline == BaselineModel::constant) return start;
  NormalEquations equations = normal_equations(model, baseline, true);
  if (!equations.solvable(baseline)) equations = normal_equations(model, baseline, false);
  if (!equations.solvable(baseline)) return start;
  if (baseline == BaselineModel::circadian) {
    const Eigen::Vector2d wave = equations.matrix.ldlt().solve(equations.right);
    start.amplitude = std::clamp(wave.norm(), least_amplitude, largest_amplitude);
    start.phase = std::atan2(wave[1], wave[0]) / angular_frequency;
    return start;
  }
  start.slope = equations.right[0] / equations.matrix(0, 0);
  // The line that ends where the exponential does.
  if (baseline == BaselineModel::linear && equations.latest > 0.0) {
    start.slope = std::expm1(start.slope * equations.latest) / equations.latest;
  }
  return start;
}

bool tells_baseline(const PdModel& model, BaselineModel baseline) {
  return normal_equations(model, baseline, true).solvable(baseline);
}

}  // namespace titrant::nlme
