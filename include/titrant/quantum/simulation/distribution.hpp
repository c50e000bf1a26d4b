#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/input.hpp"

namespace titrant::quantum {

/// A value of the classical bits with its probability.
struct Outcome {
  std::uint64_t bits = 0;  ///< classical bit b is bit b of this number; bits never measured are 0
  double probability = 0.0;
};

/// The exact distribution of the classical bits, in ascending order of `bits`, without impossible outcomes (an outcome
/// of a measurement whose probability is below 1e-15 is taken as the rounding of 0).
///
/// Every outcome of measurements in the middle is followed (a measured qubit leaves the state vector until a gate needs
/// it again, so this seldom costs more than one run without measurements); those at the end are read off the
/// amplitudes. Conditions are honoured. Throws ConfigError for more than 64 classical bits, more than 26 qubits at work
/// at once, more than 2^22 outcomes, or where following all outcomes would take too long.
std::vector<Outcome> distribution(const Circuit& circuit, std::span<const double> parameters, const Input& input);

/// The bits as text, highest bit first: bit_string(0b110, 4) is "0110".
std::string bit_string(std::uint64_t bits, std::size_t count);

}  // namespace titrant::quantum
