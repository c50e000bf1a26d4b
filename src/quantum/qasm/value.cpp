#include "value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "limits.hpp"

namespace titrant::quantum::qasm {

namespace {

using Step = Expression::Step;

bool is_number(const Value& value) {
  return std::holds_alternative<Number>(value.is) || std::holds_alternative<std::uint64_t>(value.is);
}

bool is_constant(const Value& value) { return is_number(value) || std::holds_alternative<Digits>(value.is); }

Number as_number(const Value& value) {
  if (const auto* literal = std::get_if<std::uint64_t>(&value.is)) {
    const auto rounded = static_cast<double>(*literal);
    return {rounded, rounded <= largest_integer};
  }
  return std::get<Number>(value.is);
}

Predicate decided(bool holds) { return holds ? Predicate::always() : Predicate::never(); }

/// a sign b.
template <class T>
bool holds_between(const T& a, const T& b, std::string_view sign) {
  if (sign == "==") return a == b;
  if (sign == "<") return a < b;
  if (sign == "<=") return a <= b;
  return sign == ">" ? a > b : a >= b;
}

/// Two numbers, which are known while reading; literals exactly.
Predicate compared(const Value& left, const Value& right, std::string_view sign) {
  const auto* a = std::get_if<std::uint64_t>(&left.is);
  const auto* b = std::get_if<std::uint64_t>(&right.is);
  if (a != nullptr && b != nullptr) return decided(holds_between(*a, *b, sign));
  return decided(holds_between(as_number(left).value, as_number(right).value, sign));
}

std::string name_of(const Value& value) {
  if (const auto* bits = std::get_if<Bits>(&value.is)) return bits->name;
  if (const auto* bits = std::get_if<BitString>(&value.is)) return bits->name;
  return "this";
}

std::size_t size_of(const Value& value) {
  if (const auto* bits = std::get_if<Bits>(&value.is)) return bits->slots.size();
  if (const auto* bits = std::get_if<BitString>(&value.is)) return bits->digits.size();
  if (const auto* digits = std::get_if<Digits>(&value.is)) return digits->size();
  return 1;
}

}  // namespace

bool ValueAlgebra::is_bits(const Value& value) const {
  return std::holds_alternative<Bits>(value.is) || std::holds_alternative<BitString>(value.is);
}

BitString ValueAlgebra::string_of(const Value& value) {
  if (const auto* string = std::get_if<BitString>(&value.is)) return *string;
  BitString string{{}, name_of(value)};
  if (const auto* bits = std::get_if<Bits>(&value.is)) {
    algebra().spend(bits->slots.size());
    for (const std::size_t slot : bits->slots) string.digits.push_back(builder_.value(slot));
  } else if (const auto* digits = std::get_if<Digits>(&value.is)) {
    for (const bool digit : *digits) string.digits.push_back(decided(digit));
  } else {
    string.digits.push_back(truth(value));
  }
  return string;
}

Predicate ValueAlgebra::truth(const Value& value) {
  if (const auto* predicate = std::get_if<Predicate>(&value.is)) return *predicate;
  if (const auto* number = std::get_if<Number>(&value.is); number != nullptr && number->boolean)
    return decided(number->value != 0.0);
  if (!is_bits(value)) fail(value.position, "a bit or a comparison is needed here");
  const std::size_t size = size_of(value);
  if (size != 1) {
    fail(value.position, fmt::format("register {} has {} bits: compare it with a value, as in '{} == 1'",
                                     name_of(value), size, name_of(value)));
  }
  return string_of(value).digits[0];
}

/// A constant that a register can have.
std::uint64_t ValueAlgebra::whole(const Value& value, const std::string& name, std::size_t size) const {
  if (const auto* literal = std::get_if<std::uint64_t>(&value.is)) return *literal;
  const Number number = std::get<Number>(value.is);
  if (!number.integer) fail(value.position, fmt::format("a value of bits must be an integer, not {}", number.value));
  if (number.value < 0.0) fail(value.position, fmt::format("{} of {} bits is never {}", name, size, number.value));
  return static_cast<std::uint64_t>(number.value);
}

/// The digits of a constant that a register of this size is compared with, or becomes.
Digits ValueAlgebra::constant(const Value& value, std::size_t size, const std::string& name) const {
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

/// The bits from `lowest` on are these digits. What each is by itself is taken first, which is fast where all are bits
/// of the circuit.
Predicate ValueAlgebra::from(const BitString& bits, const Digits& digits, std::size_t lowest) {
  std::vector<std::pair<std::size_t, bool>> single;
  std::vector<std::size_t> others;
  for (std::size_t k = lowest; k < digits.size(); ++k) {
    const Predicate& bit = bits.digits[k];
    if (bit.is_always() || bit.is_never()) {
      if (bit.is_always() != digits[k]) return Predicate::never();
    } else if (bit.cases().size() == 1 && bit.cases()[0].size() == 1) {
      single.emplace_back(bit.cases()[0][0].bit, bit.cases()[0][0].value == digits[k]);
    } else {
      others.push_back(k);
    }
  }
  std::sort(single.begin(), single.end());
  Circuit::Conditions all;
  for (const auto& [number, value] : single) {
    if (!all.empty() && all.back().bit == number) {
      if (all.back().value != value) return Predicate::never();
      continue;
    }
    all.push_back({number, value});
  }
  Predicate same = Predicate::of(std::move(all));
  for (const std::size_t k : others)
    same = algebra().both(same, digits[k] ? bits.digits[k] : algebra().negated(bits.digits[k]));
  return same;
}

/// Less than a constant: at the highest differing bit, 0 where the constant has 1.
Predicate ValueAlgebra::less(const BitString& bits, const Digits& digits) {
  Predicate any = Predicate::never();
  for (std::size_t k = 0; k < digits.size(); ++k) {
    if (!digits[k]) continue;
    Digits below = digits;
    below[k] = false;
    any = algebra().either(any, from(bits, below, k));
  }
  return any;
}

Predicate ValueAlgebra::equal(const Value& left, const Value& right) {
  if (std::holds_alternative<Choice>(right.is) && !std::holds_alternative<Choice>(left.is)) return equal(right, left);
  if (const auto* choice = std::get_if<Choice>(&left.is)) {
    if (!is_number(right)) fail(right.position, "an integer that depends on measured bits is compared with constants");
    Predicate any = Predicate::never();
    for (const auto& [value, holds] : choice->cases)
      if (compared({value, left.position}, right, "==").is_always()) any = algebra().either(any, holds);
    return any;
  }
  if (is_constant(left) && is_bits(right)) return equal(right, left);
  if (is_bits(left) && is_constant(right)) {
    const bool boolean = std::holds_alternative<Number>(right.is) && std::get<Number>(right.is).boolean;
    if (!boolean || size_of(left) != 1) return from(string_of(left), constant(right, size_of(left), name_of(left)), 0);
  }
  if (is_bits(left) && is_bits(right)) {
    const BitString a = string_of(left);
    const BitString b = string_of(right);
    if (a.digits.size() != b.digits.size())
      fail(right.position,
           fmt::format("{} has {} bits and {} has {}", a.name, a.digits.size(), b.name, b.digits.size()));
    Predicate all = Predicate::always();
    for (std::size_t k = 0; k < a.digits.size(); ++k)
      all = algebra().both(all, algebra().same(a.digits[k], b.digits[k]));
    return all;
  }
  if (std::holds_alternative<Digits>(left.is) && std::holds_alternative<Digits>(right.is))
    return decided(std::get<Digits>(left.is) == std::get<Digits>(right.is));
  if (is_number(left) && is_number(right)) return compared(left, right, "==");
  const auto is_truth = [this](const Value& value) {
    const auto* number = std::get_if<Number>(&value.is);
    return std::holds_alternative<Predicate>(value.is) || is_bits(value) || (number != nullptr && number->boolean);
  };
  // A single bit or a comparison beside the integers 0 and 1.
  for (const auto& [one, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
    if (std::holds_alternative<Predicate>(one->is) && is_number(*other) && as_number(*other).integer) {
      const double value = as_number(*other).value;
      if (value == 1.0) return truth(*one);
      if (value == 0.0) return algebra().negated(truth(*one));
      fail(other->position, fmt::format("a bit is never {}", value));
    }
  }
  if (!is_truth(left) || !is_truth(right)) fail(right.position, "only bits are compared with constants");
  return algebra().same(truth(left), truth(right));
}

Predicate ValueAlgebra::ordered(const Value& left, const Value& right, const Token& sign) {
  if (is_number(left) && is_number(right)) return compared(left, right, sign.text);
  if (const auto* choice = std::get_if<Choice>(&left.is); choice != nullptr && is_number(right)) {
    Predicate any = Predicate::never();
    for (const auto& [value, holds] : choice->cases)
      if (compared({value, left.position}, right, sign.text).is_always()) any = algebra().either(any, holds);
    return any;
  }
  if (!is_bits(left) || !is_constant(right))
    fail(sign.position, fmt::format("'{}' compares a register, on its left, with a constant", sign.text));
  const BitString bits = string_of(left);
  const Digits digits = constant(right, bits.digits.size(), bits.name);
  const Predicate below = less(bits, digits);
  if (sign.text == "<") return below;
  if (sign.text == ">=") return algebra().negated(below);
  const Predicate up_to = algebra().either(below, from(bits, digits, 0));
  return sign.text == "<=" ? up_to : algebra().negated(up_to);
}

Value ValueAlgebra::on_predicates(Step step, const Value& left, const Value& right, Position position) {
  const auto one = [&](const Predicate& a, const Predicate& b) {
    if (step == Step::bit_and) return algebra().both(a, b);
    if (step == Step::bit_or) return algebra().either(a, b);
    return algebra().negated(algebra().same(a, b));
  };
  const bool strings = (is_bits(left) && size_of(left) > 1) || (is_bits(right) && size_of(right) > 1);
  if (!strings && !is_constant(left) && !is_constant(right)) return {one(truth(left), truth(right)), position};
  const std::size_t size = std::max(is_bits(left) ? size_of(left) : 1, is_bits(right) ? size_of(right) : 1);
  const std::string name = is_bits(left) ? name_of(left) : name_of(right);
  const std::vector<Predicate> a = digits(left, size, name);
  const std::vector<Predicate> b = digits(right, size, name);
  BitString result{{}, name};
  for (std::size_t k = 0; k < size; ++k) result.digits.push_back(one(a[k], b[k]));
  return {std::move(result), position};
}

Value ValueAlgebra::combined(Step step, const Value& left, const Value& right, Position position) {
  const bool on_bits = step == Step::bit_and || step == Step::bit_or || step == Step::bit_xor;
  if (is_number(left) && is_number(right)) {
    const auto* a = std::get_if<std::uint64_t>(&left.is);
    const auto* b = std::get_if<std::uint64_t>(&right.is);
    if (on_bits && a != nullptr && b != nullptr) {
      return {step == Step::bit_and ? (*a & *b) : step == Step::bit_or ? (*a | *b) : (*a ^ *b), position};
    }
    Number result = qasm::combined(step, as_number(left), as_number(right), source_, position);
    result.boolean = on_bits && as_number(left).boolean && as_number(right).boolean;
    return {result, position};
  }
  if (!on_bits || std::holds_alternative<Choice>(left.is) || std::holds_alternative<Choice>(right.is)) {
    fail(position, "not supported: arithmetic with measured bits; compare them, or use & | ^ ~ << >> on them");
  }
  return on_predicates(step, left, right, position);
}

Value ValueAlgebra::shifted(const Value& value, const Value& count, bool left, Position position) {
  if (is_number(value) && is_number(count)) {
    const Step step = left ? Step::shift_left : Step::shift_right;
    return {qasm::combined(step, as_number(value), as_number(count), source_, position), position};
  }
  const std::int64_t by = integer(count, "the number of places of a shift");
  if (by < 0) fail(count.position, fmt::format("a shift by {}; it must not be negative", by));
  if (is_number(value) || std::holds_alternative<Choice>(value.is))
    fail(position, "not supported: a shift of an integer that depends on measured bits");
  const BitString bits = string_of(value);
  const auto size = static_cast<std::int64_t>(bits.digits.size());
  BitString moved{{}, bits.name};
  for (std::int64_t k = 0; k < size; ++k) {
    const std::int64_t origin = by >= size ? size : left ? k - by : k + by;
    moved.digits.push_back(origin >= 0 && origin < size ? bits.digits[static_cast<std::size_t>(origin)]
                                                        : Predicate::never());
  }
  return {std::move(moved), position};
}

Value ValueAlgebra::complement(const Value& value) {
  if (std::holds_alternative<Choice>(value.is)) fail(value.position, "'~' takes bits or a constant integer");
  if (is_number(value)) {
    const Number number = as_number(value);
    if (number.boolean) return {decided(number.value == 0.0), value.position};
    return {qasm::combined(Step::complement, number, {}, source_, value.position), value.position};
  }
  if (std::holds_alternative<Predicate>(value.is)) return {algebra().negated(truth(value)), value.position};
  BitString bits = string_of(value);
  for (Predicate& digit : bits.digits) digit = algebra().negated(digit);
  return {std::move(bits), value.position};
}

Value ValueAlgebra::negated(const Value& value, Position position) {
  if (!is_number(value)) fail(position, "not supported: '-' before measured bits");
  Number number = as_number(value);
  number.value = -number.value;
  number.width = 0;
  number.boolean = false;
  return {number, position};
}

Value ValueAlgebra::popcount(const Value& value) {
  if (is_number(value)) {
    std::uint64_t bits = whole(value, "the argument of popcount", 64);
    std::uint64_t count = 0;
    for (; bits != 0; bits &= bits - 1) ++count;
    return {count, value.position};
  }
  if (std::holds_alternative<Choice>(value.is)) fail(value.position, "popcount takes bits or an unsigned integer");
  // Of the first bits, count[n]: n of them are 1.
  std::vector<Predicate> count = {Predicate::always()};
  for (const Predicate& digit : string_of(value).digits) {
    const Predicate zero = algebra().negated(digit);
    count.push_back(algebra().both(count.back(), digit));
    for (std::size_t n = count.size() - 2; n > 0; --n)
      count[n] = algebra().either(algebra().both(count[n], zero), algebra().both(count[n - 1], digit));
    count[0] = algebra().both(count[0], zero);
  }
  Choice choice;
  for (std::size_t n = 0; n < count.size(); ++n) {
    if (count[n].is_always()) return {static_cast<std::uint64_t>(n), value.position};
    if (!count[n].is_never()) choice.cases.emplace_back(n, count[n]);
  }
  return {std::move(choice), value.position};
}

Value ValueAlgebra::rotated(const Value& value, std::int64_t count) {
  if (const auto* number = std::get_if<Number>(&value.is); number != nullptr && number->width > 0) {
    const auto width = static_cast<std::int64_t>(number->width);
    const std::int64_t by = ((count % width) + width) % width;
    const Number up =
        qasm::combined(Step::shift_left, *number, {static_cast<double>(by), true}, source_, value.position);
    const Number down =
        qasm::combined(Step::shift_right, *number, {static_cast<double>(width - by), true}, source_, value.position);
    return {qasm::combined(Step::bit_or, up, down, source_, value.position), value.position};
  }
  if (is_number(value) || std::holds_alternative<Choice>(value.is))
    fail(value.position, "rotl and rotr take bits, or an unsigned integer with a width");
  const BitString bits = string_of(value);
  const auto size = static_cast<std::int64_t>(bits.digits.size());
  BitString moved{{}, bits.name};
  for (std::int64_t k = 0; k < size; ++k)
    moved.digits.push_back(bits.digits[static_cast<std::size_t>((((k - count) % size) + size) % size)]);
  return {std::move(moved), value.position};
}

std::vector<Predicate> ValueAlgebra::digits(const Value& value, std::size_t size, const std::string& name) {
  if (std::holds_alternative<Choice>(value.is)) {
    const Choice& choice = std::get<Choice>(value.is);
    std::vector<Predicate> bits(size, Predicate::never());
    for (const auto& [number, holds] : choice.cases) {
      const Digits of_case = constant({number, value.position}, size, name);
      for (std::size_t k = 0; k < size; ++k)
        if (of_case[k]) bits[k] = algebra().either(bits[k], holds);
    }
    return bits;
  }
  if (const auto* number = std::get_if<Number>(&value.is); number != nullptr && number->boolean && size == 1)
    return {decided(number->value != 0.0)};
  if (is_constant(value)) {
    std::vector<Predicate> bits;
    for (const bool digit : constant(value, size, name)) bits.push_back(decided(digit));
    return bits;
  }
  BitString bits = string_of(value);
  if (bits.digits.size() != size)
    fail(value.position, fmt::format("{} has {} bits and {} has {}", bits.name, bits.digits.size(), name, size));
  return std::move(bits.digits);
}

Number ValueAlgebra::number(const Value& value, std::string_view what) {
  if (is_number(value)) return as_number(value);
  const auto unknown = [&] {
    fail(value.position,
         fmt::format("not supported: {} depends on measured bits: it must be known while reading", what));
  };
  if (std::holds_alternative<Choice>(value.is)) unknown();
  const BitString bits = string_of(value);
  double number = 0.0;
  for (std::size_t k = bits.digits.size(); k > 0; --k) {
    const Predicate& digit = bits.digits[k - 1];
    if (!digit.is_always() && !digit.is_never()) unknown();
    number = 2.0 * number + (digit.is_always() ? 1.0 : 0.0);
    if (number > largest_integer) fail(value.position, "an integer beyond 2^53 where a number is needed");
  }
  return {number, true, std::holds_alternative<Predicate>(value.is) || bits.digits.size() == 1};
}

std::int64_t ValueAlgebra::integer(const Value& value, std::string_view what) {
  const Number found = number(value, what);
  if (!found.integer) fail(value.position, fmt::format("{} must be an integer, not {}", what, found.value));
  return static_cast<std::int64_t>(found.value);
}

}  // namespace titrant::quantum::qasm
