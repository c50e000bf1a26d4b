#include "builder.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "limits.hpp"

namespace titrant::quantum::qasm {

const Predicate& CircuitBuilder::holds() const {
  static const Predicate always = Predicate::always();
  return frames_.empty() ? always : frames_.back().holds;
}

void CircuitBuilder::emit(const Operation& operation) {
  const auto& cases = holds().cases();
  if (!cases.empty() && !frames_.empty() && !frames_.back().overwritten.empty()) {
    source_.fail(position_, fmt::format("a condition around this reads {}, which was measured anew since the 'if'; "
                                        "not supported: measure into another bit",
                                        frames_.back().overwritten));
  }
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

void CircuitBuilder::measure(std::size_t qubit, std::size_t bit, const std::string& name) {
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

Circuit CircuitBuilder::finish(std::size_t qubits, std::size_t bits) {
  Circuit circuit(qubits, bits);
  while (!operations_.empty()) {  // given back piece by piece, so that the program is in memory once
    circuit.add(std::move(operations_.front()));
    operations_.pop_front();
  }
  return circuit;
}

}  // namespace titrant::quantum::qasm
