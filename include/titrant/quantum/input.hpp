#pragma once

#include <span>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// One example: the amplitudes of the circuit's amplitude qubits and its features. Views; the owner keeps them alive.
struct Input {
  std::span<const double> amplitudes;  ///< [2^n], L2 norm 1; empty where the circuit has no amplitude input
  std::span<const double> features;    ///< [circuit.features()], rad
};

/// The angle in rad for these parameters and this example.
inline double angle_value(const Angle& angle, std::span<const double> parameters, std::span<const double> features) {
  if (angle.source == Angle::Source::constant) return angle.value;
  return angle.source == Angle::Source::parameter ? parameters[angle.index] : features[angle.index];
}

/// Throws ConfigError unless there are the numbers that the circuit asks for, all finite, and amplitudes of norm 1
/// (within 1e-9).
void check_input(const Circuit& circuit, std::span<const double> parameters, const Input& input);

}  // namespace titrant::quantum
