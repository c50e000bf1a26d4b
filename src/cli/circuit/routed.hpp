#pragma once

#include <string>
#include <vector>

#include "command.hpp"
#include "titrant/quantum/device/compile_for_device.hpp"

namespace titrant::cli {

/// A circuit on the device of --device: the one way for all commands, so that they tell the same figures.
struct OnDevice {
  quantum::Device device;
  quantum::RoutedCircuit routed;
  quantum::Device part;  ///< the device of the circuit's own qubits
  quantum::CircuitSummary summary;
};

/// Routed with --seed. Throws ConfigError where it does not fit, DataError and ConfigError for the device file.
OnDevice on_device_of(const Invocation& invocation, const quantum::Circuit& circuit);

/// Gates, device qubits, depth, duration and success probability; what was left out and decided; one line each.
std::vector<std::string> figures_of(const OnDevice& on);

}  // namespace titrant::cli
