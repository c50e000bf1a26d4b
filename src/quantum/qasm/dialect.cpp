#include "titrant/quantum/qasm/dialect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

constexpr std::array<std::string_view, 5> dialect_names = {"openqasm3", "qiskit", "braket", "qdk", "openqasm2"};

/// Whether a qubit that was measured is used again.
bool goes_on_after_measurement(const Circuit& circuit) {
  std::vector<bool> measured(circuit.qubits(), false);
  for (const Operation& operation : circuit.operations()) {
    if (operation.kind == Operation::Kind::barrier || operation.kind == Operation::Kind::discard) continue;
    for (const std::size_t qubit : operation.qubits)
      if (measured[qubit]) return true;
    if (operation.kind == Operation::Kind::measure) measured[operation.qubits[0]] = true;
  }
  return false;
}

}  // namespace

std::string_view dialect_name(QasmDialect dialect) { return dialect_names.at(static_cast<std::size_t>(dialect)); }

QasmDialect dialect_named(std::string_view name) {
  const auto* const found = std::find(dialect_names.begin(), dialect_names.end(), name);
  if (found == dialect_names.end())
    throw ConfigError(fmt::format("'{}' is no dialect of OpenQASM; expected {}", name, fmt::join(dialect_names, ", ")));
  return static_cast<QasmDialect>(found - dialect_names.begin());
}

std::vector<std::string> dialect_notes(const Circuit& circuit, QasmDialect dialect) {
  if (dialect != QasmDialect::braket) return {};
  const auto& all = circuit.operations();
  std::vector<std::string> found;
  if (std::any_of(all.begin(), all.end(), [](const Operation& one) { return !one.conditions.empty(); }))
    found.emplace_back("operations under conditions on measured bits");
  if (std::any_of(all.begin(), all.end(), [](const Operation& one) { return one.kind == Operation::Kind::reset; }))
    found.emplace_back("resets");
  if (goes_on_after_measurement(circuit)) found.emplace_back("operations on measured qubits");
  if (found.empty()) return {};
  return {
      fmt::format("this circuit has {}: of Amazon Braket, the local simulator (amazon-braket-default-simulator 1.37 "
                  "and later) runs it, and no device of the service",
                  fmt::join(found, " and "))};
}

}  // namespace titrant::quantum
