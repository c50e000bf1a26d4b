#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bit_slots.hpp"
#include "condition.hpp"
#include "native.hpp"
#include "source.hpp"

namespace titrant::quantum::qasm {

/// Collects the operations of a program, each under the conditions of the `if` statements around it.
///
/// A condition is decided where its `if` begins, but operations ask for their bits when their turn comes. So an
/// operation after a measurement that writes a bit of a condition around it is an error; only such programs are
/// refused.
class CircuitBuilder : public GateSink {
 public:
  CircuitBuilder(const Source& source, BitSlots& slots) : source_(source), slots_(slots) {}

  /// Where errors of the operations that follow are reported.
  void at(Position position) { position_ = position; }

  void gate(const NativeGate& gate) override;
  void phase(double) override {}  // of the whole circuit: no effect
  void barrier(std::span<const std::size_t> qubits) override;
  /// `name` is the bit's, for messages; `new_bit` gives a bit of the circuit that nothing has used: where computed
  /// values read the bit of this slot, or it has none.
  void measure(std::size_t qubit, std::size_t slot, const std::string& name,
               const std::function<std::size_t()>& new_bit);
  /// Into a bit of the circuit.
  void measure_bit(std::size_t qubit, std::size_t bit, const std::string& name);
  void reset(std::size_t qubit);
  /// The slot is this from here on, where the conditions around hold.
  void assign(std::size_t slot, const Predicate& value, const std::string& name);

  /// Whether any measurement has written the bit of the circuit; it is 0 if not.
  bool measured(std::size_t bit) const { return bit < measured_.size() && measured_[bit]; }
  /// What a slot is, as a statement on bits of the circuit.
  Predicate value(std::size_t slot) const;

  /// What follows happens where this holds as well.
  void begin_if(const Predicate& condition);
  /// After `begin_if`: what follows happens where the condition did not hold.
  void begin_else();
  void end_if();
  /// How many conditions stand around what follows.
  std::size_t conditions() const { return frames_.size(); }
  PredicateAlgebra& algebra() { return algebra_; }

  /// Whether operations write or read each of the first bits of the circuit.
  std::vector<bool> used_bits(std::size_t bits) const;
  /// The circuit of all that was collected; the builder is empty then. Bit k becomes renumbered[k], where there are
  /// any.
  Circuit finish(std::size_t qubits, std::size_t bits, const std::vector<std::size_t>& renumbered);

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

  /// A condition around what happens now must not have changed since it was asked.
  void check_conditions() const;

  const Source& source_;
  BitSlots& slots_;
  Position position_;
  PredicateAlgebra algebra_;
  std::vector<Frame> frames_;
  std::vector<bool> measured_;
  std::deque<Operation> operations_;
  std::size_t conditions_ = 0;
};

}  // namespace titrant::quantum::qasm
