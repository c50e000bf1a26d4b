#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bit_slots.hpp"
#include "builder.hpp"
#include "classical_parser.hpp"
#include "condition.hpp"
#include "declarations.hpp"
#include "expander.hpp"
#include "gate_table.hpp"
#include "lexer.hpp"
#include "notes.hpp"
#include "subroutine.hpp"
#include "symbols.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

namespace titrant::quantum::qasm {

/// Statement by statement, from the text to the operations of the builder. Control flow, variables, subroutines,
/// operations on qubits and what the outcome is are in files of their own.
class Reader : private ValueSource, private Callables {
 public:
  /// Throws ConfigError as all that follows, with line and column. `source` must outlive the reader.
  Reader(const Source& source, const QasmInputs& inputs);

  QasmProgram read();

 private:
  using Kind = Symbols::Kind;

  /// Qubits of a device need no declaration: those that occur, in the order of their numbers.
  void declare_physical_qubits();
  static bool is_pragma(const Token& token) { return token.is("#") || token.is("pragma"); }
  const Number* constant(std::string_view name) const override { return symbols_.constant(name); }
  std::optional<Number> read(Lexer& lexer) override { return parse_known_word(lexer, context()); }
  Names names() { return {this, {}, version_ == 2, &nesting_}; }
  ClassicalContext context() { return {symbols_, names(), builder_, *this}; }
  void statement();
  void any_statement(const Token& first);
  /// Handles a statement that declares something; false where this is none.
  bool declaration(const Token& first);
  void include();
  void new_register(const Token& word);
  void output();
  void box();
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
  /// `break`, `continue` and `end`: where they are decided while reading.
  void leave(const Token& word);
  /// All conditions are decided before any case is done, as the selector is read once.
  void switch_statement(const Token& word);

  // reader_variables.cpp
  Number variable_value(const Symbols::Variable& type, Number value, Position position);
  Predicate truth_of_bool(const Value& value);
  /// What stands behind `=`: an expression, or a measurement.
  Value right_side();
  void declare_variable(const Token& first);
  bool assignment_follows() const;
  /// `name = expression;` or `name = measure qubits;`, also with the sign of an operation before `=`.
  void assignment();
  void assign_bits(const Operand& bits, const Value& value, bool boolean);
  std::optional<Expression::Step> assignment_sign(const Token& name);
  Value changed(const Value& left, Expression::Step step, const Value& right);
  void check_unconditional(const Token& name, const Symbols::Variable& type) const;
  void assign_variable(const Token& name);
  void assign_element(const Token& name);

  // reader_subroutines.cpp
  struct Argument;
  void define_subroutine();
  std::vector<Argument> arguments(Lexer& lexer, const Subroutine& called, const Token& name);
  /// Its value, where it has one.
  std::optional<Value> call_subroutine(Lexer& lexer);
  Value call(Lexer& lexer) override;
  void return_statement(const Token& word);

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
  /// Measures into bits that no register of the program has; their value.
  Value measured_value();
  void delay(const Token& first);
  void gate_call(const Token& first);

  // reader_outcomes.cpp
  QasmProgram finished();

  /// What ends a block early.
  enum class Flow { none, leave_loop, next_round, leave_subroutine, end };
  struct Call {
    const Subroutine* called = nullptr;
    std::size_t conditions = 0;  ///< undecided ones around it
    std::optional<Value> result;
  };

  const Source& source_;
  InputValues inputs_;
  Lexer lexer_;
  int version_;
  GateTable gates_;
  BitSlots slots_;
  Symbols symbols_;
  CircuitBuilder builder_;
  Expander expander_;
  Notes notes_;
  std::deque<Subroutine> subroutines_;
  std::vector<Call> calls_;
  std::vector<std::size_t> loops_;  ///< around the statement, within its subroutine: undecided conditions around each
  Flow flow_ = Flow::none;
  std::vector<std::string> outputs_;
  std::size_t depth_ = 0;
  std::size_t nesting_ = 0;     ///< of expressions
  std::size_t unassigned_ = 0;  ///< names of registers that were tried
  std::size_t rounds_ = 0;
  std::size_t read_again_ = 0;
  std::vector<std::uint64_t> claimed_;  ///< by qubit: the last operation that had it
  std::uint64_t claims_ = 0;
};

}  // namespace titrant::quantum::qasm
