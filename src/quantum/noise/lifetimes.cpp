#include "lifetimes.hpp"

#include <algorithm>

namespace titrant::quantum {

namespace {

/// Before this operation, given what is needed after it.
bool matters(const Operation& operation, const std::vector<bool>& needed) {
  switch (operation.kind) {
    case Operation::Kind::measure:
      return true;
    case Operation::Kind::gate:
    case Operation::Kind::reset:
      return std::any_of(operation.qubits.begin(), operation.qubits.end(),
                         [&needed](std::size_t qubit) { return needed[qubit]; });
    default:
      return false;
  }
}

}  // namespace

Lifetimes lifetimes(const Circuit& circuit) {
  const std::vector<Operation>& operations = circuit.operations();
  Lifetimes result;
  result.steps.resize(operations.size());
  std::vector<bool> needed(circuit.qubits(), false);
  std::uint64_t bits = ~std::uint64_t{0};
  for (std::size_t k = operations.size(); k-- > 0;) {
    const Operation& operation = operations[k];
    Lifetimes::Step& step = result.steps[k];
    step.bits = bits;
    step.matters = matters(operation, needed);
    if (!step.matters) continue;
    const bool always = operation.conditions.empty();
    for (const std::size_t qubit : operation.qubits) {
      if (!needed[qubit]) step.leaving.push_back(qubit);
      // What a reset erases is not asked for; where it may not happen, it is.
      needed[qubit] = operation.kind != Operation::Kind::reset || !always;
    }
    if (operation.kind == Operation::Kind::measure && always) bits &= ~(std::uint64_t{1} << operation.bit);
    for (const Operation::Condition& condition : operation.conditions) bits |= std::uint64_t{1} << condition.bit;
  }
  result.needed_at_start = std::move(needed);
  return result;
}

}  // namespace titrant::quantum
