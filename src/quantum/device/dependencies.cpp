#include "dependencies.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace titrant::quantum {

std::vector<std::size_t> qubits_of(const Operation& operation, std::size_t qubits) {
  if (operation.kind != Operation::Kind::barrier || !operation.qubits.empty()) return operation.qubits;
  std::vector<std::size_t> all(qubits);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

Dependencies::Dependencies(const Circuit& circuit)
    : next(circuit.operations().size()), waits_for(circuit.operations().size(), 0) {
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> last_on_qubit(circuit.qubits(), none);
  std::vector<std::size_t> writer(circuit.bits(), none);
  std::vector<std::vector<std::size_t>> readers(circuit.bits());
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    const Operation& operation = circuit.operations()[k];
    std::vector<std::size_t> before;
    for (const std::size_t qubit : qubits_of(operation, circuit.qubits())) {
      before.push_back(last_on_qubit[qubit]);
      last_on_qubit[qubit] = k;
    }
    for (const Operation::Condition& condition : operation.conditions) {
      before.push_back(writer[condition.bit]);
      readers[condition.bit].push_back(k);
    }
    if (operation.kind == Operation::Kind::measure) {
      before.push_back(writer[operation.bit]);
      before.insert(before.end(), readers[operation.bit].begin(), readers[operation.bit].end());
      readers[operation.bit].clear();
      writer[operation.bit] = k;
    }
    std::sort(before.begin(), before.end());
    before.erase(std::unique(before.begin(), before.end()), before.end());
    for (const std::size_t earlier : before) {
      if (earlier == none || earlier == k) continue;
      next[earlier].push_back(k);
      ++waits_for[k];
    }
  }
}

}  // namespace titrant::quantum
