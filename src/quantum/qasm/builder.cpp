#include "builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "limits.hpp"

namespace titrant::quantum::qasm {

const Predicate& CircuitBuilder::holds() const {
  static const Predicate always = Predicate::always();
  return frames_.empty() ? always : frames_.back().holds;
}

void CircuitBuilder::check_conditions() const {
  if (!holds().cases().empty() && !frames_.empty() && !frames_.back().overwritten.empty()) {
    source_.fail(position_, fmt::format("a condition around this reads {}, which was measured anew since the 'if'; "
                                        "not supported: measure into another bit",
                                        frames_.back().overwritten));
  }
}

void CircuitBuilder::emit(const Operation& operation) {
  check_conditions();
  const auto& cases = holds().cases();
  for (const Circuit::Conditions& one : cases) {
    if (operations_.size() == most_operations)
      source_.fail(position_, fmt::format("the program has more than {} operations", most_operations));
    conditions_ += one.size();
    if (conditions_ > most_conditions)
      source_.fail(position_, fmt::format("the operations have more than {} conditions in all", most_conditions));
    operations_.push_back(operation);
    operations_.back().conditions = one;
  }
}

void CircuitBuilder::gate(const NativeGate& gate) {
  const auto qubits = std::span(gate.qubits).first(gate_qubits(gate.kind));
  std::vector<Angle> angles;
  for (const double angle : std::span(gate.angles).first(gate_angles(gate.kind))) {
    if (!std::isfinite(angle)) source_.fail(position_, "an angle of this gate is not finite");
    angles.push_back(Angle::constant(angle));
  }
  emit({Operation::Kind::gate, gate.kind, {qubits.begin(), qubits.end()}, std::move(angles), 0, {}});
}

void CircuitBuilder::barrier(std::span<const std::size_t> qubits) {
  if (holds().cases().empty()) return;
  if (operations_.size() == most_operations)
    source_.fail(position_, fmt::format("the program has more than {} operations", most_operations));
  // A barrier changes nothing, so it may stand where its conditions do not hold.
  operations_.push_back({Operation::Kind::barrier, {}, {qubits.begin(), qubits.end()}, {}, 0, {}});
}

Predicate CircuitBuilder::value(std::size_t slot) const {
  const BitSlots::Slot& one = slots_.at(slot);
  if (one.computed) return one.value;
  return one.bit != BitSlots::no_bit && measured(one.bit) ? Predicate::bit(one.bit, true) : Predicate::never();
}

void CircuitBuilder::assign(std::size_t slot, const Predicate& value, const std::string& name) {
  check_conditions();
  if (holds().is_always()) return slots_.compute(slot, value);
  try {
    const Predicate here = algebra_.both(holds(), value);
    const Predicate elsewhere = algebra_.both(algebra_.negated(holds()), this->value(slot));
    slots_.compute(slot, algebra_.either(here, elsewhere));
  } catch (const TooManyCases& error) {
    source_.fail(position_, fmt::format("{}: {}", name, error.what()));
  }
}

void CircuitBuilder::measure(std::size_t qubit, std::size_t slot, const std::string& name,
                             const std::function<std::size_t()>& new_bit) {
  if (holds().is_never()) return;
  const BitSlots::Slot before = slots_.at(slot);
  const bool always = holds().is_always();
  if (always) slots_.measure_into(slot, before.bit);  // what it was does not count any more
  const bool other = before.bit == BitSlots::no_bit || slots_.read(before.bit) || (!always && before.computed);
  const std::size_t bit = other ? new_bit() : before.bit;
  if (always || !other || (before.bit == BitSlots::no_bit && !before.computed)) {
    measure_bit(qubit, bit, name);
    return slots_.measure_into(slot, bit);
  }
  const Predicate old = value(slot);
  measure_bit(qubit, bit, name);
  const Predicate here = algebra_.both(holds(), Predicate::bit(bit, true));
  slots_.compute(slot, algebra_.either(here, algebra_.both(algebra_.negated(holds()), old)));
}

void CircuitBuilder::measure_bit(std::size_t qubit, std::size_t bit, const std::string& name) {
  const auto reads = [bit](const Frame& frame) { return bit < frame.mentioned.size() && frame.mentioned[bit]; };
  if (!frames_.empty() && reads(frames_.back()) && holds().cases().size() > 1) {
    source_.fail(position_, fmt::format("not supported: this measurement writes {}, which a condition around it reads; "
                                        "measure into another bit",
                                        name));
  }
  emit({Operation::Kind::measure, {}, {qubit}, {}, bit, {}});
  if (holds().cases().empty()) return;
  for (Frame& frame : frames_)
    if (reads(frame)) frame.overwritten = name;
  if (measured_.size() <= bit) measured_.resize(bit + 1, false);
  measured_[bit] = true;
}

void CircuitBuilder::reset(std::size_t qubit) { emit({Operation::Kind::reset, {}, {qubit}, {}, 0, {}}); }

void CircuitBuilder::push(const Predicate& condition) {
  Predicate all = algebra_.both(holds(), condition);
  std::vector<bool> mentioned = all.mentioned(measured_.size());
  std::string overwritten = frames_.empty() ? "" : frames_.back().overwritten;
  frames_.push_back({condition, std::move(all), std::move(mentioned), std::move(overwritten)});
}

void CircuitBuilder::begin_if(const Predicate& condition) { push(condition); }

void CircuitBuilder::begin_else() {
  const Frame taken = std::move(frames_.back());
  frames_.pop_back();
  push(algebra_.negated(taken.condition));
  if (!taken.overwritten.empty()) frames_.back().overwritten = taken.overwritten;
}

void CircuitBuilder::end_if() { frames_.pop_back(); }

std::vector<bool> CircuitBuilder::used_bits(std::size_t bits) const {
  std::vector<bool> used(bits, false);
  for (const Operation& operation : operations_) {
    if (operation.kind == Operation::Kind::measure) used[operation.bit] = true;
    for (const auto& condition : operation.conditions) used[condition.bit] = true;
  }
  return used;
}

Circuit CircuitBuilder::finish(std::size_t qubits, std::size_t bits, const std::vector<std::size_t>& renumbered) {
  Circuit circuit(qubits, bits);
  while (!operations_.empty()) {  // given back piece by piece, so that the program is in memory once
    Operation& operation = operations_.front();
    if (!renumbered.empty()) {
      operation.bit = operation.kind == Operation::Kind::measure ? renumbered[operation.bit] : 0;
      for (auto& condition : operation.conditions) condition.bit = renumbered[condition.bit];
      std::sort(operation.conditions.begin(), operation.conditions.end(),
                [](const auto& a, const auto& b) { return a.bit < b.bit; });
    }
    circuit.add(std::move(operation));
    operations_.pop_front();
  }
  return circuit;
}

}  // namespace titrant::quantum::qasm
