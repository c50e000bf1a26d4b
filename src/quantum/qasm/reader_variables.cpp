#include <fmt/format.h>

#include <vector>

#include "expression.hpp"
#include "reader.hpp"

/// \file
/// Variables whose values are known while reading.

namespace titrant::quantum::qasm {

Number Reader::variable_value(const Symbols::Variable& type, Number value, Position position) {
  Number typed = as_type(lexer_, type, value, position);
  typed.variable = typed.integer && !typed.boolean;
  return typed;
}

void Reader::declare_variable(const Token& first) {
  Symbols::Variable type = parse_scalar_type(lexer_, names());
  type.conditions = builder_.conditions();
  const Token name = expect_new_name(lexer_, "the name of a variable");
  if (!lexer_.accept("="))
    source_.fail(first.position, fmt::format("not supported: a variable without a value; write '{} = ...'", name.text));
  const Position position = lexer_.peek().position;
  const Number value = parse_constant(lexer_, names());
  lexer_.expect(";", "after a variable");
  symbols_.variable(lexer_, name, type, variable_value(type, value, position));
}

void Reader::assign_variable(const Token& name, const Symbols::Variable& type) {
  if (type.conditions != builder_.conditions()) {
    source_.fail(name.position, fmt::format("not supported: an assignment to {} under a condition on measured bits: "
                                            "its value would not be known while reading",
                                            in_quotes(name.text)));
  }
  lexer_.next();
  const Token sign = lexer_.next();
  if (!sign.is("=")) lexer_.expect("=", fmt::format("after {}{}", name.text, sign.text));
  const Position position = lexer_.peek().position;
  Expression right = parse_expression(lexer_, names());
  lexer_.expect(";", "after an assignment");
  if (!sign.is("=")) {
    const Expression::Step step = sign.is("+")   ? Expression::Step::add
                                  : sign.is("-") ? Expression::Step::subtract
                                  : sign.is("*") ? Expression::Step::multiply
                                                 : Expression::Step::divide;
    right.instructions.insert(right.instructions.begin(),
                              {Expression::Step::constant, 0, symbols_.constants().find(name.text)->second});
    right.instructions.push_back({step, 0, {}});
  }
  symbols_.assign(name.text, variable_value(type, evaluate(right, {}, source_), position));
}

const Symbols::Variable* Reader::assigned_variable(const Token& name) const {
  const Symbols::Variable* variable = name.kind == Token::Kind::identifier ? symbols_.variable(name.text) : nullptr;
  if (variable == nullptr) return nullptr;
  Lexer ahead = lexer_;
  ahead.next();
  const Token sign = ahead.peek();
  return sign.is("=") || sign.is("+") || sign.is("-") || sign.is("*") || sign.is("/") ? variable : nullptr;
}

}  // namespace titrant::quantum::qasm
