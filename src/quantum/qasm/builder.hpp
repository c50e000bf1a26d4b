#pragma once

#include <deque>
#include <string>
#include <vector>

#include "condition.hpp"
#include "native.hpp"
#include "symbols.hpp"

namespace titrant::quantum::qasm {

/// Collects the operations of a program, each under the conditions of the `if` statements around it.
///
/// A condition is decided where its `if` begins, but operations ask for their bits when their turn comes. So an
/// operation after a measurement that writes a bit of a condition around it is an error; only such programs are
/// refused.
class CircuitBuilder : public GateSink {
 public:
  explicit CircuitBuilder(const Source& source) : source_(source) {}

  /// Where errors of the operations that follow are reported.
  void at(Position position) { position_ = position; }

  void gate(const NativeGate& gate) override;
  void phase(double) override {}  // of the whole circuit: no effect
  void barrier(std::span<const std::size_t> qubits) override;
  /// `name` is the bit's, for messages.
  void measure(std::size_t qubit, std::size_t bit, const std::string& name);
  void reset(std::size_t qubit);

  /// Whether any measurement has written the bit; it is 0 if not.
  bool measured(std::size_t bit) const { return bit < measured_.size() && measured_[bit]; }

  /// What follows happens where this holds as well.
  void begin_if(const Predicate& condition);
  /// After `begin_if`: what follows happens where the condition did not hold.
  void begin_else();
  void end_if();
  /// How many conditions stand around what follows.
  std::size_t conditions() const { return frames_.size(); }
  PredicateAlgebra& algebra() { return algebra_; }

  /// The circuit of all that was collected; the builder is empty then.
  Circuit finish(std::size_t qubits, std::size_t bits);

 private:
  struct Frame {
    Predicate condition;          ///< of this `if` alone
    Predicate holds;              ///< together with those around it
    std::vector<bool> mentioned;  ///< bits that `holds` reads
    std::string overwritten;      ///< one of these bits, where a measurement has written it
  };
  void emit(const Operation& operation);
  void push(const Predicate& condition);
  const Predicate& holds() const;

  const Source& source_;
  Position position_;
  PredicateAlgebra algebra_;
  std::vector<Frame> frames_;
  std::vector<bool> measured_;
  std::deque<Operation> operations_;
  std::size_t conditions_ = 0;
};

}  // namespace titrant::quantum::qasm
