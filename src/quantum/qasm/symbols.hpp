#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expression.hpp"
#include "lexer.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::quantum::qasm {

/// What an operand stands for: numbers of qubits, or of bits, of the circuit.
struct Operand {
  std::vector<std::size_t> elements;
  bool single = false;  ///< one element, not a register of one: it repeats where others broadcast
  std::string text;     ///< for messages
  Position position;
};

/// The names that a program has declared.
class Symbols {
 public:
  enum class Kind { qubit, bit };

  /// Each throws where the name is taken or the registers grow too large.
  void declare(Lexer& lexer, const Token& name, Kind kind, std::size_t size, bool single);
  void alias(Lexer& lexer, const Token& name, Kind kind, std::vector<std::size_t> elements);
  /// A qubit of a device by its text, as $3; its register is named physical_3.
  void physical(Lexer& lexer, const Token& name);
  void constant(Lexer& lexer, const Token& name, Number value);
  void gate(Lexer& lexer, const Token& name);

  /// A value that is known while reading and can be assigned anew, of the type that `type` begins.
  struct Variable {
    Token type;
    std::size_t width = 0;       ///< 0: none is given
    std::size_t conditions = 0;  ///< how many undecided conditions stood around its declaration
  };
  void variable(Lexer& lexer, const Token& name, const Variable& variable, Number value);
  const Variable* variable(std::string_view name) const;
  void assign(std::string_view name, Number value) { constants_.find(name)->second = value; }
  /// Variables that were declared since `mark` are forgotten.
  std::size_t mark() const { return in_order_.size(); }
  void forget_since(std::size_t mark);

  const std::vector<Register>& registers(Kind kind) const { return kind == Kind::qubit ? qubits_ : bits_; }
  std::size_t count(Kind kind) const { return kind == Kind::qubit ? qubit_count_ : bit_count_; }
  const std::map<std::string, Number, std::less<>>& constants() const { return constants_; }
  bool knows(std::string_view name) const;
  /// Whether the name is of this kind.
  bool is(std::string_view name, Kind kind) const;

  /// Reads `$number`, `name`, `name[index]`, `name[first:last]`, `name[first:step:last]` or `name[{i, j, ...}]`;
  /// negative indices count from the end. Throws for what is undeclared, of the other kind, out of range or named
  /// twice.
  Operand parse(Lexer& lexer, const Names& names, Kind kind) const;

 private:
  struct Entry {
    Kind kind = Kind::qubit;
    bool single = false;
    std::vector<std::size_t> elements;
  };
  void check_free(Lexer& lexer, const Token& name) const;

  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, Number, std::less<>> constants_;
  std::map<std::string, Position, std::less<>> gates_;
  std::map<std::string, Variable, std::less<>> variables_;  ///< their values are among the constants
  std::vector<std::string> in_order_;
  std::vector<Register> qubits_;
  std::vector<Register> bits_;
  std::size_t qubit_count_ = 0;
  std::size_t bit_count_ = 0;
  std::size_t aliased_ = 0;
};

}  // namespace titrant::quantum::qasm
