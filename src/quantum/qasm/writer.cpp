#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>

#include "expression.hpp"
#include "keywords.hpp"
#include "library.hpp"
#include "limits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::quantum {

namespace qasm {
namespace {

void require(bool holds, const std::string& message) {
  if (!holds) throw ConfigError("OpenQASM: " + message);
}

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The registers, or one of the default name; checked to cover elements 0, 1, .. in order under names that are free.
std::vector<Register> checked(std::vector<Register> registers, std::size_t count, const std::string& standard,
                              std::set<std::string>& names) {
  if (registers.empty() && count > 0) registers = {{standard, 0, count}};
  std::size_t covered = 0;
  for (const Register& one : registers) {
    require(is_name(one.name), fmt::format("'{}' is no name for a register", one.name));
    require(!is_keyword(one.name) && !is_builtin_name(one.name),
            fmt::format("'{}' is a word of the language and cannot be the name of a register", one.name));
    const GateTable& library = gate_library(3);
    require(library.find(one.name) == nullptr,
            fmt::format("'{}' is a gate and cannot be the name of a register", one.name));
    require(names.insert(one.name).second, fmt::format("two registers are named '{}'", one.name));
    require(one.first == covered && one.size > 0,
            fmt::format("register '{}' should begin with element {} and have one at least", one.name, covered));
    covered += one.size;
  }
  require(covered == count, fmt::format("the registers have {} elements, the circuit {}", covered, count));
  return registers;
}

/// "name[k]" for each element.
std::vector<std::string> element_names(const std::vector<Register>& registers) {
  std::vector<std::string> names;
  for (const Register& one : registers)
    for (std::size_t k = 0; k < one.size; ++k) names.push_back(fmt::format("{}[{}]", one.name, k));
  return names;
}

class Writer {
 public:
  Writer(const Circuit& circuit, const std::vector<Register>& qubits, const std::vector<Register>& bits)
      : circuit_(circuit), qubits_(element_names(qubits)), bits_(element_names(bits)) {}

  std::string operations() {
    const auto& all = circuit_.operations();
    for (std::size_t k = 0; k < all.size();) k = group(k);
    return std::move(text_);
  }

 private:
  /// Writes operations that share their conditions under one `if`; returns the number of the next one. A measurement
  /// of a bit that the `if` reads is the last of its block: whether the `if` holds is asked at its beginning only.
  std::size_t group(std::size_t first) {
    const auto& all = circuit_.operations();
    const auto& conditions = all[first].conditions;
    if (conditions.empty()) {
      write(all[first], "");
      return first + 1;
    }
    std::string test;
    for (const auto& condition : conditions)
      test += fmt::format("{}{}{}", test.empty() ? "" : " && ", condition.value ? "" : "!", bits_[condition.bit]);
    fmt::format_to(std::back_inserter(text_), "if ({}) {{\n", test);
    std::size_t next = first;
    bool overwritten = false;
    while (next < all.size() && !overwritten && all[next].conditions == conditions) {
      const Operation& operation = all[next++];
      write(operation, "  ");
      overwritten = operation.kind == Operation::Kind::measure &&
                    std::any_of(conditions.begin(), conditions.end(),
                                [&operation](const auto& condition) { return condition.bit == operation.bit; });
    }
    text_ += "}\n";
    return next;
  }

  std::string operands(const Operation& operation) const {
    std::string list;
    for (const std::size_t qubit : operation.qubits) {
      if (!list.empty()) list += ", ";
      list += qubits_[qubit];
    }
    return list;
  }

  void write(const Operation& operation, std::string_view indent) {
    const std::string on = operands(operation);
    text_ += indent;
    auto out = std::back_inserter(text_);
    switch (operation.kind) {
      case Operation::Kind::gate:
        gate(operation);
        fmt::format_to(out, " {};\n", on);
        break;
      case Operation::Kind::measure:
        fmt::format_to(out, "{} = measure {};\n", bits_[operation.bit], on);
        break;
      case Operation::Kind::reset:
        fmt::format_to(out, "reset {};\n", on);
        break;
      case Operation::Kind::discard:
        fmt::format_to(out, "// {} is not used any more\n", on);
        break;
      case Operation::Kind::barrier:
        fmt::format_to(out, "barrier{}{};\n", on.empty() ? "" : " ", on);
        break;
    }
  }

  /// The shortest form with 17 digits; what that would write as an integer beyond those of the language has an
  /// exponent.
  void angle(double radians) {
    if (std::abs(radians) > largest_integer) {
      fmt::format_to(std::back_inserter(text_), "{:.16e}", radians);
    } else {
      fmt::format_to(std::back_inserter(text_), "{:.17g}", radians);
    }
  }

  void gate(const Operation& operation) {
    // stdgates.inc has no u; U of the language differs from it by a global phase alone.
    text_ += operation.gate == GateKind::u ? "U" : gate_name(operation.gate);
    if (operation.angles.empty()) return;
    std::string_view before = "(";
    for (const Angle& one : operation.angles) {
      text_ += before;
      angle(one.value);
      before = ", ";
    }
    text_ += ')';
  }

  const Circuit& circuit_;
  std::vector<std::string> qubits_;
  std::vector<std::string> bits_;
  std::string text_;
};

void check_bound(const Circuit& circuit) {
  require(circuit.amplitude_qubits().empty(),
          "amplitudes that a circuit starts from cannot be written; prepare them by gates");
  for (const Operation& operation : circuit.operations()) {
    for (const Angle& angle : operation.angles)
      require(angle.source == Angle::Source::constant, "parameters and features need values; bind them first");
  }
}

/// Definitions of the gates of a circuit that stdgates.inc does not have.
std::string definitions(const Circuit& circuit) {
  std::set<GateKind> used;
  for (const Operation& operation : circuit.operations())
    if (operation.kind == Operation::Kind::gate) used.insert(operation.gate);
  std::string text;
  for (const GateKind kind : used) text += native_definition(kind);
  return text;
}

}  // namespace
}  // namespace qasm

std::string write_qasm(const Circuit& bound, const std::vector<Register>& qubits, const std::vector<Register>& bits,
                       const std::vector<std::string>& comments) {
  qasm::check_bound(bound);
  std::set<std::string> names;
  const std::vector<Register> qubit_registers = qasm::checked(qubits, bound.qubits(), "q", names);
  const std::vector<Register> bit_registers = qasm::checked(bits, bound.bits(), "c", names);
  std::string text = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n";
  for (const std::string& comment : comments) {
    text += "// ";
    for (const char c : comment) text += c == '\n' ? std::string("\n// ") : std::string(1, c);
    text += '\n';
  }
  text += qasm::definitions(bound);
  for (const Register& one : qubit_registers) text += fmt::format("qubit[{}] {};\n", one.size, one.name);
  for (const Register& one : bit_registers) text += fmt::format("bit[{}] {};\n", one.size, one.name);
  return text + qasm::Writer(bound, qubit_registers, bit_registers).operations();
}

}  // namespace titrant::quantum
