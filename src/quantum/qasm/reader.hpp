#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "builder.hpp"
#include "condition.hpp"
#include "declarations.hpp"
#include "expander.hpp"
#include "gate_table.hpp"
#include "lexer.hpp"
#include "notes.hpp"
#include "symbols.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::quantum::qasm {

/// Statement by statement, from the text to the operations of the builder. Control flow and variables, and operations
/// on qubits, are in files of their own.
class Reader {
 public:
  /// Throws ConfigError as all that follows, with line and column. `source` must outlive the reader.
  Reader(const Source& source, const QasmInputs& inputs);

  QasmProgram read();

 private:
  using Kind = Symbols::Kind;

  /// Qubits of a device need no declaration: those that occur, in the order of their numbers.
  void declare_physical_qubits();
  static bool is_pragma(const Token& token) { return token.is("#") || token.is("pragma"); }
  Names names() const { return {symbols_.constants(), {}, version_ == 2}; }
  void statement();
  /// Handles a statement that declares something; false where this is none.
  bool declaration(const Token& first);
  void include();
  void new_register(Kind kind);
  void pragma(const Token& first);

  // reader_control.cpp
  void block();
  /// Does this, which combines conditions, with errors reported here.
  template <class Work>
  auto combining(Position position, const Work& work) {
    try {
      return work();
    } catch (const TooManyCases& error) {
      source_.fail(position, error.what());
    }
  }
  Predicate condition(Position position);
  void conditional();
  /// Reads on behind a bracket of this kind, the opening one being next.
  void skip_brackets(std::string_view open, std::string_view close);
  /// Reads on behind a statement that is not done.
  void skip_statement();
  /// Rounds of all loops together, and the bytes that they read, so that every program ends.
  void count_round(Position position, std::size_t bytes);
  /// The values of `[first:last]`, `[first:step:last]` or `{value, ...}`.
  std::vector<Number> loop_values();
  /// Statements have no state but the reader's: a loop reads its body once for each value.
  void for_loop(const Token& word);
  void while_loop(const Token& word);
  /// All conditions are decided before any case is done, as the selector is read once.
  void switch_statement(const Token& word);

  // reader_variables.cpp
  Number variable_value(const Symbols::Variable& type, Number value, Position position);
  void declare_variable(const Token& first);
  /// `name = expression;`, also with + - * or / before the sign.
  void assign_variable(const Token& name, const Symbols::Variable& type);
  const Symbols::Variable* assigned_variable(const Token& name) const;

  // reader_operations.cpp
  std::vector<Operand> operands();
  /// Two operands of one operation must not share a qubit.
  void claim(std::size_t qubit, const Operand& operand);
  void barrier();
  void reset();
  void measure(const Operand& qubits, const Operand& bits);
  void arrow_measurement();
  /// An outcome without a bit still collapses its qubit: it needs a bit of its own.
  void measure_into_new_bits(const Operand& qubits);
  void delay(const Token& first);
  bool assignment_follows() const;
  void assignment();
  void gate_call(const Token& first);

  const Source& source_;
  InputValues inputs_;
  Lexer lexer_;
  int version_;
  GateTable gates_;
  Symbols symbols_;
  CircuitBuilder builder_;
  Expander expander_;
  Notes notes_;
  std::size_t depth_ = 0;
  std::size_t unassigned_ = 0;  ///< names of registers that were tried
  std::size_t rounds_ = 0;
  std::size_t read_again_ = 0;
  std::vector<std::uint64_t> claimed_;  ///< by qubit: the last operation that had it
  std::uint64_t claims_ = 0;
};

}  // namespace titrant::quantum::qasm
