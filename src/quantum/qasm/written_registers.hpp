#pragma once

#include <string>
#include <vector>

#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::quantum::qasm {

/// Registers as a text declares them, and what joined or divided ones were, for comments.
struct WrittenRegisters {
  std::vector<Register> qubits;
  std::vector<Register> bits;
  std::vector<std::string> comments;
};

/// The registers of a circuit in a dialect, `q` and `c` where none are given. Throws ConfigError where they do not
/// cover elements 0, 1, .. in order under names that are free and that the dialect can have.
WrittenRegisters written_registers(const Circuit& circuit, const std::vector<Register>& qubits,
                                   const std::vector<Register>& bits, QasmDialect dialect);

/// "name[k]" for each element.
std::vector<std::string> element_names(const std::vector<Register>& registers);

/// ConfigError "OpenQASM: message" where this does not hold.
void require_written(bool holds, const std::string& message);

}  // namespace titrant::quantum::qasm
