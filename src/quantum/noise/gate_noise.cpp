#include "gate_noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

bool is_identity(const Channel& channel) {
  if (channel.kraus.size() != 1) return false;
  const Matrix& only = channel.kraus[0];
  return (only - Matrix::Identity(only.rows(), only.cols())).cwiseAbs().maxCoeff() == 0.0;
}

}  // namespace

NoiseSteps noise_steps(double probability, const std::vector<Channel>& relaxations) {
  NoiseSteps steps;
  const auto add = [&steps](Channel channel, std::vector<std::size_t> places) {
    if (!is_identity(channel)) steps.push_back({std::move(channel), std::move(places)});
  };
  std::vector<std::size_t> all(relaxations.size());
  std::iota(all.begin(), all.end(), 0);
  add(depolarising(probability, relaxations.size()), all);
  for (const std::size_t place : all) add(relaxations[place], {place});
  return steps;
}

DeviceGate device_gate(const std::vector<Channel>& relaxations, double error, const std::string& gate) {
  const double dimension = std::ldexp(1.0, static_cast<int>(relaxations.size()));
  double entanglement = 1.0;  // of channels side by side it is the product of theirs
  for (const Channel& channel : relaxations) entanglement *= (3.0 * average_gate_fidelity(channel) - 1.0) / 2.0;
  const double relaxed = (dimension * entanglement + 1.0) / (dimension + 1.0);
  const double excess = relaxed - (1.0 - error);
  const double probability = excess > 0.0 ? excess / (relaxed - 1.0 / dimension) : 0.0;
  const double largest = dimension * dimension / (dimension * dimension - 1.0);
  if (!(error >= 0.0 && probability >= 0.0 && probability <= largest)) {
    return {{},
            fmt::format("noise: {} has a reported error of {}, which no depolarising explains: use other qubits", gate,
                        error)};
  }
  return {noise_steps(probability, relaxations), {}};
}

Channel device_relaxation(const Device::Qubit& qubit, double nanoseconds, const std::string& where) {
  if (!(qubit.t1 > 0.0 && qubit.t2 > 0.0 && nanoseconds >= 0.0 && std::isfinite(nanoseconds))) {
    throw ConfigError(fmt::format("noise: {} has T1 {} us, T2 {} us and a gate of {} ns: times must be positive", where,
                                  qubit.t1, qubit.t2, nanoseconds));
  }
  return thermal_relaxation(qubit.t1, std::min(qubit.t2, 2.0 * qubit.t1), nanoseconds * us_per_ns);
}

}  // namespace titrant::quantum
