#pragma once

#include <cstddef>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// Which operations must come before which: those that share a qubit or a classical bit.
struct Dependencies {
  explicit Dependencies(const Circuit& circuit);
  std::vector<std::vector<std::size_t>> next;  ///< [operation] operations that wait for it
  std::vector<std::size_t> waits_for;          ///< [operation] number of operations before it
};

/// The qubits that an operation touches: for a barrier without qubits, all.
std::vector<std::size_t> qubits_of(const Operation& operation, std::size_t qubits);

}  // namespace titrant::quantum
