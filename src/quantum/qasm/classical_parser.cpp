#include "classical_parser.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "declarations.hpp"
#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

using Step = Expression::Step;

class ClassicalParser {
 public:
  ClassicalParser(Lexer& lexer, const ClassicalContext& context)
      : lexer_(lexer), context_(context), values_(lexer.source(), context.builder) {}

  Value parse() { return disjunction(); }
  Predicate parse_truth() { return values_.truth(disjunction()); }

  std::optional<Number> known_word() {
    const Token token = lexer_.peek();
    if (!begins_word(token)) return std::nullopt;
    return values_.number(word(token), fmt::format("the value of {}", in_quotes(token.text)));
  }

 private:
  PredicateAlgebra& algebra() { return context_.builder.algebra(); }
  [[noreturn]] void fail(Position position, std::string_view message) const { lexer_.source().fail(position, message); }
  bool version_2() const { return context_.names.caret_is_power; }

  Value disjunction() {
    Value left = conjunction();
    while (lexer_.accept("||")) {
      const Predicate right = values_.truth(conjunction());
      left.is = algebra().either(values_.truth(left), right);
    }
    return left;
  }

  Value conjunction() {
    Value left = bits(0);
    while (lexer_.accept("&&")) {
      const Predicate right = values_.truth(bits(0));
      left.is = algebra().both(values_.truth(left), right);
    }
    return left;
  }

  /// | ^ & in this order; none in version 2, where ^ is a power.
  Value bits(std::size_t level) {
    static constexpr std::string_view signs[] = {"|", "^", "&"};
    static constexpr Step steps[] = {Step::bit_or, Step::bit_xor, Step::bit_and};
    if (level == 3 || version_2()) return equality();
    Value left = bits(level + 1);
    while (lexer_.peek().is(signs[level])) {
      const Position position = lexer_.next().position;
      left = values_.combined(steps[level], left, bits(level + 1), position);
    }
    return left;
  }

  Value equality() {
    Value left = comparison();
    while (lexer_.peek().is("==") || lexer_.peek().is("!=")) {
      const Token sign = lexer_.next();
      const Predicate same = values_.equal(left, comparison());
      left.is = sign.text == "==" ? same : algebra().negated(same);
    }
    return left;
  }

  Value comparison() {
    Value left = shift();
    while (lexer_.peek().is("<") || lexer_.peek().is("<=") || lexer_.peek().is(">") || lexer_.peek().is(">=")) {
      const Token sign = lexer_.next();
      left.is = values_.ordered(left, shift(), sign);
    }
    return left;
  }

  Value shift() {
    Value left = sum();
    while (!version_2() && (lexer_.peek().is("<<") || lexer_.peek().is(">>"))) {
      const Token sign = lexer_.next();
      left = values_.shifted(left, sum(), sign.text == "<<", sign.position);
    }
    return left;
  }

  Value sum() {
    Value left = product();
    while (lexer_.peek().is("+") || lexer_.peek().is("-")) {
      const Token sign = lexer_.next();
      left = values_.combined(sign.text == "+" ? Step::add : Step::subtract, left, product(), left.position);
    }
    return left;
  }

  Value product() {
    Value left = unary();
    while (lexer_.peek().is("*") || lexer_.peek().is("/") || lexer_.peek().is("%")) {
      const Token sign = lexer_.next();
      const Step step = sign.text == "*" ? Step::multiply : sign.text == "/" ? Step::divide : Step::remainder;
      left = values_.combined(step, left, unary(), left.position);
    }
    return left;
  }

  Value unary() {
    std::size_t& depth = *context_.names.nesting;
    const Token token = lexer_.peek();
    if (++depth > deepest_nesting)
      fail(token.position, fmt::format("this condition is nested deeper than {}", deepest_nesting));
    Value value{Predicate::never(), token.position};
    if (lexer_.accept("!")) {
      value.is = algebra().negated(values_.truth(unary()));
    } else if (!version_2() && lexer_.accept("~")) {
      value = values_.complement(unary());
    } else if (lexer_.accept("-")) {
      value = values_.negated(unary(), token.position);
    } else if (lexer_.accept("+")) {
      value = unary();
    } else {
      value = power();
    }
    --depth;
    return value;
  }

  Value power() {
    Value base = primary();
    if (version_2() ? lexer_.accept("^") : lexer_.accept("**"))
      base = values_.combined(Step::power, base, unary(), base.position);
    return base;
  }

  Value primary() {
    const Token token = lexer_.peek();
    Value value{Predicate::always(), token.position};
    if (lexer_.accept("(")) {
      value = disjunction();
      lexer_.expect(")", "to close the parenthesis");
    } else if (lexer_.accept("true")) {
      value.is = Predicate::always();
    } else if (lexer_.accept("false")) {
      value.is = Predicate::never();
    } else if (token.kind == Token::Kind::string) {
      value.is = string_digits(lexer_.next());
    } else if (token.kind == Token::Kind::integer) {
      value.is = lexer_.next().integer;
    } else if (begins_word(token)) {
      value = word(token);
    } else if (token.kind == Token::Kind::identifier && context_.symbols.constant(token.text) == nullptr &&
               !is_builtin_name(token.text)) {  // an error that names it
      value.is = slots(context_.symbols.parse(lexer_, context_.names, Symbols::Kind::bit));
    } else {
      const Number number = parse_atom(lexer_, context_.names);
      value.is = number;
      if (number.boolean) value.is = number.value != 0.0 ? Predicate::always() : Predicate::never();
    }
    return value;
  }

  static Bits slots(Operand operand) { return {std::move(operand.elements), std::move(operand.text)}; }

  Digits string_digits(const Token& text) const {
    Digits values;
    for (auto c = text.text.rbegin(); c != text.text.rend(); ++c) {
      if (*c == '_') continue;
      if (*c != '0' && *c != '1') fail(text.position, "a string in a condition has the digits 0 and 1 only");
      if (values.size() == most_bits) fail(text.position, fmt::format("a string of more than {} bits", most_bits));
      values.push_back(*c == '1');
    }
    return values;
  }

  /// What `word` reads.
  bool begins_word(const Token& token) const {
    if (token.kind != Token::Kind::identifier) return false;
    const Symbols& symbols = context_.symbols;
    return symbols.is(token.text, Symbols::Kind::bit) || symbols.subroutine(token.text) != nullptr ||
           context_.symbols.array(token.text) != nullptr || without_value(token) || is_scalar_type(token) ||
           token.is("bit") || token.is("sizeof") ||
           (!version_2() && (token.is("popcount") || token.is("rotl") || token.is("rotr")));
  }

  bool without_value(const Token& token) const {
    return context_.symbols.variable(token.text) != nullptr && context_.symbols.constant(token.text) == nullptr;
  }

  Value word(const Token& token) {
    Symbols& symbols = context_.symbols;
    if (symbols.is(token.text, Symbols::Kind::bit))
      return {slots(symbols.parse(lexer_, context_.names, Symbols::Kind::bit)), token.position};
    if (symbols.subroutine(token.text) != nullptr) return context_.callables.call(lexer_);
    if (symbols.array(token.text) != nullptr) return {array_element(lexer_, symbols, context_.names), token.position};
    if (without_value(token)) fail(token.position, fmt::format("{} has no value yet", in_quotes(token.text)));
    if (token.is("bit")) return bit_conversion();
    if (is_scalar_type(token)) return conversion();
    lexer_.next();
    lexer_.expect("(", fmt::format("after {}", token.text));
    if (token.is("sizeof")) {
      const Number size = array_size(lexer_, symbols, context_.names);
      lexer_.expect(")", "after the argument of sizeof");
      return {size, token.position};
    }
    Value value = disjunction();
    if (token.is("popcount")) {
      value = values_.popcount(value);
    } else {
      lexer_.expect(",", fmt::format("between the arguments of {}", token.text));
      const std::int64_t count = values_.integer(disjunction(), fmt::format("the second argument of {}", token.text));
      constexpr std::int64_t farthest = std::int64_t{1} << 40U;
      if (count > farthest || count < -farthest) fail(token.position, "a rotation by more than 2^40 places");
      value = values_.rotated(value, token.is("rotl") ? count : -count);
    }
    lexer_.expect(")", fmt::format("after the arguments of {}", token.text));
    value.position = token.position;
    return value;
  }

  /// `bit[n](value)`.
  Value bit_conversion() {
    const Position position = lexer_.next().position;
    std::size_t size = 1;
    if (lexer_.accept("[")) size = parse_size(lexer_, context_.names, "the size of a register");
    if (size == 0 || size > most_bits)
      fail(position, fmt::format("{} bits; from 1 to {} are possible", size, most_bits));
    lexer_.expect("(", "after the type of a conversion");
    const Value value = disjunction();
    lexer_.expect(")", "to close the conversion");
    return {BitString{values_.digits(value, size, "this"), "this"}, position};
  }

  /// `type(value)`: measured bits stay bits as uint, and become a truth as bool.
  Value conversion() {
    const Symbols::Variable type = parse_scalar_type(lexer_, context_.names);
    lexer_.expect("(", "after the type of a conversion");
    Value value = disjunction();
    lexer_.expect(")", "to close the conversion");
    const Position position = type.type.position;
    if (type.type.is("bool")) return {truth_of(value), position};
    const bool integer = type.type.is("uint") || type.type.is("int");
    if (const std::size_t size = unknown_bits(value); size > 0) {
      if (!integer || (type.width > 0 && type.width < size + (type.type.is("int") ? 1 : 0))) {
        fail(position, fmt::format("not supported: the {}{} of {} measured bits; write uint, at least as wide",
                                   type.type.text, type.width > 0 ? fmt::format("[{}]", type.width) : "", size));
      }
      return {value.is, position};
    }
    Number number = values_.number(value, "a converted value");
    if (integer) number.value = std::trunc(number.value);
    if (integer && std::abs(number.value) <= largest_integer) number.integer = true;
    number.boolean = false;
    return {as_type(lexer_, type, number, position), position};
  }

  /// How many bits a value has that is not known while reading; 0 where it is known.
  std::size_t unknown_bits(const Value& value) {
    if (std::holds_alternative<Choice>(value.is)) return 1;
    std::vector<Predicate> digits;
    if (const auto* bits = std::get_if<Bits>(&value.is)) digits = values_.digits(value, bits->slots.size(), bits->name);
    if (const auto* bits = std::get_if<BitString>(&value.is)) digits = bits->digits;
    if (const auto* predicate = std::get_if<Predicate>(&value.is)) digits = {*predicate};
    for (const Predicate& digit : digits)
      if (!digit.is_always() && !digit.is_never()) return digits.size();
    return 0;
  }

  /// Whether any bit is 1, or a number is not 0.
  Predicate truth_of(const Value& value) {
    const Value zero{std::uint64_t{0}, value.position};
    if (std::holds_alternative<Predicate>(value.is)) return std::get<Predicate>(value.is);
    if (const auto* digits = std::get_if<Digits>(&value.is)) {
      for (const bool digit : *digits)
        if (digit) return Predicate::always();
      return Predicate::never();
    }
    return algebra().negated(values_.equal(value, zero));
  }

  Lexer& lexer_;
  const ClassicalContext& context_;
  ValueAlgebra values_;
};

}  // namespace

Value parse_value(Lexer& lexer, const ClassicalContext& context) { return ClassicalParser(lexer, context).parse(); }

Predicate parse_condition(Lexer& lexer, const ClassicalContext& context) {
  return ClassicalParser(lexer, context).parse_truth();
}

std::optional<Number> parse_known_word(Lexer& lexer, const ClassicalContext& context) {
  return ClassicalParser(lexer, context).known_word();
}

}  // namespace titrant::quantum::qasm
