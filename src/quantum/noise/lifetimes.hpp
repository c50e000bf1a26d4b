#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// What of a circuit the final values of its classical bits depend on, noise included (which preserves the trace, so
/// that what happens to a qubit that is never looked at again does not matter).
struct Lifetimes {
  struct Step {
    bool matters = false;              ///< the result depends on this operation
    std::vector<std::size_t> leaving;  ///< qubits of it that may be traced out afterwards
    std::uint64_t bits = 0;            ///< classical bits whose value is asked for afterwards
  };
  std::vector<Step> steps;            ///< one per operation
  std::vector<bool> needed_at_start;  ///< [qubit]
};

/// For at most 64 classical bits.
Lifetimes lifetimes(const Circuit& circuit);

}  // namespace titrant::quantum
