#pragma once

#include <string>
#include <vector>

#include "titrant/classifier/ansatz.hpp"

namespace titrant::run {

/// A network as JSON, for programs that draw or count it: `qubits`, `bits`, `amplitude_qubits`, `result_bit`,
/// `features`, and `operations` in their order. An operation has its `kind` (gate, measure, reset, discard, barrier)
/// and `qubits`; a gate its name as in OpenQASM 3 (`gate`) and `angles`, each {"feature": index}, {"parameter": name}
/// or {"constant": rad}; a measurement the `bit` it writes; and `conditions` where there are some.
/// \param features  names, as many as the circuit has features
std::string circuit_json(const classifier::Network& network, const std::vector<std::string>& features);

}  // namespace titrant::run
