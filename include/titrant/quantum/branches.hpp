#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/input.hpp"
#include "titrant/quantum/statevector.hpp"

namespace titrant::quantum {

/// One way in which the measurements of a circuit can end.
struct Branch {
  std::uint64_t bits = 0;    ///< classical bit b is bit b of this number; bits never measured are 0
  double probability = 0.0;  ///< > 0
  StateVector state;         ///< normalised; after discards, their qubits are still in it
};

/// Runs a circuit along every outcome of its measurements, conditions honoured, and calls `visit` for each way that is
/// possible (an outcome of probability below 1e-15 is taken as the rounding of 0). A reset measures without a record,
/// so several branches may have the same bits. Throws ConfigError for more than 64 classical bits or a wrong input.
void visit_branches(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                    const std::function<void(const Branch&)>& visit);

/// A value of the classical bits with its probability.
struct Outcome {
  std::uint64_t bits = 0;
  double probability = 0.0;
};

/// The exact distribution of the classical bits, in ascending order of `bits`, without impossible outcomes.
std::vector<Outcome> distribution(const Circuit& circuit, std::span<const double> parameters, const Input& input);

/// The bits as text, highest bit first: bit_string(0b110, 4) is "0110".
std::string bit_string(std::uint64_t bits, std::size_t count);

}  // namespace titrant::quantum
