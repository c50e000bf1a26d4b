#include "condition_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

struct Bits {
  std::vector<std::size_t> elements;
  std::string name;
};

/// The digits of a value, the lowest first.
using Digits = std::vector<bool>;

struct Value {
  std::variant<Predicate, Bits, Number, std::uint64_t, Digits> is;
  Position position;
};

class ConditionParser {
 public:
  ConditionParser(Lexer& lexer, const Symbols& symbols, const Names& names, CircuitBuilder& builder)
      : lexer_(lexer), symbols_(symbols), names_(names), builder_(builder) {}

  Predicate parse() { return truth(disjunction()); }
  Predicate parse_equal(Number number, Position position) { return equal(operand(), Value{number, position}); }

 private:
  PredicateAlgebra& algebra() { return builder_.algebra(); }
  [[noreturn]] void fail(Position position, std::string_view message) const { lexer_.source().fail(position, message); }

  Value disjunction() {
    Value left = conjunction();
    while (lexer_.accept("||")) {
      const Predicate right = truth(conjunction());
      left.is = algebra().either(truth(left), right);
    }
    return left;
  }

  Value conjunction() {
    Value left = comparison();
    while (lexer_.accept("&&")) {
      const Predicate right = truth(comparison());
      left.is = algebra().both(truth(left), right);
    }
    return left;
  }

  Value comparison() {
    Value left = operand();
    const Token sign = lexer_.peek();
    if (sign.is("==") || sign.is("!=")) {
      lexer_.next();
      const Predicate same = equal(left, operand());
      left.is = sign.text == "==" ? same : algebra().negated(same);
    } else if (sign.is("<") || sign.is("<=") || sign.is(">") || sign.is(">=")) {
      lexer_.next();
      left.is = ordered(left, operand(), sign);
    }
    return left;
  }

  Value operand() {
    if (++depth_ > deepest_nesting)
      fail(lexer_.peek().position, fmt::format("this condition is nested deeper than {}", deepest_nesting));
    const Token token = lexer_.peek();
    Value value{Predicate::always(), token.position};
    if (lexer_.accept("!")) {
      value.is = algebra().negated(truth(operand()));
    } else if (lexer_.accept("(")) {
      value = disjunction();
      lexer_.expect(")", "to close the parenthesis");
    } else if (lexer_.accept("true")) {
      value.is = Predicate::always();
    } else if (lexer_.accept("false")) {
      value.is = Predicate::never();
    } else if (token.kind == Token::Kind::string) {
      value.is = digits(lexer_.next());
    } else if (const auto known = names_.constants.find(token.text);
               token.kind == Token::Kind::identifier && known != names_.constants.end() && known->second.boolean) {
      lexer_.next();
      value.is = known->second.value != 0.0 ? Predicate::always() : Predicate::never();
    } else if (token.kind == Token::Kind::identifier && !names_.constants.contains(token.text) &&
               !is_builtin_name(token.text)) {
      Operand bits = symbols_.parse(lexer_, names_, Symbols::Kind::bit);
      value.is = Bits{std::move(bits.elements), std::move(bits.text)};
    } else if (token.kind == Token::Kind::integer && literal_alone()) {
      value.is = lexer_.next().integer;
    } else {
      value.is = parse_constant(lexer_, names_);
    }
    --depth_;
    return value;
  }

  /// Whether the integer that follows is no part of an expression: it is taken exactly then, to 2^64.
  bool literal_alone() const {
    Lexer ahead = lexer_;
    ahead.next();
    static constexpr std::array<std::string_view, 6> signs = {"+", "-", "*", "/", "%", "**"};
    return std::none_of(signs.begin(), signs.end(), [&](std::string_view sign) { return ahead.peek().is(sign); }) &&
           !ahead.peek().is("^");
  }

  Digits digits(const Token& text) const {
    Digits values;
    for (auto c = text.text.rbegin(); c != text.text.rend(); ++c) {
      if (*c == '_') continue;
      if (*c != '0' && *c != '1') fail(text.position, "a string in a condition has the digits 0 and 1 only");
      if (values.size() == most_bits) fail(text.position, fmt::format("a string of more than {} bits", most_bits));
      values.push_back(*c == '1');
    }
    return values;
  }

  Predicate bit(std::size_t number, bool value) const {
    if (!builder_.measured(number)) return value ? Predicate::never() : Predicate::always();
    return Predicate::bit(number, value);
  }

  Predicate truth(const Value& value) const {
    if (const auto* predicate = std::get_if<Predicate>(&value.is)) return *predicate;
    const auto* bits = std::get_if<Bits>(&value.is);
    if (bits == nullptr) fail(value.position, "a bit or a comparison is needed here");
    if (bits->elements.size() != 1) {
      fail(value.position, fmt::format("register {} has {} bits: compare it with a value, as in '{} == 1'", bits->name,
                                       bits->elements.size(), bits->name));
    }
    return bit(bits->elements[0], true);
  }

  /// A constant that a register can have.
  std::uint64_t whole(const Value& value, const std::string& name, std::size_t size) const {
    if (const auto* literal = std::get_if<std::uint64_t>(&value.is)) return *literal;
    const Number number = std::get<Number>(value.is);
    if (!number.integer)
      fail(value.position, fmt::format("a value in a condition must be an integer, not {}", number.value));
    if (number.value < 0.0) fail(value.position, fmt::format("{} of {} bits is never {}", name, size, number.value));
    return static_cast<std::uint64_t>(number.value);
  }

  /// The digits of a constant that a register of this size is compared with.
  Digits constant(const Value& value, std::size_t size, const std::string& name) const {
    if (const auto* text = std::get_if<Digits>(&value.is)) {
      if (text->size() != size)
        fail(value.position, fmt::format("{} digits for {}, which has {} bits", text->size(), name, size));
      return *text;
    }
    constexpr std::size_t widest = 64;
    const std::uint64_t number = whole(value, name, size);
    if (size < widest && (number >> size) != 0)
      fail(value.position, fmt::format("{} of {} bits is never {}", name, size, number));
    Digits digits(size);
    for (std::size_t k = 0; k < std::min(size, widest); ++k) digits[k] = ((number >> k) & 1U) != 0;
    return digits;
  }

  static bool is_number(const Value& value) {
    return std::holds_alternative<Number>(value.is) || std::holds_alternative<std::uint64_t>(value.is);
  }

  static bool is_constant(const Value& value) { return is_number(value) || std::holds_alternative<Digits>(value.is); }

  Predicate equal(const Value& left, const Value& right) {
    if (is_constant(left) && std::holds_alternative<Bits>(right.is)) return equal(right, left);
    const auto* bits = std::get_if<Bits>(&left.is);
    if (bits != nullptr && is_constant(right)) {
      const Digits digits = constant(right, bits->elements.size(), bits->name);
      return from(*bits, digits, 0);
    }
    const auto* others = std::get_if<Bits>(&right.is);
    if (bits != nullptr && others != nullptr) {
      if (bits->elements.size() != others->elements.size())
        fail(right.position, fmt::format("{} has {} bits and {} has {}", bits->name, bits->elements.size(),
                                         others->name, others->elements.size()));
      Predicate all = Predicate::always();
      for (std::size_t k = 0; k < bits->elements.size(); ++k)
        all = algebra().both(all, algebra().same(bit(bits->elements[k], true), bit(others->elements[k], true)));
      return all;
    }
    if (is_number(left) && is_number(right)) return compared(left, right, "==");
    if (is_constant(left) || is_constant(right)) fail(right.position, "only bits are compared with constants");
    return algebra().same(truth(left), truth(right));
  }

  /// Two numbers, which are known while reading.
  static Predicate compared(const Value& left, const Value& right, std::string_view sign) {
    const auto* a = std::get_if<std::uint64_t>(&left.is);
    const auto* b = std::get_if<std::uint64_t>(&right.is);
    const auto value = [](const Value& one) {
      const auto* literal = std::get_if<std::uint64_t>(&one.is);
      return literal != nullptr ? static_cast<double>(*literal) : std::get<Number>(one.is).value;
    };
    const bool exact = a != nullptr && b != nullptr;
    const bool same = exact ? *a == *b : value(left) == value(right);
    const bool below = exact ? *a < *b : value(left) < value(right);
    const bool holds = sign == "=="   ? same
                       : sign == "<"  ? below
                       : sign == "<=" ? below || same
                       : sign == ">"  ? !below && !same
                                      : !below;
    return holds ? Predicate::always() : Predicate::never();
  }

  /// The bits from `lowest` on are these digits.
  Predicate from(const Bits& bits, const Digits& digits, std::size_t lowest) {
    std::vector<std::pair<std::size_t, bool>> sorted;
    for (std::size_t k = lowest; k < digits.size(); ++k) sorted.emplace_back(bits.elements[k], digits[k]);
    std::sort(sorted.begin(), sorted.end());
    Circuit::Conditions all;
    for (const auto& [number, value] : sorted) {
      if (builder_.measured(number)) {
        all.push_back({number, value});
      } else if (value) {
        return Predicate::never();
      }
    }
    return Predicate::of(std::move(all));
  }

  /// Less than a constant: at the highest differing bit, 0 where the constant has 1.
  Predicate less(const Bits& bits, const Digits& digits) {
    Predicate any = Predicate::never();
    for (std::size_t k = 0; k < digits.size(); ++k) {
      if (!digits[k]) continue;
      Digits below = digits;
      below[k] = false;
      any = algebra().either(any, from(bits, below, k));
    }
    return any;
  }

  Predicate ordered(const Value& left, const Value& right, const Token& sign) {
    if (is_number(left) && is_number(right)) return compared(left, right, sign.text);
    const auto* bits = std::get_if<Bits>(&left.is);
    if (bits == nullptr || !is_constant(right))
      fail(sign.position, fmt::format("'{}' compares a register, on its left, with a constant", sign.text));
    const Digits digits = constant(right, bits->elements.size(), bits->name);
    Predicate below = less(*bits, digits);
    if (sign.text == "<") return below;
    if (sign.text == ">=") return algebra().negated(below);
    const Predicate up_to = algebra().either(below, from(*bits, digits, 0));
    return sign.text == "<=" ? up_to : algebra().negated(up_to);
  }

  Lexer& lexer_;
  const Symbols& symbols_;
  const Names& names_;
  CircuitBuilder& builder_;
  std::size_t depth_ = 0;
};

}  // namespace

Predicate parse_equality(Lexer& selector, const Symbols& symbols, const Names& names, CircuitBuilder& builder,
                         Number value, Position position) {
  return ConditionParser(selector, symbols, names, builder).parse_equal(value, position);
}

Predicate parse_condition(Lexer& lexer, const Symbols& symbols, const Names& names, CircuitBuilder& builder) {
  return ConditionParser(lexer, symbols, names, builder).parse();
}

}  // namespace titrant::quantum::qasm
