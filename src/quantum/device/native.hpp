#pragma once

#include "placement.hpp"
#include "titrant/quantum/synthesis/basis.hpp"

namespace titrant::quantum {

/// The gates on two qubits of a device of the circuit's own qubits, which has to outlive the result.
PairGate native_pair_gate(const Device& part);

/// Whether a coupling works and has a calibrated rzz beside its gate.
bool calibrates_rzz(const Device::Edge& edge);

struct NativeCircuit {
  Circuit circuit;
  double success = 0.0;  ///< as CircuitSummary::success_probability
};

/// On the device of the circuit's own qubits; of the circuits with and without rzz the better one.
NativeCircuit native_on(const Placeable& circuit, const Device& part);

}  // namespace titrant::quantum
