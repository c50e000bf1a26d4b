#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "declarations.hpp"
#include "expression.hpp"
#include "gate_parser.hpp"
#include "keywords.hpp"
#include "reader.hpp"

/// \file
/// Variables: numbers are known while reading, bits and those of type bool may follow from measured bits.

namespace titrant::quantum::qasm {

namespace {

using Step = Expression::Step;

/// The step of `sign=`, where there is one.
std::optional<Step> step_of(const Token& sign) {
  static constexpr std::pair<std::string_view, Step> steps[] = {
      {"+", Step::add},       {"-", Step::subtract},    {"*", Step::multiply},    {"/", Step::divide},
      {"%", Step::remainder}, {"**", Step::power},      {"&", Step::bit_and},     {"|", Step::bit_or},
      {"^", Step::bit_xor},   {"<<", Step::shift_left}, {">>", Step::shift_right}};
  for (const auto& [text, step] : steps)
    if (sign.is(text)) return step;
  return std::nullopt;
}

}  // namespace

Number Reader::variable_value(const Symbols::Variable& type, Number value, Position position) {
  Number typed = as_type(lexer_, type, value, position);
  typed.variable = typed.integer && !typed.boolean;
  return typed;
}

Predicate Reader::truth_of_bool(const Value& value) {
  ValueAlgebra values(source_, builder_);
  if (std::holds_alternative<std::uint64_t>(value.is) || std::holds_alternative<Number>(value.is)) {
    const double number = values.number(value, "a bool").value;
    if (number != 0.0 && number != 1.0)
      source_.fail(value.position, fmt::format("{} is neither true (1) nor false (0)", number));
    return number == 1.0 ? Predicate::always() : Predicate::never();
  }
  return values.truth(value);
}

Value Reader::right_side() { return lexer_.accept("measure") ? measured_value() : parse_value(lexer_, context()); }

void Reader::declare_variable(const Token&) {
  Symbols::Variable type = parse_scalar_type(lexer_, names());
  type.conditions = builder_.conditions();
  const Token name = expect_new_name(lexer_, "the name of a variable");
  const bool given = lexer_.accept("=");
  const Position position = lexer_.peek().position;
  if (type.type.is("bool")) {
    std::optional<Predicate> value;
    if (given) value = truth_of_bool(right_side());
    lexer_.expect(";", "after a variable");
    const std::size_t slot = symbols_.local_bits(lexer_, name, 1, true, true)[0];
    if (value) builder_.assign(slot, *value, in_quotes(name.text));
    return;
  }
  std::optional<Number> value;
  if (given) {
    ValueAlgebra values(source_, builder_);
    const Number number = values.number(right_side(), fmt::format("the value of {}", in_quotes(name.text)));
    value = variable_value(type, number, position);
  }
  lexer_.expect(";", "after a variable");
  symbols_.variable(lexer_, name, type, value);
}

bool Reader::assignment_follows() const {
  if (lexer_.peek().kind != Token::Kind::identifier || is_keyword(lexer_.peek().text)) return false;
  Lexer ahead = lexer_;
  ahead.next();
  if (ahead.peek().is("=") || ahead.peek().is("[")) return true;
  if (!step_of(ahead.peek())) return false;
  ahead.next();
  return ahead.peek().is("=");
}

void Reader::assignment() {
  const Token name = lexer_.peek();
  if (symbols_.array(name.text) != nullptr) return assign_element(name);
  if (symbols_.variable(name.text) != nullptr) return assign_variable(name);
  if (symbols_.constant(name.text) != nullptr)
    source_.fail(name.position, fmt::format("{} is a constant and cannot be assigned", in_quotes(name.text)));
  const Operand bits = symbols_.parse(lexer_, names(), Kind::bit);
  const std::optional<Step> step = assignment_sign(name);
  if (!step && lexer_.accept("measure")) {
    measure(symbols_.parse(lexer_, names(), Kind::qubit), bits);
    lexer_.expect(";", "after a measurement");
    return;
  }
  Value value = right_side();
  lexer_.expect(";", "after an assignment");
  if (step) value = changed({Bits{bits.elements, bits.text}, bits.position}, *step, value);
  assign_bits(bits, value, symbols_.is_boolean(name.text));
}

void Reader::assign_bits(const Operand& bits, const Value& value, bool boolean) {
  ValueAlgebra values(source_, builder_);
  const std::vector<Predicate> digits =
      boolean ? std::vector<Predicate>{truth_of_bool(value)} : values.digits(value, bits.elements.size(), bits.text);
  for (std::size_t k = 0; k < digits.size(); ++k) builder_.assign(bits.elements[k], digits[k], in_quotes(bits.text));
}

std::optional<Expression::Step> Reader::assignment_sign(const Token& name) {
  const Token sign = lexer_.next();
  if (sign.is("=")) return std::nullopt;
  lexer_.expect("=", fmt::format("after {}{}", name.text, sign.text));
  const std::optional<Step> step = step_of(sign);
  if (!step) source_.fail(sign.position, fmt::format("expected '=', found {}", in_quotes(sign.text)));
  return step;
}

Value Reader::changed(const Value& left, Expression::Step step, const Value& right) {
  ValueAlgebra values(source_, builder_);
  if (step == Step::shift_left || step == Step::shift_right)
    return values.shifted(left, right, step == Step::shift_left, right.position);
  return values.combined(step, left, right, right.position);
}

void Reader::check_unconditional(const Token& name, const Symbols::Variable& type) const {
  if (type.conditions == builder_.conditions()) return;
  source_.fail(name.position, fmt::format("not supported: an assignment to {} under a condition on measured bits: its "
                                          "value would not be known while reading",
                                          in_quotes(name.text)));
}

void Reader::assign_variable(const Token& name) {
  const Symbols::Variable type = *symbols_.variable(name.text);
  check_unconditional(name, type);
  lexer_.next();
  if (lexer_.peek().is("["))
    source_.fail(lexer_.peek().position, "not supported: an assignment to a bit of an integer; use & and |");
  const std::optional<Step> step = assignment_sign(name);
  const Position position = lexer_.peek().position;
  Value value = right_side();
  lexer_.expect(";", "after an assignment");
  if (step) {
    const Number* before = symbols_.constant(name.text);
    if (before == nullptr) source_.fail(name.position, fmt::format("{} has no value yet", in_quotes(name.text)));
    value = changed({*before, name.position}, *step, value);
  }
  ValueAlgebra values(source_, builder_);
  const Number number = values.number(value, fmt::format("the value of {}", in_quotes(name.text)));
  symbols_.assign(name.text, variable_value(type, number, position));
}

void Reader::assign_element(const Token& name) {
  const Symbols::Variable type = symbols_.array(name.text)->type;
  check_unconditional(name, type);
  const std::size_t element = array_index(lexer_, symbols_, names());
  const std::optional<Step> step = assignment_sign(name);
  const Position position = lexer_.peek().position;
  Value value = right_side();
  lexer_.expect(";", "after an assignment");
  if (step) {
    const Number before = symbols_.array(name.text)->values[element];
    if (std::isnan(before.value))
      source_.fail(name.position, fmt::format("this element of {} has no value yet", in_quotes(name.text)));
    value = changed({before, name.position}, *step, value);
  }
  ValueAlgebra values(source_, builder_);
  const Number number = values.number(value, fmt::format("an element of {}", in_quotes(name.text)));
  symbols_.array(name.text)->values[element] = as_type(lexer_, type, number, position);
}

}  // namespace titrant::quantum::qasm
