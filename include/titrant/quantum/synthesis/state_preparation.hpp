#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// Takes |0...0> to a real vector [2^n], exactly: multiplexed Ry, one qubit after the other (Mottonen et al. 2004,
/// Phys. Rev. Lett. 93, 130502). 2^n - 1 `ry` and 2^n - 2 `cx`; parts of the vector that are zero, or the same for
/// every value of the qubits before, cost less. The first qubit is the most significant. Throws ConfigError unless the
/// norm is 1 within 1e-9.
std::vector<Operation> prepare_state(std::span<const double> amplitudes, std::span<const std::size_t> qubits);

}  // namespace titrant::quantum
