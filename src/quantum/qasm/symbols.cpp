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

/// A bound of a range, -1 for the last element as others; a bound that is missing is `otherwise`.
std::int64_t parse_bound(Lexer& lexer, const Names& names, std::string_view name, std::size_t size,
                         std::int64_t otherwise) {
  if (lexer.peek().is(":") || lexer.peek().is("]")) return otherwise;
  const Position position = lexer.peek().position;
  const std::int64_t bound = parse_integer(lexer, names, "a range's end");
  const auto elements = static_cast<std::int64_t>(size);
  if (bound >= elements || bound < -elements)
    lexer.source().fail(position, fmt::format("index {} of {}, which has {} elements", bound, in_quotes(name), size));
  return bound < 0 ? bound + elements : bound;
}

/// The elements of `first:last` or `first:step:last`, the first bound read already.
std::vector<std::size_t> parse_range(Lexer& lexer, const Names& names, std::string_view name, std::size_t size,
                                     std::optional<std::int64_t> first) {
  const auto elements = static_cast<std::int64_t>(size);
  lexer.expect(":", "in a range");
  // The middle of three is a step: any integer.
  const Position after = lexer.peek().position;
  Lexer ahead = lexer;
  std::int64_t step = 1;
  if (!ahead.peek().is("]") && !ahead.peek().is(":")) {
    const std::int64_t middle = parse_integer(ahead, names, "a range's end");
    if (ahead.accept(":")) {
      step = middle;
      lexer = ahead;
    }
  }
  const std::int64_t last = parse_bound(lexer, names, name, size, step < 0 ? 0 : elements - 1);
  std::int64_t index = first.value_or(step < 0 ? elements - 1 : 0);
  if (step == 0 || (step > 0 ? index > last : index < last)) lexer.source().fail(after, "this range has no element");
  // A step beyond the register ends it; bounded, so that adding it cannot overflow.
  step = std::clamp(step, -elements, elements);
  std::vector<std::size_t> indices;
  for (; step > 0 ? index <= last : index >= last; index += step) indices.push_back(static_cast<std::size_t>(index));
  return indices;
}

/// What follows `[`, up to and with `]`: positions within the register.
std::vector<std::size_t> parse_indices(Lexer& lexer, const Names& names, std::string_view name, std::size_t size,
                                       bool& single) {
  std::vector<std::size_t> indices;
  if (lexer.accept("{")) {
    single = false;
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
    single = false;
    indices = parse_range(lexer, names, name, size, std::nullopt);
  } else {
    indices.push_back(parse_index(lexer, names, name, size));
    single = !lexer.peek().is(":");
    if (!single) indices = parse_range(lexer, names, name, size, static_cast<std::int64_t>(indices[0]));
  }
  lexer.expect("]", "after the index");
  return indices;
}

}  // namespace

const Symbols::Meaning* Symbols::find(std::string_view name) const {
  const auto found = meanings_.find(name);
  if (found == meanings_.end()) return nullptr;
  const Meaning& meaning = found->second;
  const bool everywhere =
      meaning.level == 0 && (meaning.is == Meaning::Is::constant || meaning.is == Meaning::Is::gate ||
                             meaning.is == Meaning::Is::subroutine || name.substr(0, 1) == "$");
  return meaning.level == level_ || everywhere ? &meaning : nullptr;
}

void Symbols::add(Lexer& lexer, const Token& name, Meaning meaning) {
  meaning.level = level_;
  meaning.scope = scopes_.size();
  const auto found = meanings_.find(name.text);
  if (found != meanings_.end() && found->second.scope == meaning.scope && found->second.level == level_)
    lexer.source().fail(name.position, fmt::format("{} is declared twice", in_quotes(name.text)));
  if (!scopes_.empty()) {
    undo_.emplace_back(name.text, std::nullopt);
    if (found != meanings_.end()) undo_.back().second = std::move(found->second);
  }
  if (found != meanings_.end()) {
    found->second = std::move(meaning);
  } else {
    meanings_.emplace(std::string(name.text), std::move(meaning));
  }
}

void Symbols::close_scope() {
  const auto [names, slots] = scopes_.back();
  scopes_.pop_back();
  for (; undo_.size() > names; undo_.pop_back()) {
    auto& [name, before] = undo_.back();
    const auto now = meanings_.find(name);
    forget(now->second);
    if (before) {
      now->second = std::move(*before);
    } else {
      meanings_.erase(now);
    }
  }
  slots_.forget_from(slots);
}

void Symbols::declare(Lexer& lexer, const Token& name, Kind kind, std::size_t size, bool single) {
  std::size_t& count = kind == Kind::qubit ? qubit_count_ : bit_count_;
  const std::size_t most = kind == Kind::qubit ? most_qubits : most_bits;
  if (knows(name.text) || shows(name.text))
    lexer.source().fail(name.position, fmt::format("{} is declared twice", in_quotes(name.text)));
  if (size == 0) lexer.source().fail(name.position, fmt::format("{} has no {}", in_quotes(name.text), word(kind)));
  if (size > most - count) {
    lexer.source().fail(name.position, fmt::format("{} makes more than {} {}s, the most that are read",
                                                   in_quotes(name.text), most, word(kind)));
  }
  std::vector<std::size_t> elements(size);
  std::iota(elements.begin(), elements.end(), count);
  (kind == Kind::qubit ? qubits_ : bits_).push_back({std::string(name.text), count, size});
  if (kind == Kind::bit) {
    for (std::size_t& element : elements) element = slots_.add(element);
    shown_.push_back({std::string(name.text), elements, {}});
  }
  count += size;
  Meaning meaning;
  meaning.is = kind == Kind::qubit ? Meaning::Is::qubits : Meaning::Is::bits;
  meaning.single = single;
  meaning.elements = std::move(elements);
  add(lexer, name, std::move(meaning));
}

std::vector<std::size_t> Symbols::local_bits(Lexer& lexer, const Token& name, std::size_t size, bool single,
                                             bool boolean) {
  if (size == 0 || size > most_bits)
    lexer.source().fail(
        name.position, fmt::format("{} has {} bits; from 1 to {} are possible", in_quotes(name.text), size, most_bits));
  Meaning meaning;
  meaning.is = Meaning::Is::bits;
  meaning.single = single;
  meaning.boolean = boolean;
  for (std::size_t k = 0; k < size; ++k) meaning.elements.push_back(slots_.add(BitSlots::no_bit));
  std::vector<std::size_t> elements = meaning.elements;
  add(lexer, name, std::move(meaning));
  return elements;
}

bool Symbols::shows(std::string_view name) const {
  return std::any_of(shown_.begin(), shown_.end(), [name](const Shown& one) { return one.name == name; });
}

std::size_t Symbols::unassigned(Lexer& lexer, const Token& name, std::size_t size) {
  if (size > most_bits - bit_count_)
    lexer.source().fail(name.position, fmt::format("more than {} bits, the most that are read", most_bits));
  Shown one{std::string(name.text), {}, std::vector<std::size_t>(size)};
  std::iota(one.bits.begin(), one.bits.end(), bit_count_);
  shown_.push_back(std::move(one));
  bits_.push_back({std::string(name.text), bit_count_, size});
  bit_count_ += size;
  return bit_count_ - size;
}

std::size_t Symbols::kept_bit(Lexer& lexer, Position position) {
  if (bit_count_ == most_bits)
    lexer.source().fail(position,
                        fmt::format("more than {} bits, those of blocks and subroutines included", most_bits));
  bits_.push_back({"", bit_count_, 1});
  return bit_count_++;
}

void Symbols::alias(Lexer& lexer, const Token& name, Kind kind, std::vector<std::size_t> elements, bool single) {
  aliased_ += elements.size();
  if (aliased_ > most_aliased)
    lexer.source().fail(name.position, fmt::format("the aliases name more than {} elements", most_aliased));
  Meaning meaning;
  meaning.is = kind == Kind::qubit ? Meaning::Is::qubits : Meaning::Is::bits;
  meaning.single = single;
  meaning.alias = true;
  meaning.elements = std::move(elements);
  add(lexer, name, std::move(meaning));
}

void Symbols::physical(Lexer& lexer, const Token& name) {
  if (meanings_.contains(name.text)) return;
  if (qubit_count_ == most_qubits)
    lexer.source().fail(name.position, fmt::format("more than {} qubits, the most that are read", most_qubits));
  qubits_.push_back({fmt::format("physical_{}", name.text.substr(1)), qubit_count_, 1});
  Meaning meaning;
  meaning.is = Meaning::Is::qubits;
  meaning.single = true;
  meaning.elements = {qubit_count_++};
  add(lexer, name, std::move(meaning));
}

void Symbols::constant(Lexer& lexer, const Token& name, Number value) {
  Meaning meaning;
  meaning.is = Meaning::Is::constant;
  meaning.value = value;
  add(lexer, name, std::move(meaning));
}

void Symbols::variable(Lexer& lexer, const Token& name, const Variable& variable, std::optional<Number> value) {
  Meaning meaning;
  meaning.is = Meaning::Is::variable;
  meaning.type = variable;
  meaning.value = value;
  add(lexer, name, std::move(meaning));
}

const Symbols::Variable* Symbols::variable(std::string_view name) const {
  const Meaning* found = find(name);
  return found != nullptr && found->is == Meaning::Is::variable ? &found->type : nullptr;
}

void Symbols::assign(std::string_view name, Number value) { meanings_.find(name)->second.value = value; }

void Symbols::array(Lexer& lexer, const Token& name, Array array) {
  Meaning meaning;
  meaning.is = Meaning::Is::array;
  meaning.values = std::move(array);
  add(lexer, name, std::move(meaning));
}

Symbols::Array* Symbols::array(std::string_view name) {
  const Meaning* found = find(name);
  if (found == nullptr || found->is != Meaning::Is::array) return nullptr;
  return &*meanings_.find(name)->second.values;
}

void Symbols::gate(Lexer& lexer, const Token& name) { add(lexer, name, {}); }

void Symbols::subroutine(Lexer& lexer, const Token& name, const Subroutine* definition) {
  Meaning meaning;
  meaning.is = Meaning::Is::subroutine;
  meaning.definition = definition;
  add(lexer, name, std::move(meaning));
}

const Subroutine* Symbols::subroutine(std::string_view name) const {
  const Meaning* found = find(name);
  return found == nullptr ? nullptr : found->definition;
}

const Number* Symbols::constant(std::string_view name) const {
  const Meaning* found = find(name);
  return found != nullptr && found->value ? &*found->value : nullptr;
}

bool Symbols::is(std::string_view name, Kind kind) const {
  const Meaning* found = find(name);
  return found != nullptr && found->is == (kind == Kind::qubit ? Meaning::Is::qubits : Meaning::Is::bits);
}

bool Symbols::is_boolean(std::string_view name) const {
  const Meaning* found = find(name);
  return found != nullptr && found->boolean;
}

Operand Symbols::parse(Lexer& lexer, const Names& names, Kind kind) const {
  const bool of_device = lexer.peek().kind == Token::Kind::physical;
  const Token name =
      of_device ? lexer.next() : lexer.expect_identifier(fmt::format("a {} or a register of them", word(kind)));
  const Meaning* found = find(name.text);
  if (found == nullptr) lexer.source().fail(name.position, fmt::format("{} is not declared", in_quotes(name.text)));
  const bool qubits = found->is == Meaning::Is::qubits;
  if (!qubits && found->is != Meaning::Is::bits)
    lexer.source().fail(name.position, fmt::format("{} is no {}", in_quotes(name.text), word(kind)));
  if (qubits != (kind == Kind::qubit))
    lexer.source().fail(name.position, fmt::format("{} is a {}; a {} is needed here", in_quotes(name.text),
                                                   word(qubits ? Kind::qubit : Kind::bit), word(kind)));
  Operand operand{{}, found->single, std::string(name.text), name.position};
  if (lexer.accept("[")) {
    const std::vector<std::size_t> elements = found->elements;  // indices may call subroutines
    for (const std::size_t index : parse_indices(lexer, names, name.text, elements.size(), operand.single))
      operand.elements.push_back(elements[index]);
  } else {
    operand.elements = found->elements;
  }
  return operand;
}

}  // namespace titrant::quantum::qasm
