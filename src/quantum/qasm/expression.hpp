#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lexer.hpp"

namespace titrant::quantum::qasm {

/// A constant: integers stay integers where they can, for indices and powers.
struct Number {
  double value = 0.0;
  bool integer = false;
  bool boolean = false;     ///< of type bool: a condition by itself
  bool variable = false;    ///< of an integer variable: its divisions are those of integers
  std::uint16_t width = 0;  ///< of an unsigned integer whose type has one: what ~ and << keep
};

/// An arithmetic expression in the parameters of a gate, as instructions for a stack.
struct Expression {
  enum class Step : std::uint8_t {
    constant,
    parameter,
    negate,
    add,
    subtract,
    multiply,
    divide,
    remainder,
    power,
    bit_and,
    bit_or,
    bit_xor,
    shift_left,
    shift_right,
    complement,
    function
  };
  struct Instruction {
    Step step = Step::constant;
    std::uint32_t index = 0;  ///< of the parameter or function
    Number number;            ///< of the constant
  };
  std::vector<Instruction> instructions;
  Position position;  ///< of its first token
};

/// What an expression asks of the program around it.
class ValueSource {
 public:
  ValueSource() = default;
  ValueSource(const ValueSource&) = delete;
  ValueSource& operator=(const ValueSource&) = delete;
  virtual ~ValueSource() = default;

  /// The constant or variable of this name; null where there is none with a value.
  virtual const Number* constant(std::string_view name) const = 0;
  /// Reads what begins with a name or type that is no constant, as a call or a conversion. Throws where its value is
  /// not known while reading; nothing where it begins nothing.
  virtual std::optional<Number> read(Lexer&) { return std::nullopt; }
};

/// What names mean in an expression.
struct Names {
  ValueSource* values = nullptr;            ///< none: there are no constants
  std::span<const std::string> parameters;  ///< of the gate that is being defined
  bool caret_is_power = false;              ///< as in OpenQASM 2; in version 3 it is an operation on bits
  std::size_t* nesting = nullptr;           ///< how deep expressions are nested in all; none: counted from 0
};

/// Reads an expression: | ^ & << >> + - * / % ** ~ (in version 2 without those on bits, and ^ is **), parentheses, pi,
/// tau, euler, sin, cos, tan, arcsin, arccos, arctan, exp, ln, log (natural both), sqrt, floor, ceiling. What names no
/// parameter is evaluated at once. Errors carry the position; a step whose result is not finite is one.
Expression parse_expression(Lexer& lexer, const Names& names);

Number evaluate(const Expression& expression, std::span<const double> parameters, const Source& source);

/// A step on constants; `b` is not looked at where it takes one operand.
Number combined(Expression::Step step, Number a, Number b, const Source& source, Position position);

/// An expression of constants alone.
Number parse_constant(Lexer& lexer, const Names& names);
/// A number, a constant, a function with its argument or an expression in parentheses.
Number parse_atom(Lexer& lexer, const Names& names);
/// The same as parse_constant, an integer; `what` names it in the message "... must be an integer".
std::int64_t parse_integer(Lexer& lexer, const Names& names, std::string_view what);

/// Whether a name is one of the constants and functions of the language.
bool is_builtin_name(std::string_view name);

}  // namespace titrant::quantum::qasm
