#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "deferred.hpp"

namespace titrant::quantum {

/// A value of some sector qubits: bit s of `value` where bit s of `mask` is set.
struct SectorCondition {
  std::uint32_t mask = 0;
  std::uint32_t value = 0;

  bool holds(std::uint32_t sector) const { return (sector & mask) == value; }
};

/// One-qubit gates on |0>, constants and features only: the state in which a qubit joins the circuit.
using Preparation = std::vector<ControlledGate>;

struct SectoredGate {
  ControlledGate gate;  ///< qubits are state qubits
  SectorCondition condition;
};

/// A deferred circuit divided into state qubits and sector qubits.
///
/// A sector qubit is prepared by itself and from then on only controls gates (such as a feature qubit that meets the
/// data qubits through CZ alone). Its coherences cannot matter: the result is the average of the results with it in |0>
/// and in |1>, by the probabilities of its preparation. With s such qubits, 2^s circuits ("sectors") on the remaining
/// state qubits do the work of one on all of them, with conditions settled beforehand in place of gates.
struct SectoredCircuit {
  /// State qubits are numbered anew: the amplitude qubits, most significant first, then the others.
  std::size_t qubits = 0;
  std::size_t amplitude_qubits = 0;
  std::vector<Preparation> preparations;  ///< [state qubit]; empty for amplitude qubits
  std::vector<Preparation> sectors;       ///< [sector qubit]
  std::vector<SectoredGate> gates;
  std::size_t result = 0;
};

SectoredCircuit divide(const DeferredCircuit& circuit);

}  // namespace titrant::quantum
