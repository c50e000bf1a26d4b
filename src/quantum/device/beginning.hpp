#pragma once

#include <cstddef>
#include <vector>

#include "placement.hpp"
#include "routing.hpp"

namespace titrant::quantum {

/// Layouts ([qubit] device qubit) in which the longest beginning of a circuit that can lie on couplings does so, the
/// cheapest first; qubits that it does not hold are close to their first partners. Empty where not one gate can.
///
/// \param pairs  gates on two qubits alone
std::vector<std::vector<std::size_t>> layouts_of_beginning(const Circuit& pairs, const Device& device,
                                                           const Couplings& couplings, const TypicalFigures& typical);

}  // namespace titrant::quantum
