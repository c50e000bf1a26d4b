#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// Whether a block on these qubits that takes so many cx, or so many rzz in their place, is better written in rzz.
using PreferRzz = std::function<bool(std::size_t first, std::size_t second, std::size_t cx, std::size_t rzz)>;

/// The circuit in `u` and `cx`: gates in a row on the same two qubits become one block with the least number of cx; ccx
/// is taken apart. Nothing moves over a measurement, reset, barrier or condition on its qubits; gates under a condition
/// stay under it. Blocks for which `prefer` says so are in `rzz` of angles in 0 .. pi/2 instead of cx. Equal up to a
/// global phase. Throws ConfigError for angles that are not constant and for amplitude input.
Circuit merge_two_qubit_blocks(const Circuit& bound, const PreferRzz& prefer = nullptr);

/// The gates that a device makes every gate on one qubit of. Those about z are changes of frame: no time, no error.
enum class PulseBasis {
  rz_sx_x,   ///< at most two sx
  u1_u2_u3,  ///< one u2 (one pulse) or u3 (two); newer files name them p, u2, u
  rx_rz      ///< at most one rx, of any angle
};

/// The gate that a device has with these qubits as first and second; none where it has none in this direction.
using PairGate = std::function<std::optional<GateKind>(std::size_t first, std::size_t second)>;

/// A circuit of `u`, `cx` and `rzz` in native gates: each gate on one qubit at most two sx, one u, or one rx between
/// changes of frame (`pulses`), each cx one cx, cz, ecr or rzz(pi/2) in a direction that the device has. rzz stay as
/// they are. Equal up to a global phase. Throws ConfigError where it has neither direction.
Circuit to_native(const Circuit& circuit, const PairGate& pair_gate, PulseBasis pulses = PulseBasis::rz_sx_x);

}  // namespace titrant::quantum
