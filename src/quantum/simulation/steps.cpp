#include "steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

bool holds(const Circuit::Conditions& conditions, std::uint64_t bits) {
  return std::all_of(conditions.begin(), conditions.end(), [bits](const Operation::Condition& condition) {
    return (((bits >> condition.bit) & 1U) != 0U) == condition.value;
  });
}

Matrix matrix_of(const Operation& operation, std::span<const double> parameters, std::span<const double> features) {
  std::vector<double> angles;
  for (const Angle& angle : operation.angles) angles.push_back(angle_value(angle, parameters, features));
  return gate_matrix(operation.gate, angles);
}

std::vector<bool> terminal_measurements(const Circuit& circuit) {
  using Kind = Operation::Kind;
  const std::vector<Operation>& operations = circuit.operations();
  std::vector<bool> terminal(operations.size(), false);
  std::vector<bool> disturbed(circuit.qubits(), false);  // by a later operation
  std::vector<bool> needed(circuit.bits(), false);       // read or overwritten later
  for (std::size_t k = operations.size(); k-- > 0;) {
    const Operation& operation = operations[k];
    if (operation.kind == Kind::measure) {
      const std::size_t qubit = operation.qubits[0];
      terminal[k] = !disturbed[qubit] && !needed[operation.bit] && operation.conditions.empty();
      needed[operation.bit] = true;
      if (!terminal[k]) disturbed[qubit] = true;
    }
    if (operation.kind == Kind::gate || operation.kind == Kind::reset)
      for (const std::size_t qubit : operation.qubits) disturbed[qubit] = true;
    for (const Operation::Condition& condition : operation.conditions) needed[condition.bit] = true;
  }
  return terminal;
}

void check_runnable(const Circuit& circuit, std::span<const double> parameters, const Input& input) {
  constexpr std::size_t most_bits = 64;
  if (circuit.bits() > most_bits)
    throw ConfigError(fmt::format("{} classical bits; outcomes are listed for at most {}", circuit.bits(), most_bits));
  check_input(circuit, parameters, input);
}

}  // namespace titrant::quantum
