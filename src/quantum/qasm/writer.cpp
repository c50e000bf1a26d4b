#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string>

#include "expression.hpp"
#include "library.hpp"
#include "limits.hpp"
#include "spelling.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/qasm/qasm.hpp"
#include "written_registers.hpp"

namespace titrant::quantum {

namespace qasm {
namespace {

class Writer {
 public:
  Writer(const Circuit& circuit, const WrittenRegisters& registers, QasmDialect dialect)
      : circuit_(circuit),
        registers_(registers),
        qubits_(element_names(registers.qubits)),
        bits_(element_names(registers.bits)),
        dialect_(dialect) {}

  std::string operations() {
    const auto& all = circuit_.operations();
    for (std::size_t k = 0; k < all.size();) k = group(k);
    return std::move(text_);
  }

 private:
  bool version_2() const { return dialect_ == QasmDialect::openqasm2; }

  /// Writes operations that share their conditions within one `if` for each condition; returns the number of the next
  /// one. A measurement of a bit that an `if` reads is the last of its block: whether an `if` holds is asked at its
  /// beginning only.
  std::size_t group(std::size_t first) {
    const auto& all = circuit_.operations();
    const auto& conditions = all[first].conditions;
    if (conditions.empty() || version_2()) {
      write(all[first], version_2() ? condition_of_version_2(all[first], first) : "");
      return first + 1;
    }
    for (std::size_t k = 0; k < conditions.size(); ++k)
      fmt::format_to(std::back_inserter(text_), "{:{}}if ({}) {{\n", "", 2 * k, test(conditions[k]));
    const std::string indent(2 * conditions.size(), ' ');
    std::size_t next = first;
    bool overwritten = false;
    while (next < all.size() && !overwritten && all[next].conditions == conditions) {
      const Operation& operation = all[next++];
      write(operation, indent);
      overwritten = operation.kind == Operation::Kind::measure &&
                    std::any_of(conditions.begin(), conditions.end(),
                                [&operation](const auto& condition) { return condition.bit == operation.bit; });
    }
    for (std::size_t k = conditions.size(); k > 0; --k)
      fmt::format_to(std::back_inserter(text_), "{:{}}}}\n", "", 2 * (k - 1));
    return next;
  }

  /// Readers differ in what may stand beside a bit: Qiskit's importer compares it with true and false and has ! in
  /// later versions only, the simulator of Amazon Braket compares it with 1 and 0 and has ! for other types only.
  std::string test(const Operation::Condition& condition) const {
    const std::string& bit = bits_[condition.bit];
    if (dialect_ == QasmDialect::qiskit) return fmt::format("{} == {}", bit, condition.value ? "true" : "false");
    if (dialect_ == QasmDialect::braket) return fmt::format("{} == {}", bit, condition.value ? 1 : 0);
    return fmt::format("{}{}", condition.value ? "" : "!", bit);
  }

  /// `if (c==1) ` before an operation: version 2 has no blocks and compares whole registers, here of one bit.
  std::string condition_of_version_2(const Operation& operation, std::size_t number) const {
    if (operation.conditions.empty()) return {};
    require_written(operation.conditions.size() == 1,
                    fmt::format("operation {} is under conditions on {} bits, and version 2 has conditions on one "
                                "register each; write another dialect",
                                number + 1, operation.conditions.size()));
    const auto& [bit, value] = operation.conditions[0];
    const auto found = std::find_if(registers_.bits.begin(), registers_.bits.end(),
                                    [bit = bit](const Register& one) { return one.first + one.size > bit; });
    return fmt::format("if({}=={}) ", found->name, value ? 1 : 0);
  }

  std::string operands(std::span<const std::size_t> qubits) const {
    std::string list;
    for (const std::size_t qubit : qubits) {
      if (!list.empty()) list += ", ";
      list += qubits_[qubit];
    }
    return list;
  }

  void write(const Operation& operation, std::string_view before) {
    if (operation.kind == Operation::Kind::gate) return gates(operation, before);
    const std::string on = operands(operation.qubits);
    auto out = std::back_inserter(text_);
    switch (operation.kind) {
      case Operation::Kind::measure:
        if (version_2()) {
          fmt::format_to(out, "{}measure {} -> {};\n", before, on, bits_[operation.bit]);
        } else {
          fmt::format_to(out, "{}{} = measure {};\n", before, bits_[operation.bit], on);
        }
        break;
      case Operation::Kind::reset:
        fmt::format_to(out, "{}reset {};\n", before, on);
        break;
      case Operation::Kind::discard:
        fmt::format_to(out, "// {} is not used any more\n", on);
        break;
      default:
        barrier(on);
    }
  }

  /// Amazon Braket lists no barrier among the statements that it takes; version 2 has none without qubits.
  void barrier(std::string on) {
    if (dialect_ == QasmDialect::braket) return;
    if (on.empty() && version_2())
      for (const Register& one : registers_.qubits) on += fmt::format("{}{}", on.empty() ? "" : ", ", one.name);
    fmt::format_to(std::back_inserter(text_), "barrier{}{};\n", on.empty() ? "" : " ", on);
  }

  /// 17 digits, always with a decimal point: one importer takes no whole number as an angle, and numbers of version 2
  /// with an exponent have a point.
  void angle(double radians) {
    const std::string digits =
        std::abs(radians) > largest_integer ? fmt::format("{:.16e}", radians) : fmt::format("{:.17g}", radians);
    const std::size_t exponent = std::min(digits.find('e'), digits.size());
    text_ += digits.substr(0, exponent);
    if (digits.find('.') == std::string::npos) text_ += ".0";
    text_ += digits.substr(exponent);
  }

  void gates(const Operation& operation, std::string_view before) {
    NativeGate native{operation.gate, {}, {}};
    std::copy(operation.qubits.begin(), operation.qubits.end(), native.qubits.begin());
    for (std::size_t k = 0; k < operation.angles.size(); ++k) native.angles.at(k) = operation.angles[k].value;
    for (const NativeGate& gate : spelled(native, dialect_)) {
      text_ += before;
      text_ += gate_name_in(gate.kind, dialect_);
      std::string_view separator = "(";
      for (const double one : std::span(gate.angles).first(gate_angles(gate.kind))) {
        text_ += separator;
        angle(one);
        separator = ", ";
      }
      if (gate_angles(gate.kind) > 0) text_ += ')';
      fmt::format_to(std::back_inserter(text_), " {};\n",
                     operands(std::span(gate.qubits).first(gate_qubits(gate.kind))));
    }
  }

  const Circuit& circuit_;
  const WrittenRegisters& registers_;
  std::vector<std::string> qubits_;
  std::vector<std::string> bits_;
  QasmDialect dialect_;
  std::string text_;
};

void check_bound(const Circuit& circuit) {
  require_written(circuit.amplitude_qubits().empty(),
                  "amplitudes that a circuit starts from cannot be written; prepare them by gates");
  for (const Operation& operation : circuit.operations()) {
    for (const Angle& angle : operation.angles)
      require_written(angle.source == Angle::Source::constant, "parameters and features need values; bind them first");
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

std::string_view head(QasmDialect dialect) {
  if (dialect == QasmDialect::braket) return "OPENQASM 3.0;\n";
  if (dialect == QasmDialect::openqasm2) return "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";
  return "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n";
}

void add_comments(std::string& text, const std::vector<std::string>& comments) {
  for (const std::string& comment : comments) {
    text += "// ";
    for (const char c : comment) text += c == '\n' ? std::string("\n// ") : std::string(1, c);
    text += '\n';
  }
}

}  // namespace
}  // namespace qasm

std::string write_qasm(const Circuit& bound, const std::vector<Register>& qubits, const std::vector<Register>& bits,
                       const std::vector<std::string>& comments, QasmDialect dialect) {
  qasm::check_bound(bound);
  const qasm::WrittenRegisters registers = qasm::written_registers(bound, qubits, bits, dialect);
  std::string text(qasm::head(dialect));
  qasm::add_comments(text, comments);
  qasm::add_comments(text, dialect_notes(bound, dialect));
  qasm::add_comments(text, registers.comments);
  const bool version_2 = dialect == QasmDialect::openqasm2;
  if (!version_2 && dialect != QasmDialect::braket) text += qasm::definitions(bound);
  for (const Register& one : registers.qubits)
    text += version_2 ? fmt::format("qreg {}[{}];\n", one.name, one.size)
                      : fmt::format("qubit[{}] {};\n", one.size, one.name);
  for (const Register& one : registers.bits)
    text += version_2 ? fmt::format("creg {}[{}];\n", one.name, one.size)
                      : fmt::format("bit[{}] {};\n", one.size, one.name);
  return text + qasm::Writer(bound, registers, dialect).operations();
}

}  // namespace titrant::quantum
