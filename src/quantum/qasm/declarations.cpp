#include "declarations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "gate_parser.hpp"
#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

using Kind = Symbols::Kind;

}  // namespace

std::size_t parse_size(Lexer& lexer, const Names& names, std::string_view what) {
  const Position position = lexer.peek().position;
  const std::int64_t value = parse_integer(lexer, names, what);
  if (value < 0) lexer.source().fail(position, fmt::format("{} must not be negative, it is {}", what, value));
  lexer.expect("]", fmt::format("after {}", what));
  return static_cast<std::size_t>(value);
}

bool is_scalar_type(const Token& token) {
  return token.is("int") || token.is("uint") || token.is("float") || token.is("angle") || token.is("bool");
}

Symbols::Variable parse_scalar_type(Lexer& lexer, const Names& names) {
  Symbols::Variable type{lexer.next()};
  if (!is_scalar_type(type.type)) {
    lexer.source().fail(type.type.position,
                        "not supported: values of types other than int, uint, float, angle and bool");
  }
  if (lexer.accept("[")) type.width = parse_size(lexer, names, "the width of a type");
  return type;
}

Number as_type(Lexer& lexer, const Symbols::Variable& type, Number value, Position position) {
  const std::string_view name = type.type.text;
  const auto refuse = [&](std::string_view reason) {
    lexer.source().fail(position, fmt::format("{} {}", value.value, reason));
  };
  if (name == "float") return {value.value, false};
  if (name == "angle") {  // "OpenQASM 3, types": an angle is kept modulo 2 pi
    constexpr double turn = 2.0 * std::numbers::pi;
    return {value.value - turn * std::floor(value.value / turn), false};
  }
  if (!value.integer) refuse(fmt::format("is no integer, which a constant of type {} must be", name));
  if (name == "bool") {
    if (value.value != 0.0 && value.value != 1.0) refuse("is neither true (1) nor false (0)");
    return {value.value, true, true};
  }
  if (name == "uint" && value.value < 0.0) refuse("is negative, which a constant of type uint cannot be");
  if (type.width > 0) {
    const int digits = static_cast<int>(std::min<std::size_t>(type.width, 64)) - (name == "int" ? 1 : 0);
    const double limit = std::ldexp(1.0, digits);
    if (value.value >= limit || value.value < -limit) refuse(fmt::format("does not fit into {}[{}]", name, type.width));
  }
  Number typed{value.value, true};
  if (name == "uint") typed.width = static_cast<std::uint16_t>(std::min<std::size_t>(type.width, 64));
  return typed;
}

void declare_old_register(Lexer& lexer, Symbols& symbols, const Names& names, Kind kind) {
  const Token name = expect_new_name(lexer, "the name of a register");
  const bool single = !lexer.accept("[");
  const std::size_t size = single ? 1 : parse_size(lexer, names, "the size of a register");
  if (kind == Kind::bit && symbols.in_scope()) {
    symbols.local_bits(lexer, name, size, single, false);
  } else {
    symbols.declare(lexer, name, kind, size, single);
  }
  lexer.expect(";", "after a declaration");
}

Operand declare_register(Lexer& lexer, Symbols& symbols, const Names& names, Kind kind) {
  const bool single = !lexer.accept("[");
  const std::size_t elements = single ? 1 : parse_size(lexer, names, "the size of a register");
  const Token name = expect_new_name(lexer, "the name of a register");
  Operand declared{{}, single, std::string(name.text), name.position};
  if (kind == Kind::bit && symbols.in_scope()) {
    declared.elements = symbols.local_bits(lexer, name, elements, single, false);
    return declared;
  }
  symbols.declare(lexer, name, kind, elements, single);
  if (kind == Kind::bit) declared.elements = symbols.shown().back().slots;
  return declared;
}

void declare_constant(Lexer& lexer, Symbols& symbols, const Names& names) {
  const Symbols::Variable type = parse_scalar_type(lexer, names);
  const Token name = expect_new_name(lexer, "the name of a constant");
  lexer.expect("=", "after the name of a constant");
  const Position position = lexer.peek().position;
  const Number value = as_type(lexer, type, parse_constant(lexer, names), position);
  lexer.expect(";", "after a constant");
  symbols.constant(lexer, name, value);
}

void declare_input(Lexer& lexer, Symbols& symbols, const Names& names, InputValues& values) {
  const Symbols::Variable type = parse_scalar_type(lexer, names);
  const Token name = expect_new_name(lexer, "the name of an input");
  lexer.expect(";", "after an input");
  const auto given = values.find(name.text);
  if (given == values.end()) {
    lexer.source().fail(name.position, fmt::format("the input {} has no value: give it by --input {}=VALUE",
                                                   in_quotes(name.text), name.text));
  }
  const double value = given->second;
  const bool integer = value == std::trunc(value) && std::abs(value) <= largest_integer;
  symbols.constant(lexer, name, as_type(lexer, type, {value, integer}, name.position));
  values.erase(given);
}

void declare_alias(Lexer& lexer, Symbols& symbols, const Names& names) {
  const Token name = expect_new_name(lexer, "the name of an alias");
  lexer.expect("=", "after the name of an alias");
  const Kind kind = symbols.is(lexer.peek().text, Kind::bit) ? Kind::bit : Kind::qubit;
  std::vector<std::size_t> elements;
  std::vector<bool> taken;
  bool single = false;
  do {
    const Operand part = symbols.parse(lexer, names, kind);
    single = part.single && elements.empty();
    for (const std::size_t element : part.elements) {
      if (taken.size() <= element) taken.resize(element + 1, false);
      if (taken[element]) {
        lexer.source().fail(part.position,
                            fmt::format("an element of {} is in this alias already", in_quotes(part.text)));
      }
      taken[element] = true;
      elements.push_back(element);
    }
  } while (lexer.accept("++"));
  lexer.expect(";", "after an alias");
  symbols.alias(lexer, name, kind, std::move(elements), single);
}

}  // namespace titrant::quantum::qasm
