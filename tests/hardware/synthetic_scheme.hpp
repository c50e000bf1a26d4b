#pragma once

#include <cmath>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/hardware/estimate.hpp"
#include "titrant/hardware/shots.hpp"

namespace titrant::hardware {

/// A question whose P(1) is written down here: P = 1/2 + 0.35 tanh((dose - middle) / 8) with another middle for every
/// subject, on doses 2, 4, ..., 40, and a machine that records level + slope P with readout errors.
struct SyntheticQuestion {
  Scheme scheme;
  Promise promise;
  std::vector<double> recorded;
  std::vector<double> exact;  ///< [dose of the grid]
};

inline SyntheticQuestion synthetic_question(std::size_t subjects, CalibrationLine noise, quantum::ReadoutError error,
                                            double target = 0.8,
                                            protocol::Direction direction = protocol::Direction::rising) {
  SyntheticQuestion made;
  core::Stream stream(11, core::Purpose::test, 0);
  std::vector<double> middles;
  for (std::size_t i = 0; i < subjects + 8; ++i) middles.push_back(10.0 + 4.0 * stream.normal());
  const double sign = direction == protocol::Direction::falling ? -1.0 : 1.0;
  const auto p_one = [&](std::size_t subject, double dose) {
    return 0.5 + sign * 0.35 * std::tanh((dose - middles[subject]) / 8.0);
  };
  made.scheme.target = target;
  made.scheme.direction = direction;
  made.scheme.readout = {classifier::ReadoutKind::sigmoid, 8.0, 0.3};
  for (double dose = 2.0; dose <= 40.0; dose += 2.0) {
    made.promise.grid.push_back(dose);
    double sum = 0.0;
    for (std::size_t i = 0; i < subjects; ++i) sum += made.scheme.readout.probability(p_one(i, dose));
    made.exact.push_back(sum / static_cast<double>(subjects));
  }
  for (std::size_t k = 0; k < made.exact.size(); ++k) {
    const bool first = direction == protocol::Direction::rising;
    if (made.exact[k] < target || (first && made.promise.answer > 0)) continue;
    made.promise.answer = k;
  }
  const auto add = [&](Role role, std::size_t subject, double dose) {
    const double p = p_one(subject, dose);
    made.scheme.circuits.push_back({std::string(word(role)) + std::to_string(subject) + "_" + std::to_string(dose),
                                    role, subject, dose, p, error, 0});
    const double true_share = noise.level + noise.slope * p;
    made.recorded.push_back(error.one_given_zero * (1.0 - true_share) + (1.0 - error.zero_given_one) * true_share);
  };
  for (std::size_t c = subjects; c < subjects + 8; ++c)
    for (const double dose : {4.0, 24.0}) add(Role::calibration, c, dose);
  for (const std::size_t place : bracket(made.promise, direction))
    made.scheme.doses.push_back(made.promise.grid[place]);
  for (std::size_t i = 0; i < subjects; ++i)
    for (const double dose : made.scheme.doses) add(Role::question, i, dose);
  return made;
}

inline void give_shots(Scheme& scheme, std::uint64_t question, std::uint64_t calibration) {
  for (PlannedCircuit& circuit : scheme.circuits)
    circuit.shots = circuit.role == Role::question ? question : calibration;
}

}  // namespace titrant::hardware
