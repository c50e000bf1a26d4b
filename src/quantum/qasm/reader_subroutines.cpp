#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "declarations.hpp"
#include "limits.hpp"
#include "reader.hpp"

/// \file
/// Subroutines: a call reads the body once more, its parameters being aliases of qubits and copies of values.

namespace titrant::quantum::qasm {

namespace {

using Sort = Subroutine::Sort;

}  // namespace

void Reader::define_subroutine() {
  const Token name = lexer_.peek();
  Subroutine found = parse_subroutine_head(lexer_, names());
  found.body = lexer_;
  skip_brackets("{", "}");
  found.bytes = lexer_.offset() - found.body.offset();
  subroutines_.push_back(std::move(found));
  symbols_.subroutine(lexer_, name, &subroutines_.back());
}

struct Reader::Argument {
  Operand qubits;
  std::vector<Predicate> digits;
  Number number;
};

std::vector<Reader::Argument> Reader::arguments(Lexer& lexer, const Subroutine& called, const Token& name) {
  std::vector<Argument> all;
  lexer.expect("(", fmt::format("after the subroutine {}", called.name));
  ValueAlgebra values(source_, builder_);
  while (!lexer.peek().is(")")) {
    if (!all.empty()) lexer.expect(",", "between arguments");
    if (all.size() == called.parameters.size()) break;
    const auto& [parameter, sort] = called.parameters[all.size()];
    Argument& one = all.emplace_back();
    const Position position = lexer.peek().position;
    if (sort.is == Sort::Is::qubits) {
      one.qubits = symbols_.parse(lexer, names(), Kind::qubit);
      if (one.qubits.elements.size() != sort.size) {
        source_.fail(position, fmt::format("{} has {} qubits, the parameter {} of {} {}", in_quotes(one.qubits.text),
                                           one.qubits.elements.size(), parameter.text, called.name, sort.size));
      }
      continue;
    }
    const Value value = parse_value(lexer, context());
    if (sort.is == Sort::Is::bits) {
      one.digits = sort.boolean ? std::vector<Predicate>{truth_of_bool(value)}
                                : values.digits(value, sort.size, std::string(parameter.text));
    } else {
      const Number number = values.number(value, fmt::format("the parameter {} of {}", parameter.text, called.name));
      one.number = variable_value(sort.number, number, position);
    }
  }
  if (all.size() != called.parameters.size() || !lexer.peek().is(")")) {
    source_.fail(name.position, fmt::format("subroutine {} takes {} arguments, not {}", called.name,
                                            called.parameters.size(), all.size() + (lexer.peek().is(")") ? 0 : 1)));
  }
  lexer.expect(")", "after the arguments");
  ++claims_;
  for (const Argument& one : all)
    for (const std::size_t qubit : one.qubits.elements) claim(qubit, one.qubits);
  return all;
}

std::optional<Value> Reader::call_subroutine(Lexer& lexer) {
  const Token name = lexer.next();
  const Subroutine& called = *symbols_.subroutine(name.text);
  const std::vector<Argument> given = arguments(lexer, called, name);
  if (calls_.size() == deepest_calls)
    source_.fail(name.position, fmt::format("subroutines call each other more than {} deep", deepest_calls));
  symbols_.enter();
  for (std::size_t k = 0; k < given.size(); ++k) {
    const auto& [parameter, sort] = called.parameters[k];
    if (sort.is == Sort::Is::qubits) {
      symbols_.alias(lexer, parameter, Kind::qubit, given[k].qubits.elements, sort.single);
    } else if (sort.is == Sort::Is::bits) {
      const std::vector<std::size_t> slots =
          symbols_.local_bits(lexer, parameter, sort.size, sort.single, sort.boolean);
      for (std::size_t j = 0; j < slots.size(); ++j) slots_.compute(slots[j], given[k].digits[j]);
    } else {
      Symbols::Variable type = sort.number;
      type.conditions = builder_.conditions();
      symbols_.variable(lexer, parameter, type, given[k].number);
    }
  }
  const Lexer after = lexer_;
  std::vector<std::size_t> loops = std::exchange(loops_, {});
  calls_.push_back({&called, builder_.conditions(), std::nullopt});
  lexer_ = called.body;
  block();
  std::size_t given_bits = 0;
  for (const Argument& one : given) given_bits += one.digits.size() + one.qubits.elements.size();
  count_round(name.position, called.bytes + bytes_of_bit * given_bits);
  if (flow_ == Flow::leave_subroutine) flow_ = Flow::none;
  std::optional<Value> result = std::move(calls_.back().result);
  calls_.pop_back();
  loops_ = std::move(loops);
  lexer_ = after;
  symbols_.leave();
  builder_.at(name.position);
  if (!result && called.result.is != Sort::Is::nothing && flow_ == Flow::none)
    source_.fail(name.position, fmt::format("subroutine {} ends without a value here", called.name));
  if (result) result->position = name.position;
  return result;
}

Value Reader::call(Lexer& lexer) {
  const Token name = lexer.peek();
  std::optional<Value> value = call_subroutine(lexer);
  if (!value) source_.fail(name.position, fmt::format("subroutine {} has no value", in_quotes(name.text)));
  return std::move(*value);
}

void Reader::return_statement(const Token& word) {
  if (calls_.empty()) source_.fail(word.position, "not supported: 'return' outside of a subroutine");
  if (builder_.conditions() != calls_.back().conditions)
    source_.fail(word.position, "not supported: 'return' under a condition on measured bits");
  const Subroutine& called = *calls_.back().called;
  const Sort& sort = called.result;
  if (sort.is == Sort::Is::nothing) {
    lexer_.expect(";", fmt::format("after 'return': subroutine {} has no value", called.name));
  } else {
    ValueAlgebra values(source_, builder_);
    const Position position = lexer_.peek().position;
    const Value value = lexer_.accept("measure") ? measured_value() : parse_value(lexer_, context());
    lexer_.expect(";", "after the value of a subroutine");
    Value result{Predicate::never(), position};
    if (sort.boolean) {
      result.is = truth_of_bool(value);
    } else if (sort.is == Sort::Is::bits) {
      result.is = BitString{values.digits(value, sort.size, called.name), called.name};
    } else {
      const Number number = values.number(value, fmt::format("the value of {}", called.name));
      result.is = variable_value(sort.number, number, position);
    }
    calls_.back().result = std::move(result);
  }
  flow_ = Flow::leave_subroutine;
}

}  // namespace titrant::quantum::qasm
