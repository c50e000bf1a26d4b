#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bit_slots.hpp"
#include "expression.hpp"
#include "lexer.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::quantum::qasm {

/// What an operand stands for: numbers of qubits of the circuit, or of slots of bits.
struct Operand {
  std::vector<std::size_t> elements;
  bool single = false;  ///< one element, not a register of one: it repeats where others broadcast
  std::string text;     ///< for messages
  Position position;
};

struct Subroutine;

/// The names that a program has declared, in nested scopes. A subroutine sees its own names, global constants, gates,
/// subroutines and qubits of a device.
class Symbols {
 public:
  enum class Kind { qubit, bit };

  explicit Symbols(BitSlots& slots) : slots_(slots) {}

  /// A register of the program. Each declaration throws where the name is taken in its scope or registers grow too
  /// large.
  void declare(Lexer& lexer, const Token& name, Kind kind, std::size_t size, bool single);
  /// Bits that are no register of the program: of a block or subroutine, or a variable of type bool.
  std::vector<std::size_t> local_bits(Lexer& lexer, const Token& name, std::size_t size, bool single, bool boolean);
  /// Bits of the circuit that are shown under this name, which nothing else can use; the first one.
  std::size_t unassigned(Lexer& lexer, const Token& name, std::size_t size);
  /// A bit of the circuit that no register of the program has.
  std::size_t kept_bit(Lexer& lexer, Position position);
  void alias(Lexer& lexer, const Token& name, Kind kind, std::vector<std::size_t> elements, bool single);
  /// A qubit of a device by its text, as $3; its register is named physical_3.
  void physical(Lexer& lexer, const Token& name);
  void constant(Lexer& lexer, const Token& name, Number value);
  void gate(Lexer& lexer, const Token& name);
  void subroutine(Lexer& lexer, const Token& name, const Subroutine* definition);

  /// A value that is known while reading and can be assigned anew, of the type that `type` begins.
  struct Variable {
    Token type;
    std::size_t width = 0;       ///< 0: none is given
    std::size_t conditions = 0;  ///< how many undecided conditions stood around its declaration
  };
  /// Variables may be without a value at first.
  void variable(Lexer& lexer, const Token& name, const Variable& variable, std::optional<Number> value);
  const Variable* variable(std::string_view name) const;
  void assign(std::string_view name, Number value);

  /// An array of such values, the last index running fastest.
  struct Array {
    Variable type;
    std::vector<std::size_t> sizes;
    std::vector<Number> values;
  };
  void array(Lexer& lexer, const Token& name, Array array);
  Array* array(std::string_view name);

  /// What is declared from here on is forgotten at the end of this scope, and what it hid is back.
  void open_scope() { scopes_.push_back({undo_.size(), slots_.size()}); }
  void close_scope();
  /// A scope of a subroutine.
  void enter() {
    open_scope();
    ++level_;
  }
  void leave() {
    --level_;
    close_scope();
  }
  bool in_scope() const { return !scopes_.empty(); }

  /// In the order of their numbers in the circuit; bits of no register of the program have no name.
  const std::vector<Register>& registers(Kind kind) const { return kind == Kind::qubit ? qubits_ : bits_; }
  std::size_t count(Kind kind) const { return kind == Kind::qubit ? qubit_count_ : bit_count_; }
  /// The registers of bits that the program declares, with the slots of their elements.
  struct Shown {
    std::string name;
    std::vector<std::size_t> slots;
    std::vector<std::size_t> bits;  ///< of the circuit, in place of slots
  };
  const std::vector<Shown>& shown() const { return shown_; }
  bool shows(std::string_view name) const;

  const Number* constant(std::string_view name) const;
  const Subroutine* subroutine(std::string_view name) const;
  bool knows(std::string_view name) const { return find(name) != nullptr; }
  /// Whether the name is of this kind.
  bool is(std::string_view name, Kind kind) const;
  bool is_boolean(std::string_view name) const;

  /// Reads `$number`, `name`, `name[index]`, `name[first:last]`, `name[first:step:last]` (either end may be missing) or
  /// `name[{i, j, ...}]`; negative indices count from the end. Throws for what is undeclared, of the other kind, out of
  /// range or named twice.
  Operand parse(Lexer& lexer, const Names& names, Kind kind) const;

 private:
  struct Meaning {
    enum class Is { qubits, bits, constant, variable, array, gate, subroutine };
    Is is = Is::gate;
    bool single = false;
    bool boolean = false;
    bool alias = false;
    std::vector<std::size_t> elements;  ///< of qubits and bits
    std::optional<Number> value;        ///< of constants and variables
    Variable type;
    std::optional<Array> values;
    const Subroutine* definition = nullptr;
    std::size_t level = 0;  ///< of subroutines around its declaration
    std::size_t scope = 0;
  };
  void add(Lexer& lexer, const Token& name, Meaning meaning);
  void forget(const Meaning& meaning) { aliased_ -= meaning.alias ? meaning.elements.size() : 0; }
  const Meaning* find(std::string_view name) const;

  BitSlots& slots_;
  std::map<std::string, Meaning, std::less<>> meanings_;
  std::vector<std::pair<std::string, std::optional<Meaning>>> undo_;  ///< what names meant before
  std::vector<std::pair<std::size_t, std::size_t>> scopes_;  ///< sizes of undo_ and of the slots at their begin
  std::size_t level_ = 0;
  std::vector<Register> qubits_;
  std::vector<Register> bits_;
  std::vector<Shown> shown_;
  std::size_t qubit_count_ = 0;
  std::size_t bit_count_ = 0;
  std::size_t aliased_ = 0;
};

}  // namespace titrant::quantum::qasm
