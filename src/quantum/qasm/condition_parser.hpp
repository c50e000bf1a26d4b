#pragma once

#include "builder.hpp"
#include "lexer.hpp"
#include "symbols.hpp"

namespace titrant::quantum::qasm {

/// Reads the condition of an `if`, between its parentheses: bits, registers compared (== != < <= > >=) with integers,
/// strings of bits ("011", the highest bit first) or each other, true and false, !, &&, ||, parentheses.
/// Element k of a register is bit k of its value. A bit that no measurement has written yet is 0.
/// Whether the value that `selector` begins, a register or a constant, is this integer; the lexer stands behind it
/// then.
Predicate parse_equality(Lexer& selector, const Symbols& symbols, const Names& names, CircuitBuilder& builder,
                         Number value, Position position);

Predicate parse_condition(Lexer& lexer, const Symbols& symbols, const Names& names, CircuitBuilder& builder);

}  // namespace titrant::quantum::qasm
