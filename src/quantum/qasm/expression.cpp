#include "expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

using Step = Expression::Step;

struct Function {
  std::string_view name;
  double (*value)(double);
};

constexpr std::array<Function, 12> functions = {{
    {"sin", [](double x) { return std::sin(x); }},
    {"cos", [](double x) { return std::cos(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"arcsin", [](double x) { return std::asin(x); }},
    {"arccos", [](double x) { return std::acos(x); }},
    {"arctan", [](double x) { return std::atan(x); }},
    {"exp", [](double x) { return std::exp(x); }},
    {"ln", [](double x) { return std::log(x); }},
    {"log", [](double x) { return std::log(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"ceiling", [](double x) { return std::ceil(x); }},
}};

std::optional<double> builtin_constant(std::string_view name) {
  if (name == "pi" || name == "π") return std::numbers::pi;
  if (name == "tau" || name == "τ") return 2.0 * std::numbers::pi;
  if (name == "euler" || name == "ℇ") return std::numbers::e;
  return std::nullopt;
}

std::size_t operand_count(Step step) {
  if (step == Step::constant || step == Step::parameter) return 0;
  return step == Step::negate || step == Step::complement || step == Step::function ? 1 : 2;
}

/// Recursive descent. The depth is counted where the grammar recurs, so that hostile texts cannot exhaust the stack.
class ExpressionParser {
 public:
  ExpressionParser(Lexer& lexer, const Names& names) : lexer_(lexer), names_(names) {}

  Expression parse() {
    expression_.position = lexer_.peek().position;
    whole();
    return std::move(expression_);
  }

  Expression parse_one_atom() {
    expression_.position = lexer_.peek().position;
    atom();
    return std::move(expression_);
  }

 private:
  /// Operations on constants are done at once, so that an expression takes no more room than its parameters need.
  void emit(Step step, std::uint32_t index = 0, Number number = {}) {
    auto& steps = expression_.instructions;
    const auto operands = static_cast<std::ptrdiff_t>(operand_count(step));
    const bool known = operands > 0 && std::all_of(steps.end() - operands, steps.end(),
                                                   [](const auto& i) { return i.step == Step::constant; });
    steps.push_back({step, index, number});
    if (known) {
      const auto first = steps.end() - operands - 1;
      const Number value = evaluate({{first, steps.end()}, expression_.position}, {}, lexer_.source());
      steps.erase(first, steps.end());
      steps.push_back({Step::constant, 0, value});
    }
    if (steps.size() > longest_expression)
      lexer_.source().fail(expression_.position,
                           fmt::format("this expression has more than {} steps", longest_expression));
  }

  void whole() { names_.caret_is_power ? sum() : bit_or(); }

  void bit_or() {
    bit_xor();
    while (lexer_.accept("|")) {
      bit_xor();
      emit(Step::bit_or);
    }
  }

  void bit_xor() {
    bit_and();
    while (lexer_.accept("^")) {
      bit_and();
      emit(Step::bit_xor);
    }
  }

  void bit_and() {
    shift();
    while (lexer_.accept("&")) {
      shift();
      emit(Step::bit_and);
    }
  }

  void shift() {
    sum();
    while (lexer_.peek().is("<<") || lexer_.peek().is(">>")) {
      const Step step = lexer_.next().text == "<<" ? Step::shift_left : Step::shift_right;
      sum();
      emit(step);
    }
  }

  void sum() {
    product();
    while (lexer_.peek().is("+") || lexer_.peek().is("-")) {
      const Step step = lexer_.next().text == "+" ? Step::add : Step::subtract;
      product();
      emit(step);
    }
  }

  void product() {
    unary();
    while (lexer_.peek().is("*") || lexer_.peek().is("/") || lexer_.peek().is("%")) {
      const char sign = lexer_.next().text[0];
      unary();
      emit(sign == '*' ? Step::multiply : sign == '/' ? Step::divide : Step::remainder);
    }
  }

  // A sign binds less than a power: -2 ** 2 is -4.
  void unary() {
    std::size_t& depth = names_.nesting != nullptr ? *names_.nesting : depth_;
    if (++depth > deepest_nesting)
      lexer_.source().fail(lexer_.peek().position,
                           fmt::format("this expression is nested deeper than {}", deepest_nesting));
    if (lexer_.accept("-")) {
      unary();
      emit(Step::negate);
    } else if (lexer_.accept("+")) {
      unary();
    } else if (!names_.caret_is_power && lexer_.accept("~")) {
      unary();
      emit(Step::complement);
    } else {
      power();
    }
    --depth;
  }

  void power() {
    atom();
    if (names_.caret_is_power ? lexer_.accept("^") : lexer_.accept("**")) {
      unary();
      emit(Step::power);
    }
  }

  void atom() {
    const Token token = lexer_.peek();
    if (token.kind == Token::Kind::integer || token.kind == Token::Kind::real) {
      lexer_.next();
      emit(Step::constant, 0, {token.number, token.kind == Token::Kind::integer && token.number <= largest_integer});
    } else if (token.is("true") || token.is("false")) {
      lexer_.next();
      emit(Step::constant, 0, {token.is("true") ? 1.0 : 0.0, true});
    } else if (lexer_.accept("(")) {
      whole();
      lexer_.expect(")", "to close the parenthesis");
    } else if (token.kind == Token::Kind::identifier) {
      name(token);
    } else if (token.kind == Token::Kind::duration) {
      lexer_.source().fail(token.position,
                           fmt::format("not supported: {} (durations outside of 'delay')", in_quotes(token.text)));
    } else {
      lexer_.source().fail(token.position, fmt::format("expected a number or an expression, found {}", lexer_.found()));
    }
  }

  void name(const Token& token) {
    const auto parameter = std::find(names_.parameters.begin(), names_.parameters.end(), token.text);
    if (parameter != names_.parameters.end()) {
      lexer_.next();
      return emit(Step::parameter, static_cast<std::uint32_t>(parameter - names_.parameters.begin()));
    }
    if (names_.values != nullptr) {
      if (const Number* known = names_.values->constant(token.text)) {
        const Number value = *known;
        lexer_.next();
        return emit(Step::constant, 0, lexer_.peek().is("[") ? bit_of(value, token) : value);
      }
      if (const auto value = names_.values->read(lexer_)) return emit(Step::constant, 0, *value);
    }
    lexer_.next();
    if (const auto value = builtin_constant(token.text)) return emit(Step::constant, 0, {*value, false});
    const auto* const function =
        std::find_if(functions.begin(), functions.end(), [&token](const Function& f) { return f.name == token.text; });
    if (function == functions.end())
      lexer_.source().fail(token.position,
                           fmt::format("{} is no constant and no function here", in_quotes(token.text)));
    lexer_.expect("(", fmt::format("after the function {}", token.text));
    whole();
    lexer_.expect(")", fmt::format("after the one argument of {}", token.text));
    emit(Step::function, static_cast<std::uint32_t>(function - functions.begin()));
  }

  /// `n[k]` of an integer is its bit k.
  Number bit_of(Number value, const Token& name) {
    lexer_.next();
    const Position position = lexer_.peek().position;
    const std::int64_t index = parse_integer(lexer_, names_, "an index");
    lexer_.expect("]", "after the index");
    constexpr std::int64_t widest = 64;
    const std::int64_t width = value.width > 0 ? value.width : widest;
    if (!value.integer || value.boolean)
      lexer_.source().fail(name.position, fmt::format("{} is no integer: it has no bits", in_quotes(name.text)));
    if (index < 0 || index >= width)
      lexer_.source().fail(position, fmt::format("bit {} of {}, which has {}", index, in_quotes(name.text), width));
    const auto digits = static_cast<std::uint64_t>(static_cast<std::int64_t>(value.value));
    return {static_cast<double>((digits >> static_cast<unsigned>(index)) & 1U), true, true};
  }

  Lexer& lexer_;
  const Names& names_;
  Expression expression_;
  std::size_t depth_ = 0;
};

/// What two integers of at most 2^53 have for this step on their bits; not an integer where it is beyond that.
Number on_bits(Step step, Number a, Number b) {
  const auto left = static_cast<std::int64_t>(a.value);
  const auto right = static_cast<std::int64_t>(b.value);
  const std::uint16_t width =
      step == Step::shift_left || step == Step::shift_right ? a.width : std::max(a.width, b.width);
  double value = 0.0;
  switch (step) {
    case Step::bit_and:
      value = static_cast<double>(left & right);
      break;
    case Step::bit_or:
      value = static_cast<double>(left | right);
      break;
    case Step::bit_xor:
      value = static_cast<double>(left ^ right);
      break;
    case Step::shift_left:
      value = right > 1023 ? 0.0 : std::ldexp(a.value, static_cast<int>(right));
      if (width > 0) value = std::fmod(value, std::ldexp(1.0, width));
      break;
    case Step::shift_right:
      value = right > 1023 ? (a.value < 0.0 ? -1.0 : 0.0) : std::floor(std::ldexp(a.value, -static_cast<int>(right)));
      break;
    default:  // ~ of an unsigned integer keeps its width
      value = a.width > 0 ? std::ldexp(1.0, a.width) - 1.0 - a.value : -1.0 - a.value;
  }
  return {value, std::abs(value) <= largest_integer, false, a.variable || b.variable, width};
}

Number binary(Step step, Number a, Number b) {
  const bool integers = a.integer && b.integer;
  const bool variable = integers && (a.variable || b.variable);
  const auto result = [integers, variable](double value) {
    return Number{value, integers && std::abs(value) <= largest_integer && value == std::trunc(value), false, variable};
  };
  switch (step) {
    case Step::add:
      return result(a.value + b.value);
    case Step::subtract:
      return result(a.value - b.value);
    case Step::multiply:
      return result(a.value * b.value);
    case Step::divide:  // 1/2 is 0.5, as stdgates.inc means it in pow(1/2)
      return result(a.value / b.value);
    case Step::remainder:
      return result(std::fmod(a.value, b.value));
    case Step::power:
      return result(std::pow(a.value, b.value));
    default:
      return on_bits(step, a, b);
  }
}

bool is_on_bits(Step step) { return step >= Step::bit_and && step <= Step::complement; }

}  // namespace

Expression parse_expression(Lexer& lexer, const Names& names) { return ExpressionParser(lexer, names).parse(); }

Number combined(Step step, Number a, Number b, const Source& source, Position position) {
  if (is_on_bits(step)) {
    const bool one = step == Step::complement;
    if (!a.integer || (!one && !b.integer)) source.fail(position, "operations on bits need integers (up to 2^53)");
    if ((step == Step::shift_left || step == Step::shift_right) && b.value < 0.0)
      source.fail(position, fmt::format("a shift by {}; it must not be negative", b.value));
  }
  const Number value = binary(step, a, b);
  if (!value.integer && (value.variable || is_on_bits(step))) {
    source.fail(position, "not supported: integers whose quotient or power is none, or is beyond 2^53; write a float");
  }
  if (!std::isfinite(value.value)) source.fail(position, "this expression has no finite value");
  return value;
}

Number evaluate(const Expression& expression, std::span<const double> parameters, const Source& source) {
  std::vector<Number> stack;
  for (const Expression::Instruction& instruction : expression.instructions) {
    switch (instruction.step) {
      case Step::constant:
        stack.push_back(instruction.number);
        break;
      case Step::parameter:
        stack.push_back({parameters[instruction.index], false});
        break;
      case Step::negate:
        stack.back().value = -stack.back().value;
        stack.back().width = 0;
        break;
      case Step::function: {
        const double value = functions.at(instruction.index).value(stack.back().value);
        stack.back() = {value, false};
        break;
      }
      case Step::complement:
        stack.back() = combined(Step::complement, stack.back(), {}, source, expression.position);
        break;
      default: {
        const Number right = stack.back();
        stack.pop_back();
        stack.back() = combined(instruction.step, stack.back(), right, source, expression.position);
      }
    }
    if (!std::isfinite(stack.back().value)) source.fail(expression.position, "this expression has no finite value");
  }
  return stack.back();
}

Number parse_constant(Lexer& lexer, const Names& names) {
  return evaluate(parse_expression(lexer, {names.values, {}, names.caret_is_power, names.nesting}), {}, lexer.source());
}

Number parse_atom(Lexer& lexer, const Names& names) {
  const Names alone{names.values, {}, names.caret_is_power, names.nesting};
  return evaluate(ExpressionParser(lexer, alone).parse_one_atom(), {}, lexer.source());
}

std::int64_t parse_integer(Lexer& lexer, const Names& names, std::string_view what) {
  const Position position = lexer.peek().position;
  const Number number = parse_constant(lexer, names);
  if (!number.integer) lexer.source().fail(position, fmt::format("{} must be an integer, not {}", what, number.value));
  return static_cast<std::int64_t>(number.value);
}

bool is_builtin_name(std::string_view name) {
  return builtin_constant(name).has_value() ||
         std::any_of(functions.begin(), functions.end(), [name](const Function& f) { return f.name == name; });
}

}  // namespace titrant::quantum::qasm
