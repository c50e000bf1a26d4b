#pragma once

#include <cstddef>
#include <functional>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// The circuit in `u` and `cx`: gates in a row on the same two qubits become one block with the least number of cx; ccx
/// is taken apart. Nothing moves over a measurement, reset, barrier or condition on its qubits; gates under a condition
/// stay under it. Equal up to a global phase. Throws ConfigError for angles that are not constant and for amplitude
/// input.
Circuit merge_two_qubit_blocks(const Circuit& bound);

/// Whether ecr may have these qubits as control and target.
using EcrDirection = std::function<bool(std::size_t control, std::size_t target)>;

/// A circuit of `u` and `cx` in {ecr, rz, sx, x}: each gate on one qubit at most two pulses (rz is a change of frame),
/// each cx one ecr in the direction that the device has. Throws ConfigError where it has neither.
Circuit to_native(const Circuit& circuit, const EcrDirection& direction);

}  // namespace titrant::quantum
