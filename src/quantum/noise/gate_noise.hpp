#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/quantum/device/device.hpp"
#include "titrant/quantum/noise/channel.hpp"

namespace titrant::quantum {

constexpr double us_per_ns = 1e-3;

/// What follows a gate: channels with the places, among the gate's qubits, that each acts on.
struct NoiseStep {
  Channel channel;
  std::vector<std::size_t> places;
};
using NoiseSteps = std::vector<NoiseStep>;

/// Depolarising of all the qubits of a gate, then relaxation of each, without what does nothing.
NoiseSteps noise_steps(double probability, const std::vector<Channel>& relaxations);

/// The noise of one gate of a device, or why it must not be used.
struct DeviceGate {
  NoiseSteps steps;
  std::string refusal;
};

/// Depolarising with probability p before the relaxation R makes the average fidelity (1 - p) F(R) + p / 2^k, as
/// 2^-k is that of a state without any memory. p is chosen so that this is 1 - error; 0 where R alone is worse.
DeviceGate device_gate(const std::vector<Channel>& relaxations, double error, const std::string& gate);

/// Calibrations measure T1 and T2 one after the other, so T2 may come out longer than it can be: then it is 2 T1.
/// `where` is for the ConfigError about times that are not positive.
Channel device_relaxation(const Device::Qubit& qubit, double nanoseconds, const std::string& where);

}  // namespace titrant::quantum
