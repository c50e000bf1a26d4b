#pragma once

#include <string>
#include <vector>

#include "lexer.hpp"
#include "symbols.hpp"

namespace titrant::quantum::qasm {

/// A `def`: its body is read at every call.
struct Subroutine {
  /// A single qubit or bit, a register, or a number.
  struct Sort {
    enum class Is { nothing, qubits, bits, number };
    Is is = Is::nothing;
    std::size_t size = 1;
    bool single = true;
    bool boolean = false;      ///< bits: one of type bool
    Symbols::Variable number;  ///< the type of a number
  };
  struct Parameter {
    Token name;
    Sort sort;
  };
  std::string name;
  std::vector<Parameter> parameters;
  Sort result;
  Lexer body;
  std::size_t bytes = 0;  ///< of the body
};

/// Reads `name(type name, ...) -> type` after `def`, up to the body.
Subroutine parse_subroutine_head(Lexer& lexer, const Names& names);

}  // namespace titrant::quantum::qasm
