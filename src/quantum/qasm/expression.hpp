#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lexer.hpp"

namespace titrant::quantum::qasm {

/// A constant: integers stay integers where they can, for indices and powers.
struct Number {
  double value = 0.0;
  bool integer = false;
  bool boolean = false;   ///< of type bool: a condition by itself
  bool variable = false;  ///< of an integer variable: its divisions are those of integers
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

/// What names mean in an expression.
struct Names {
  const std::map<std::string, Number, std::less<>>& constants;
  std::span<const std::string> parameters;  ///< of the gate that is being defined
  bool caret_is_power = false;              ///< as in OpenQASM 2; in version 3 it is an operation on bits
};

/// Reads an expression: + - * / % ** (^ in version 2), parentheses, pi, tau, euler, sin, cos, tan, arcsin, arccos,
/// arctan, exp, ln, log (natural both), sqrt, floor, ceiling. What names no parameter is evaluated at once.
/// Errors carry the position; a step whose result is not finite is one.
Expression parse_expression(Lexer& lexer, const Names& names);

Number evaluate(const Expression& expression, std::span<const double> parameters, const Source& source);

/// An expression of constants alone.
Number parse_constant(Lexer& lexer, const Names& names);
/// The same, an integer; `what` names it in the message "... must be an integer".
std::int64_t parse_integer(Lexer& lexer, const Names& names, std::string_view what);

/// Whether a name is one of the constants and functions of the language.
bool is_builtin_name(std::string_view name);

}  // namespace titrant::quantum::qasm
