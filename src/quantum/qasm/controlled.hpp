#pragma once

#include <cstddef>
#include <span>

#include "native.hpp"

namespace titrant::quantum::qasm {

/// exp(i angle) where all of these qubits are 1: p, cp, and beyond that O(n^2) gates without further qubits
/// (Barenco et al., Phys. Rev. A 52 (1995) 3457, lemma 7.5, with lemma 7.3 for its Toffoli gates).
void controlled_phase(std::span<const std::size_t> qubits, double angle, GateSink& sink);

/// The gate where all controls are 1, exactly; the gate alone where there are none.
void controlled_gate(const NativeGate& gate, std::span<const std::size_t> controls, GateSink& sink);

}  // namespace titrant::quantum::qasm
