#include "symbols.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

std::string_view word(Symbols::Kind kind) { return kind == Symbols::Kind::qubit ? "qubit" : "bit"; }

/// One index of a register of `size`, from the end where it is negative.
std::size_t parse_index(Lexer& lexer, const Names& names, std::string_view name, std::size_t size) {
  const Position position = lexer.peek().position;
  const std::int64_t index = parse_integer(lexer, names, "an index");
  const auto elements = static_cast<std::int64_t>(size);
  if (index >= elements || index < -elements)
    lexer.source().fail(position, fmt::format("index {} of {}, which has {} elements", index, in_quotes(name), size));
  return static_cast<std::size_t>(index < 0 ? index + elements : index);
}

/// What follows `[`, up to and with `]`: positions within the register.
std::vector<std::size_t> parse_indices(Lexer& lexer, const Names& names, std::string_view name, std::size_t size,
                                       bool& single) {
  std::vector<std::size_t> indices;
  const Position position = lexer.peek().position;
  if (lexer.accept("{")) {
    std::vector<bool> taken(size, false);
    do {
      const Position at = lexer.peek().position;
      const std::size_t index = parse_index(lexer, names, name, size);
      if (taken[index]) lexer.source().fail(at, fmt::format("index {} stands twice in this set", index));
      taken[index] = true;
      indices.push_back(index);
    } while (lexer.accept(","));
    lexer.expect("}", "after the indices");
  } else if (lexer.peek().is(":")) {
    lexer.source().fail(position, "not supported: a range without a beginning; write 'first:last'");
  } else {
    indices.push_back(parse_index(lexer, names, name, size));
    single = !lexer.peek().is(":");
    if (!single) {
      lexer.next();
      std::int64_t step = 1;
      const Position after = lexer.peek().position;
      std::int64_t last = parse_integer(lexer, names, "a range's end");
      if (lexer.accept(":")) {
        step = last;
        last = parse_integer(lexer, names, "a range's end");
      }
      const auto elements = static_cast<std::int64_t>(size);
      if (last >= elements || last < -elements)
        lexer.source().fail(after, fmt::format("index {} of {}, which has {} elements", last, in_quotes(name), size));
      if (last < 0) last += elements;
      auto index = static_cast<std::int64_t>(indices[0]);
      indices.clear();
      if (step == 0 || (step > 0 ? index > last : index < last))
        lexer.source().fail(after, "this range has no element");
      // A step beyond the register ends it; bounded, so that adding it cannot overflow.
      step = std::clamp(step, -elements, elements);
      for (; step > 0 ? index <= last : index >= last; index += step)
        indices.push_back(static_cast<std::size_t>(index));
    }
  }
  lexer.expect("]", "after the index");
  return indices;
}

}  // namespace

void Symbols::check_free(Lexer& lexer, const Token& name) const {
  if (knows(name.text)) lexer.source().fail(name.position, fmt::format("{} is declared twice", in_quotes(name.text)));
}

void Symbols::declare(Lexer& lexer, const Token& name, Kind kind, std::size_t size, bool single) {
  check_free(lexer, name);
  std::size_t& count = kind == Kind::qubit ? qubit_count_ : bit_count_;
  const std::size_t most = kind == Kind::qubit ? most_qubits : most_bits;
  if (size == 0) lexer.source().fail(name.position, fmt::format("{} has no {}", in_quotes(name.text), word(kind)));
  if (size > most - count) {
    lexer.source().fail(name.position, fmt::format("{} makes more than {} {}s, the most that are read",
                                                   in_quotes(name.text), most, word(kind)));
  }
  std::vector<std::size_t> elements(size);
  std::iota(elements.begin(), elements.end(), count);
  (kind == Kind::qubit ? qubits_ : bits_).push_back({std::string(name.text), count, size});
  entries_.emplace(std::string(name.text), Entry{kind, single, std::move(elements)});
  count += size;
}

void Symbols::alias(Lexer& lexer, const Token& name, Kind kind, std::vector<std::size_t> elements) {
  check_free(lexer, name);
  aliased_ += elements.size();
  if (aliased_ > most_aliased)
    lexer.source().fail(name.position, fmt::format("the aliases name more than {} elements", most_aliased));
  entries_.emplace(std::string(name.text), Entry{kind, false, std::move(elements)});
}

void Symbols::physical(Lexer& lexer, const Token& name) {
  if (entries_.contains(name.text)) return;
  if (qubit_count_ == most_qubits)
    lexer.source().fail(name.position, fmt::format("more than {} qubits, the most that are read", most_qubits));
  qubits_.push_back({fmt::format("physical_{}", name.text.substr(1)), qubit_count_, 1});
  entries_.emplace(std::string(name.text), Entry{Kind::qubit, true, {qubit_count_}});
  ++qubit_count_;
}

void Symbols::constant(Lexer& lexer, const Token& name, Number value) {
  check_free(lexer, name);
  constants_.emplace(std::string(name.text), value);
}

void Symbols::variable(Lexer& lexer, const Token& name, const Variable& variable, Number value) {
  constant(lexer, name, value);
  variables_.emplace(std::string(name.text), variable);
  in_order_.emplace_back(name.text);
}

const Symbols::Variable* Symbols::variable(std::string_view name) const {
  const auto found = variables_.find(name);
  return found == variables_.end() ? nullptr : &found->second;
}

void Symbols::forget_since(std::size_t mark) {
  for (; in_order_.size() > mark; in_order_.pop_back()) {
    constants_.erase(in_order_.back());
    variables_.erase(in_order_.back());
  }
}

void Symbols::gate(Lexer& lexer, const Token& name) {
  check_free(lexer, name);
  gates_.emplace(std::string(name.text), name.position);
}

bool Symbols::knows(std::string_view name) const {
  return entries_.contains(name) || constants_.contains(name) || gates_.contains(name);
}

bool Symbols::is(std::string_view name, Kind kind) const {
  const auto found = entries_.find(name);
  return found != entries_.end() && found->second.kind == kind;
}

Operand Symbols::parse(Lexer& lexer, const Names& names, Kind kind) const {
  const bool of_device = lexer.peek().kind == Token::Kind::physical;
  const Token name =
      of_device ? lexer.next() : lexer.expect_identifier(fmt::format("a {} or a register of them", word(kind)));
  const auto found = entries_.find(name.text);
  if (found == entries_.end())
    lexer.source().fail(name.position, fmt::format("{} is not declared", in_quotes(name.text)));
  const Entry& entry = found->second;
  if (entry.kind != kind)
    lexer.source().fail(name.position, fmt::format("{} is a {}; a {} is needed here", in_quotes(name.text),
                                                   word(entry.kind), word(kind)));
  Operand operand{{}, entry.single, std::string(name.text), name.position};
  if (lexer.accept("[")) {
    for (const std::size_t index : parse_indices(lexer, names, name.text, entry.elements.size(), operand.single))
      operand.elements.push_back(entry.elements[index]);
  } else {
    operand.elements = entry.elements;
  }
  return operand;
}

}  // namespace titrant::quantum::qasm
