#include "gate_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "keywords.hpp"
#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

[[noreturn]] void unknown_gate(const Lexer& lexer, const Token& name, const GateTable& gates) {
  const std::string_view nearest = gates.nearest(name.text);
  const std::string hint = nearest.empty() ? "" : fmt::format("; the nearest is '{}'", nearest);
  lexer.source().fail(name.position, fmt::format("gate {} is not defined{}", in_quotes(name.text), hint));
}

std::size_t control_count(Lexer& lexer, const Names& names) {
  if (!lexer.accept("(")) return 1;
  const Position position = lexer.peek().position;
  const std::int64_t count = parse_integer(lexer, names, "the number of controls");
  if (count < 1 || count > static_cast<std::int64_t>(most_qubits))
    lexer.source().fail(position, fmt::format("{} controls; between 1 and {} are possible", count, most_qubits));
  lexer.expect(")", "after the number of controls");
  return static_cast<std::size_t>(count);
}

Modifier parse_modifier(Lexer& lexer, const Names& names) {
  const Token word = lexer.next();
  Modifier modifier;
  if (word.text == "pow") {
    modifier.kind = Modifier::Kind::power;
    lexer.expect("(", "after pow");
    modifier.exponent = parse_expression(lexer, names);
    lexer.expect(")", "after the exponent");
  } else if (word.text != "inv") {
    modifier.kind = word.text == "ctrl" ? Modifier::Kind::control : Modifier::Kind::negative_control;
    modifier.controls = control_count(lexer, names);
  }
  lexer.expect("@", fmt::format("after the modifier {}", word.text));
  return modifier;
}

bool is_modifier(const Token& token) {
  return token.is("inv") || token.is("pow") || token.is("ctrl") || token.is("negctrl");
}

/// The names of a list, none twice, up to the token `end`, which stays.
std::vector<std::string> parse_names(Lexer& lexer, std::string_view end, std::string_view what) {
  std::vector<std::string> names;
  while (!lexer.peek().is(end)) {
    if (!names.empty()) lexer.expect(",", fmt::format("between {}s", what));
    const Token name = expect_new_name(lexer, fmt::format("the name of a {}", what));
    if (std::find(names.begin(), names.end(), name.text) != names.end())
      lexer.source().fail(name.position, fmt::format("{} {} is named twice", what, in_quotes(name.text)));
    if (names.size() == most_qubits)
      lexer.source().fail(name.position, fmt::format("more than {} {}s", most_qubits, what));
    names.emplace_back(name.text);
  }
  return names;
}

/// The qubits of a call within a definition, as numbers of the definition's.
std::vector<std::size_t> parse_body_qubits(Lexer& lexer, const std::vector<std::string>& known) {
  std::vector<std::size_t> qubits;
  if (lexer.peek().is(";")) return qubits;
  do {
    const Token name = lexer.expect_identifier("a qubit");
    const auto found = std::find(known.begin(), known.end(), name.text);
    if (found == known.end())
      lexer.source().fail(name.position, fmt::format("{} is no qubit of this gate", in_quotes(name.text)));
    if (lexer.peek().is("["))
      lexer.source().fail(lexer.peek().position, "the qubits of a gate are single: they have no index in its body");
    const auto qubit = static_cast<std::size_t>(found - known.begin());
    if (std::find(qubits.begin(), qubits.end(), qubit) != qubits.end())
      lexer.source().fail(name.position, fmt::format("qubit {} is given twice", in_quotes(name.text)));
    qubits.push_back(qubit);
  } while (lexer.accept(","));
  return qubits;
}

GateCall parse_body_call(Lexer& lexer, const GateTable& gates, const Names& names,
                         const std::vector<std::string>& qubits, const std::string& defining) {
  const Token word = lexer.peek();
  if (word.kind == Token::Kind::identifier && is_keyword(word.text) && !is_modifier(word) && !word.is("barrier") &&
      !word.is("gphase") && !word.is("U")) {
    lexer.source().fail(word.position, fmt::format("not supported: {} in the body of a gate", in_quotes(word.text)));
  }
  GateCall call;
  if (lexer.accept("barrier")) {
    call.gate = gates.find("barrier");
    call.qubits = parse_body_qubits(lexer, qubits);
    if (call.qubits.empty())
      for (std::size_t k = 0; k < qubits.size(); ++k) call.qubits.push_back(k);
  } else {
    CallHead head = parse_call_head(lexer, gates, names, defining);
    call.qubits = parse_body_qubits(lexer, qubits);
    head.give(call.qubits.size(), lexer.source());
    call.modifiers = std::move(head.modifiers);
    call.gate = head.gate;
    call.angles = std::move(head.angles);
  }
  lexer.expect(";", "after the call of a gate");
  return call;
}

/// At most how many calls a step makes, where its powers are known and small.
std::size_t size(const GateCall& step) {
  std::size_t calls = step.gate->size + step.modifiers.size();
  for (const Modifier& modifier : step.modifiers) {
    if (modifier.kind != Modifier::Kind::power) continue;
    const auto& steps = modifier.exponent.instructions;
    const bool known = steps.size() == 1 && steps[0].step == Expression::Step::constant;
    const double exponent = known ? std::abs(steps[0].number.value) : static_cast<double>(most_operations);
    calls = static_cast<std::size_t>(
        std::min(std::ceil(exponent) * static_cast<double>(calls), static_cast<double>(most_operations)));
  }
  return calls;
}

}  // namespace

std::size_t CallHead::qubits() const {
  std::size_t count = gate->qubits;
  for (const Modifier& modifier : modifiers) count += modifier.controls;
  return count;
}

void CallHead::give(std::size_t operands, const Source& source) {
  const std::size_t least = qubits() + (gate->kind == Gate::Kind::many ? 1 : 0);
  if (gate->kind == Gate::Kind::many && operands >= least) {
    Modifier control;
    control.kind = Modifier::Kind::control;
    control.controls = operands - qubits();
    modifiers.push_back(std::move(control));
    gate = gate->body[0].gate;
  } else if (operands != least || gate->kind == Gate::Kind::many) {
    source.fail(position, fmt::format("gate {} acts on {}{} qubits here, not {}", gate->name,
                                      gate->kind == Gate::Kind::many ? "at least " : "", least, operands));
  }
}

Token expect_new_name(Lexer& lexer, std::string_view what) {
  const Token name = lexer.expect_identifier(what);
  if (is_keyword(name.text) || is_builtin_name(name.text))
    lexer.source().fail(name.position,
                        fmt::format("{} is a word of the language and cannot be {}", in_quotes(name.text), what));
  return name;
}

CallHead parse_call_head(Lexer& lexer, const GateTable& gates, const Names& names, const std::string& defining) {
  CallHead head;
  while (is_modifier(lexer.peek())) {
    if (head.modifiers.size() == deepest_nesting)
      lexer.source().fail(lexer.peek().position, fmt::format("more than {} modifiers on one gate", deepest_nesting));
    head.modifiers.push_back(parse_modifier(lexer, names));
  }
  const Token name = lexer.expect_identifier("the name of a gate");
  head.position = name.position;
  if (!defining.empty() && name.text == defining)
    lexer.source().fail(name.position, fmt::format("gate {} is defined in terms of itself", in_quotes(defining)));
  head.gate = gates.find(name.text);
  if (head.gate == nullptr) unknown_gate(lexer, name, gates);
  if (head.gate->kind == Gate::Kind::opaque) {
    lexer.source().fail(name.position,
                        fmt::format("gate {} is opaque: the text does not say what it does; define it by 'gate {} ...'",
                                    in_quotes(name.text), name.text));
  }
  if (lexer.accept("(")) {
    while (!lexer.peek().is(")")) {
      if (!head.angles.empty()) lexer.expect(",", "between angles");
      if (head.angles.size() == most_qubits) lexer.source().fail(lexer.peek().position, "too many angles");
      head.angles.push_back(parse_expression(lexer, names));
    }
    lexer.expect(")", "after the angles");
  }
  if (head.angles.size() != head.gate->angles) {
    lexer.source().fail(name.position, fmt::format("gate {} takes {} angles, not {}", head.gate->name,
                                                   head.gate->angles, head.angles.size()));
  }
  return head;
}

const Gate& parse_gate_definition(Lexer& lexer, GateTable& gates, const Names& names) {
  const Token name = lexer.expect_identifier("the name of a gate");
  if (gates.owns(name.text))
    lexer.source().fail(name.position, fmt::format("gate {} is defined twice", in_quotes(name.text)));
  Gate gate;
  gate.name = name.text;
  std::vector<std::string> parameters;
  if (lexer.accept("(")) {
    parameters = parse_names(lexer, ")", "parameter");
    lexer.expect(")", "after the parameters");
  }
  const std::vector<std::string> qubits = parse_names(lexer, "{", "qubit");
  if (!gates.spend(1 + qubits.size()))
    lexer.source().fail(name.position, fmt::format("the definitions of gates have more than {} steps", most_steps));
  if (qubits.empty()) lexer.source().fail(name.position, fmt::format("gate {} acts on no qubit", in_quotes(name.text)));
  gate.angles = parameters.size();
  gate.qubits = qubits.size();
  const Token brace = lexer.expect("{", "before the body of a gate");
  const Names inside{names.values, parameters, names.caret_is_power, names.nesting};
  while (!lexer.accept("}")) {
    if (lexer.peek().kind == Token::Kind::end)
      lexer.source().fail(brace.position, fmt::format("the body of gate {} has no end '}}'", in_quotes(name.text)));
    gate.body.push_back(parse_body_call(lexer, gates, inside, qubits, gate.name));
    gate.depth = std::max(gate.depth, gate.body.back().gate->depth + 1);
    gate.size = std::min(gate.size + size(gate.body.back()), most_operations + 1);
    std::size_t steps = 1 + gate.body.back().modifiers.size();
    for (const Expression& angle : gate.body.back().angles) steps += angle.instructions.size();
    if (!gates.spend(steps))
      lexer.source().fail(name.position, fmt::format("the definitions of gates have more than {} steps", most_steps));
  }
  if (gate.depth > deepest_nesting) {
    lexer.source().fail(name.position, fmt::format("gate {} is defined through {} gates in each other; {} are possible",
                                                   in_quotes(name.text), gate.depth, deepest_nesting));
  }
  const auto kind = native_gate(gate.name);
  const std::size_t small = gate.angles == 0 ? 64 : 16;  // with angles it is asked again at each call
  if (kind && gate_qubits(*kind) == gate.qubits && gate_angles(*kind) == gate.angles && gate.size <= small)
    gate.perhaps = kind;
  return gates.add(std::move(gate));
}

void parse_opaque_gate(Lexer& lexer, GateTable& gates) {
  const Token name = expect_new_name(lexer, "the name of a gate");
  if (gates.owns(name.text))
    lexer.source().fail(name.position, fmt::format("gate {} is defined twice", in_quotes(name.text)));
  Gate gate;
  gate.name = name.text;
  gate.kind = Gate::Kind::opaque;
  if (lexer.accept("(")) {
    gate.angles = parse_names(lexer, ")", "parameter").size();
    lexer.expect(")", "after the parameters");
  }
  gate.qubits = parse_names(lexer, ";", "qubit").size();
  lexer.expect(";", "after an opaque gate");
  if (!gates.spend(1 + gate.qubits))
    lexer.source().fail(name.position, fmt::format("the definitions of gates have more than {} steps", most_steps));
  gates.add(std::move(gate));
}

}  // namespace titrant::quantum::qasm
