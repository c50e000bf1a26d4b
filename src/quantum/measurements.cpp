#include "titrant/quantum/measurements.hpp"

#include <algorithm>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

std::vector<bool> written_bits(const Circuit& circuit) {
  std::vector<bool> written(circuit.bits(), false);
  for (const Operation& operation : circuit.operations())
    if (operation.kind == Operation::Kind::measure) written[operation.bit] = true;
  return written;
}

Circuit measure_all(const Circuit& circuit) {
  const std::vector<bool> written = written_bits(circuit);
  if (std::find(written.begin(), written.end(), true) != written.end())
    throw ConfigError("the circuit measures already");
  Circuit measured(circuit.qubits(), circuit.qubits());
  for (const Operation& operation : circuit.operations()) measured.add(operation);
  for (std::size_t qubit = 0; qubit < circuit.qubits(); ++qubit) measured.measure(qubit, qubit);
  return measured;
}

}  // namespace titrant::quantum
