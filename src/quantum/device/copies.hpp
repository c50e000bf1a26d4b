#pragma once

#include <cstddef>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// Other orders in which the same value is copied, that suit a device better; without those that change nothing.
///
/// After cx c, t on a t in |0> both qubits have the same value in the computational basis until another gate than a
/// diagonal one or a control acts on one of them. The next cx from c onto a qubit in |0> may start from either: a
/// fan-out from one qubit becomes a path, or a tree with few neighbours, and a chain grows from its middle. A measured
/// qubit, one under a barrier or in a gate under a condition starts no more copies but its own.
std::vector<Circuit> with_other_copies(const Circuit& circuit);

}  // namespace titrant::quantum
