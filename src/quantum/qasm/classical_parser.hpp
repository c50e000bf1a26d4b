#pragma once

#include <optional>

#include "symbols.hpp"
#include "value.hpp"

namespace titrant::quantum::qasm {

/// Calls of subroutines, for expressions.
class Callables {
 public:
  Callables() = default;
  Callables(const Callables&) = delete;
  Callables& operator=(const Callables&) = delete;
  virtual ~Callables() = default;

  /// Reads and does a call of the subroutine that the next token names.
  virtual Value call(Lexer& lexer) = 0;
};

/// What a classical expression is read with.
struct ClassicalContext {
  Symbols& symbols;
  Names names;  ///< with a counter of nesting
  CircuitBuilder& builder;
  Callables& callables;
};

/// Reads a classical expression on constants and bits, measured ones included: || && | ^ & == != < <= > >= << >> + - *
/// / % ** ! ~, parentheses, true and false, strings of bits ("011", the highest bit first), conversions (`bool(x)`,
/// `uint[4](c)`), popcount, rotl, rotr, sizeof, elements of arrays, calls of subroutines. Precedences are those of the
/// specification ("Operator precedence"). A bit that no measurement has written yet is 0.
Value parse_value(Lexer& lexer, const ClassicalContext& context);

/// The same expression where it must be true or false.
Predicate parse_condition(Lexer& lexer, const ClassicalContext& context);

/// A conversion, a call, an element or a bit by itself, as a number; nothing where the next word begins none of these.
std::optional<Number> parse_known_word(Lexer& lexer, const ClassicalContext& context);

}  // namespace titrant::quantum::qasm
