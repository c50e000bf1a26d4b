#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "builder.hpp"
#include "expression.hpp"
#include "lexer.hpp"

namespace titrant::quantum::qasm {

/// Elements of a register as they are when they are looked at.
struct Bits {
  std::vector<std::size_t> slots;
  std::string name;
};

/// Bits that were worked out, the lowest first.
struct BitString {
  std::vector<Predicate> digits;
  std::string name;
};

/// The digits of a constant, the lowest first.
using Digits = std::vector<bool>;

/// An integer that depends on measured bits: each of its values with the statement that it has it; they are disjoint.
struct Choice {
  std::vector<std::pair<std::uint64_t, Predicate>> cases;
};

/// What a classical expression has: a truth, bits, a constant, or an integer by cases.
struct Value {
  std::variant<Predicate, Bits, BitString, Number, std::uint64_t, Digits, Choice> is;
  Position position;
};

/// Works with values. Element k of a register is bit k of its value. Errors carry positions; TooManyCases is for the
/// caller.
class ValueAlgebra {
 public:
  ValueAlgebra(const Source& source, CircuitBuilder& builder) : source_(source), builder_(builder) {}

  /// A bit, a comparison or a bool.
  Predicate truth(const Value& value);
  Predicate equal(const Value& left, const Value& right);
  /// left sign right, for < <= > >=.
  Predicate ordered(const Value& left, const Value& right, const Token& sign);
  /// + - * / % ** of constants, & | ^ of integers, bits or bit strings.
  Value combined(Expression::Step step, const Value& left, const Value& right, Position position);
  /// << and >>: bits beyond the ends are lost.
  Value shifted(const Value& value, const Value& count, bool left, Position position);
  /// ~ of integers, bits and bit strings.
  Value complement(const Value& value);
  Value negated(const Value& value, Position position);
  /// How many bits are 1.
  Value popcount(const Value& value);
  /// Bit k moves to bit k + count, modulo the size: rotl; count may be negative.
  Value rotated(const Value& value, std::int64_t count);

  /// The digits of a value as `size` bits, the lowest first.
  std::vector<Predicate> digits(const Value& value, std::size_t size, const std::string& name);
  /// A value that is known while reading.
  Number number(const Value& value, std::string_view what);
  std::int64_t integer(const Value& value, std::string_view what);

  [[noreturn]] void fail(Position position, std::string_view message) const { source_.fail(position, message); }

 private:
  PredicateAlgebra& algebra() { return builder_.algebra(); }
  bool is_bits(const Value& value) const;
  BitString string_of(const Value& value);
  std::uint64_t whole(const Value& value, const std::string& name, std::size_t size) const;
  Digits constant(const Value& value, std::size_t size, const std::string& name) const;
  Predicate from(const BitString& bits, const Digits& digits, std::size_t lowest);
  Predicate less(const BitString& bits, const Digits& digits);
  Value on_predicates(Expression::Step step, const Value& left, const Value& right, Position position);

  const Source& source_;
  CircuitBuilder& builder_;
};

}  // namespace titrant::quantum::qasm
