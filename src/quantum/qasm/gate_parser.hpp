#pragma once

#include <string>
#include <vector>

#include "gate_table.hpp"
#include "lexer.hpp"

namespace titrant::quantum::qasm {

/// What stands before the qubits of a call: modifiers, the gate's name, angles.
struct CallHead {
  std::vector<Modifier> modifiers;
  const Gate* gate = nullptr;
  std::vector<Expression> angles;
  Position position;  ///< of the gate's name

  /// How many qubits the call takes, those of its controls included.
  std::size_t qubits() const;
  /// Says how many qubits follow: a gate with any number of controls becomes its base with these controls. Throws where
  /// it is another number than the call takes.
  void give(std::size_t operands, const Source& source);
};

/// Reads modifiers, name and angles. An unknown gate is an error that names the nearest known one; so are a wrong
/// number of angles and a gate in its own definition (`defining`; empty outside of definitions).
CallHead parse_call_head(Lexer& lexer, const GateTable& gates, const Names& names, const std::string& defining = {});

/// Reads `gate name(angles) qubits { ... }`, the word `gate` already taken, and adds it to the table. The caller sees
/// to it that the name is no word of the language.
const Gate& parse_gate_definition(Lexer& lexer, GateTable& gates, const Names& names);

/// Reads `opaque name(angles) qubits;`, the word `opaque` already taken: the gate is known and cannot be called.
void parse_opaque_gate(Lexer& lexer, GateTable& gates);

/// Takes a name that is free to be declared: not a word of the language.
Token expect_new_name(Lexer& lexer, std::string_view what);

}  // namespace titrant::quantum::qasm
