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
  return step == Step::negate || step == Step::function ? 1 : 2;
}

/// Recursive descent. The depth is counted where the grammar recurs, so that hostile texts cannot exhaust the stack.
class ExpressionParser {
 public:
  ExpressionParser(Lexer& lexer, const Names& names) : lexer_(lexer), names_(names) {}

  Expression parse() {
    expression_.position = lexer_.peek().position;
    sum();
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
    if (++depth_ > deepest_nesting)
      lexer_.source().fail(lexer_.peek().position,
                           fmt::format("this expression is nested deeper than {}", deepest_nesting));
    if (lexer_.accept("-")) {
      unary();
      emit(Step::negate);
    } else if (lexer_.accept("+")) {
      unary();
    } else {
      power();
    }
    --depth_;
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
      sum();
      lexer_.expect(")", "to close the parenthesis");
    } else if (token.kind == Token::Kind::identifier) {
      lexer_.next();
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
    if (parameter != names_.parameters.end())
      return emit(Step::parameter, static_cast<std::uint32_t>(parameter - names_.parameters.begin()));
    if (const auto known = names_.constants.find(token.text); known != names_.constants.end())
      return emit(Step::constant, 0, known->second);
    if (const auto value = builtin_constant(token.text)) return emit(Step::constant, 0, {*value, false});
    const auto* const function =
        std::find_if(functions.begin(), functions.end(), [&token](const Function& f) { return f.name == token.text; });
    if (function == functions.end())
      lexer_.source().fail(token.position,
                           fmt::format("{} is no constant and no function here", in_quotes(token.text)));
    lexer_.expect("(", fmt::format("after the function {}", token.text));
    sum();
    lexer_.expect(")", fmt::format("after the one argument of {}", token.text));
    emit(Step::function, static_cast<std::uint32_t>(function - functions.begin()));
  }

  Lexer& lexer_;
  const Names& names_;
  Expression expression_;
  std::size_t depth_ = 0;
};

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
    default:
      return result(std::pow(a.value, b.value));
  }
}

}  // namespace

Expression parse_expression(Lexer& lexer, const Names& names) { return ExpressionParser(lexer, names).parse(); }

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
        break;
      case Step::function: {
        const double value = functions.at(instruction.index).value(stack.back().value);
        stack.back() = {value, false};
        break;
      }
      default: {
        const Number right = stack.back();
        stack.pop_back();
        stack.back() = binary(instruction.step, stack.back(), right);
        if (stack.back().variable && !stack.back().integer) {
          source.fail(expression.position,
                      "not supported: integers whose quotient or power is none, or is beyond 2^53; write a float");
        }
      }
    }
    if (!std::isfinite(stack.back().value)) source.fail(expression.position, "this expression has no finite value");
  }
  return stack.back();
}

Number parse_constant(Lexer& lexer, const Names& names) {
  return evaluate(parse_expression(lexer, {names.constants, {}, names.caret_is_power}), {}, lexer.source());
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
