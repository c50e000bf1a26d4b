#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "gate_parser.hpp"
#include "keywords.hpp"
#include "limits.hpp"
#include "reader.hpp"

/// \file
/// Operations on qubits: calls of gates, measurements, resets, barriers, delays.

namespace titrant::quantum::qasm {

std::vector<Operand> Reader::operands() {
  std::vector<Operand> all;
  if (lexer_.peek().is(";")) return all;
  do {
    if (all.size() > most_qubits) source_.fail(lexer_.peek().position, "more operands than there are qubits");
    all.push_back(symbols_.parse(lexer_, names(), Kind::qubit));
  } while (lexer_.accept(","));
  return all;
}

void Reader::claim(std::size_t qubit, const Operand& operand) {
  claimed_.resize(symbols_.count(Kind::qubit), 0);
  if (std::exchange(claimed_[qubit], claims_) == claims_)
    source_.fail(operand.position,
                 fmt::format("a qubit of {} is given twice to one operation", in_quotes(operand.text)));
}

void Reader::barrier() {
  const std::vector<Operand> all = operands();
  lexer_.expect(";", "after a barrier");
  std::vector<std::size_t> qubits;
  ++claims_;
  for (const Operand& operand : all) {
    for (const std::size_t qubit : operand.elements) {
      claim(qubit, operand);
      qubits.push_back(qubit);
    }
  }
  builder_.barrier(qubits);
}

void Reader::reset() {
  const Operand qubits = symbols_.parse(lexer_, names(), Kind::qubit);
  lexer_.expect(";", "after a reset");
  for (const std::size_t qubit : qubits.elements) builder_.reset(qubit);
}

void Reader::measure(const Operand& qubits, const Operand& bits) {
  if (qubits.elements.size() != bits.elements.size()) {
    source_.fail(qubits.position,
                 fmt::format("{} qubits are measured into {} bits", qubits.elements.size(), bits.elements.size()));
  }
  for (std::size_t k = 0; k < bits.elements.size(); ++k) {
    builder_.measure(qubits.elements[k], bits.elements[k], in_quotes(bits.text),
                     [&] { return symbols_.kept_bit(lexer_, bits.position); });
  }
}

Value Reader::measured_value() {
  const Operand qubits = symbols_.parse(lexer_, names(), Kind::qubit);
  BitString measured{{}, qubits.text};
  for (const std::size_t qubit : qubits.elements) {
    const std::size_t bit = symbols_.kept_bit(lexer_, qubits.position);
    builder_.measure_bit(qubit, bit, in_quotes(qubits.text));
    measured.digits.push_back(Predicate::bit(bit, true));
  }
  return {std::move(measured), qubits.position};
}

void Reader::arrow_measurement() {
  const Operand qubits = symbols_.parse(lexer_, names(), Kind::qubit);
  if (lexer_.peek().is(";")) return measure_into_new_bits(qubits);
  lexer_.expect("->", "after the measured qubits");
  measure(qubits, symbols_.parse(lexer_, names(), Kind::bit));
  lexer_.expect(";", "after a measurement");
}

void Reader::measure_into_new_bits(const Operand& qubits) {
  Token name = lexer_.next();
  notes_.add(Notes::Kind::measurement, qubits.position, fmt::format("measure {}", qubits.text));
  std::string text = "unassigned";
  while (symbols_.knows(text) || symbols_.shows(text)) text = fmt::format("unassigned_{}", ++unassigned_);
  name.text = text;
  const std::size_t first = symbols_.unassigned(lexer_, name, qubits.elements.size());
  for (std::size_t k = 0; k < qubits.elements.size(); ++k)
    builder_.measure_bit(qubits.elements[k], first + k, in_quotes(text));
}

void Reader::delay(const Token& first) {
  lexer_.expect("[", "after 'delay'");
  if (lexer_.peek().kind == Token::Kind::duration) {
    lexer_.next();
  } else {
    parse_constant(lexer_, names());
  }
  lexer_.expect("]", "after the time of a delay");
  operands();
  lexer_.expect(";", "after a delay");
  notes_.add(Notes::Kind::delay, first.position, "delay");
}

void Reader::gate_call(const Token& first) {
  static constexpr std::array<std::string_view, 6> callable = {"U", "gphase", "inv", "pow", "ctrl", "negctrl"};
  const bool word = first.kind == Token::Kind::identifier && is_keyword(first.text) &&
                    std::find(callable.begin(), callable.end(), first.text) == callable.end();
  if (word) source_.fail(first.position, fmt::format("not supported: {}", in_quotes(first.text)));
  CallHead head = parse_call_head(lexer_, gates_, names());
  const std::vector<Operand> all = operands();
  lexer_.expect(";", "after the call of a gate");
  head.give(all.size(), source_);
  std::size_t repeats = 1;
  const Operand* broadcast = nullptr;
  for (const Operand& operand : all) {
    if (operand.single) continue;
    if (broadcast != nullptr && operand.elements.size() != repeats) {
      source_.fail(operand.position, fmt::format("registers of different sizes: {} has {} qubits and {} has {}",
                                                 broadcast->text, repeats, operand.text, operand.elements.size()));
    }
    repeats = operand.elements.size();
    broadcast = &operand;
  }
  const std::vector<BoundModifier> modifiers = bind(head.modifiers, {}, source_);
  const std::vector<double> angles = bind(head.angles, {}, source_);
  std::vector<std::size_t> qubits(all.size());
  for (std::size_t k = 0; k < repeats; ++k) {
    ++claims_;
    for (std::size_t j = 0; j < all.size(); ++j) {
      qubits[j] = all[j].elements[all[j].single ? 0 : k];
      claim(qubits[j], all[j]);
    }
    expander_.expand({head.gate, modifiers, angles, qubits}, head.position);
  }
}

}  // namespace titrant::quantum::qasm
