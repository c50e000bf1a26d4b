#include "titrant/quantum/circuit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

namespace {

void expect_circuit(bool holds, const std::string& message) {
  if (!holds) throw ConfigError("circuit: " + message);
}

void check_distinct(const std::vector<std::size_t>& qubits, std::size_t count) {
  for (std::size_t i = 0; i < qubits.size(); ++i) {
    expect_circuit(qubits[i] < count, fmt::format("qubit {} of a register of {}", qubits[i], count));
    expect_circuit(std::find(qubits.begin(), qubits.begin() + static_cast<std::ptrdiff_t>(i), qubits[i]) ==
                       qubits.begin() + static_cast<std::ptrdiff_t>(i),
                   fmt::format("qubit {} given twice to one operation", qubits[i]));
  }
}

}  // namespace

Circuit::Circuit(std::size_t qubits, std::size_t bits)
    : qubits_(qubits), bits_(bits), discarded_(qubits, false), measured_(bits, false) {
  expect_circuit(qubits > 0, "needs at least one qubit");
}

void Circuit::check(const Operation& operation) const {
  const std::vector<std::size_t>& qubits = operation.qubits;
  check_distinct(qubits, qubits_);
  for (const std::size_t qubit : qubits)
    expect_circuit(!discarded_[qubit], fmt::format("qubit {} is used after it was discarded", qubit));
  if (operation.kind == Operation::Kind::gate) {
    const GateKind gate = operation.gate;
    expect_circuit(qubits.size() == gate_qubits(gate),
                   fmt::format("gate {} acts on {} qubits, not {}", gate_name(gate), gate_qubits(gate), qubits.size()));
    expect_circuit(
        operation.angles.size() == gate_angles(gate),
        fmt::format("gate {} takes {} angles, not {}", gate_name(gate), gate_angles(gate), operation.angles.size()));
    for (const Angle& angle : operation.angles) {
      expect_circuit(angle.source != Angle::Source::constant || std::isfinite(angle.value),
                     fmt::format("gate {} has an angle that is not finite", gate_name(gate)));
    }
  } else if (operation.kind != Operation::Kind::barrier) {
    expect_circuit(qubits.size() == 1, "measure, reset and discard act on one qubit");
  }
  if (operation.kind == Operation::Kind::measure)
    expect_circuit(operation.bit < bits_, fmt::format("measurement into bit {} of {}", operation.bit, bits_));
  if (operation.kind == Operation::Kind::discard || operation.kind == Operation::Kind::barrier)
    expect_circuit(operation.conditions.empty(), "discard and barrier take no condition");
  for (const Operation::Condition& condition : operation.conditions) {
    expect_circuit(condition.bit < bits_, fmt::format("condition on bit {} of {}", condition.bit, bits_));
    expect_circuit(measured_[condition.bit],
                   fmt::format("condition on bit {}, which no measurement has set", condition.bit));
  }
}

Circuit& Circuit::add(Operation operation) {
  check(operation);
  for (const Angle& angle : operation.angles) {
    if (angle.source == Angle::Source::parameter) parameters_ = std::max(parameters_, angle.index + 1);
    if (angle.source == Angle::Source::feature) features_ = std::max(features_, angle.index + 1);
  }
  if (operation.kind == Operation::Kind::measure) measured_[operation.bit] = true;
  if (operation.kind == Operation::Kind::discard) discarded_[operation.qubits[0]] = true;
  operations_.push_back(std::move(operation));
  return *this;
}

Circuit& Circuit::gate(GateKind gate, std::vector<std::size_t> qubits, std::vector<Angle> angles,
                       Conditions conditions) {
  return add({Operation::Kind::gate, gate, std::move(qubits), std::move(angles), 0, std::move(conditions)});
}

Circuit& Circuit::measure(std::size_t qubit, std::size_t bit, Conditions conditions) {
  return add({Operation::Kind::measure, {}, {qubit}, {}, bit, std::move(conditions)});
}

Circuit& Circuit::reset(std::size_t qubit, Conditions conditions) {
  return add({Operation::Kind::reset, {}, {qubit}, {}, 0, std::move(conditions)});
}

Circuit& Circuit::discard(std::size_t qubit) { return add({Operation::Kind::discard, {}, {qubit}, {}, 0, {}}); }

Circuit& Circuit::barrier(std::vector<std::size_t> qubits) {
  return add({Operation::Kind::barrier, {}, std::move(qubits), {}, 0, {}});
}

Circuit& Circuit::amplitude_input(std::vector<std::size_t> qubits) {
  expect_circuit(!qubits.empty(), "amplitude input without a qubit");
  expect_circuit(amplitude_qubits_.empty(), "amplitude input given twice");
  check_distinct(qubits, qubits_);
  amplitude_qubits_ = std::move(qubits);
  return *this;
}

}  // namespace titrant::quantum
