#pragma once

#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// [bit] whether a measurement of the circuit writes it, under conditions or not. The others are 0 whatever happens.
std::vector<bool> written_bits(const Circuit& circuit);

/// The circuit with a measurement of every qubit at its end, qubit k into bit k; its own classical bits, all 0, make
/// room for these. Throws ConfigError for a circuit that measures already: what it measures then, and what it would
/// measure at its end, are different outcomes.
Circuit measure_all(const Circuit& circuit);

}  // namespace titrant::quantum
