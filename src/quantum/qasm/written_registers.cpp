#include "written_registers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "expression.hpp"
#include "keywords.hpp"
#include "library.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum::qasm {

namespace {

using NameSet = std::set<std::string>;

bool is_register_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The registers, or one of the default name; checked to cover elements 0, 1, .. in order under names that are free.
std::vector<Register> checked(std::vector<Register> registers, std::size_t count, const std::string& standard,
                              QasmDialect dialect, NameSet& names) {
  if (registers.empty() && count > 0) registers = {{standard, 0, count}};
  std::size_t covered = 0;
  for (const Register& one : registers) {
    require_written(is_register_name(one.name), fmt::format("'{}' is no name for a register", one.name));
    require_written(!is_keyword(one.name) && !is_builtin_name(one.name),
                    fmt::format("'{}' is a word of the language and cannot be the name of a register", one.name));
    require_written(gate_library(3).find(one.name) == nullptr,
                    fmt::format("'{}' is a gate and cannot be the name of a register", one.name));
    require_written(dialect != QasmDialect::openqasm2 || (one.name[0] >= 'a' && one.name[0] <= 'z'),
                    fmt::format("names of version 2 begin with a lowercase letter, '{}' does not", one.name));
    require_written(names.insert(one.name).second, fmt::format("two registers are named '{}'", one.name));
    require_written(one.first == covered && one.size > 0,
                    fmt::format("register '{}' should begin with element {} and have one at least", one.name, covered));
    covered += one.size;
  }
  require_written(covered == count, fmt::format("the registers have {} elements, the circuit {}", covered, count));
  return registers;
}

std::string free_register_name(std::string name, NameSet& names) {
  while (!names.insert(name).second) name += '_';
  return name;
}

/// One register in place of several: devices of Amazon Braket take one array of each (`maximumQubitArrays` and
/// `maximumClassicalArrays` of their properties), and its simulator numbers outcomes within registers.
std::vector<Register> joined(const std::vector<Register>& registers, std::size_t count, const std::string& standard,
                             NameSet& names, std::vector<std::string>& comments) {
  if (registers.size() < 2) return registers;
  const std::string name = free_register_name(standard, names);
  for (const Register& one : registers) {
    const std::string last = one.size > 1 ? fmt::format(":{}", one.first + one.size - 1) : "";
    comments.push_back(fmt::format("{}[{}{}] is {}", name, one.first, last, one.name));
  }
  return {{name, 0, count}};
}

/// Conditions of version 2 are on whole registers, so each bit of a register with conditions is one.
std::vector<Register> divided(const std::vector<Register>& registers, const Circuit& circuit, NameSet& names,
                              std::vector<std::string>& comments) {
  std::vector<bool> asked(circuit.bits(), false);
  for (const Operation& operation : circuit.operations())
    for (const auto& condition : operation.conditions) asked[condition.bit] = true;
  std::vector<Register> all;
  for (const Register& one : registers) {
    const auto first = asked.begin() + static_cast<std::ptrdiff_t>(one.first);
    if (one.size == 1 || std::find(first, first + static_cast<std::ptrdiff_t>(one.size), true) ==
                             first + static_cast<std::ptrdiff_t>(one.size)) {
      all.push_back(one);
      continue;
    }
    for (std::size_t k = 0; k < one.size; ++k) {
      all.push_back({free_register_name(fmt::format("{}_{}", one.name, k), names), one.first + k, 1});
      comments.push_back(fmt::format("{} is {}[{}]", all.back().name, one.name, k));
    }
  }
  return all;
}

}  // namespace

void require_written(bool holds, const std::string& message) {
  if (!holds) throw ConfigError(fmt::format("OpenQASM: {}", message));
}

std::vector<std::string> element_names(const std::vector<Register>& registers) {
  std::vector<std::string> names;
  for (const Register& one : registers)
    for (std::size_t k = 0; k < one.size; ++k) names.push_back(fmt::format("{}[{}]", one.name, k));
  return names;
}

WrittenRegisters written_registers(const Circuit& circuit, const std::vector<Register>& qubits,
                                   const std::vector<Register>& bits, QasmDialect dialect) {
  NameSet names;
  WrittenRegisters written;
  written.qubits = checked(qubits, circuit.qubits(), "q", dialect, names);
  written.bits = checked(bits, circuit.bits(), "c", dialect, names);
  if (dialect == QasmDialect::braket) {
    written.qubits = joined(written.qubits, circuit.qubits(), "q", names, written.comments);
    written.bits = joined(written.bits, circuit.bits(), "c", names, written.comments);
  } else if (dialect == QasmDialect::openqasm2) {
    written.bits = divided(written.bits, circuit, names, written.comments);
  }
  return written;
}

}  // namespace titrant::quantum::qasm
