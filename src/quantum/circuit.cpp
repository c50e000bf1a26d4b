#include "titrant/quantum/circuit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

namespace {

void require(bool holds, const std::string& message) {
  if (!holds) throw ConfigError("circuit: " + message);
}

void check_distinct(const std::vector<std::size_t>& qubits, std::size_t count) {
  for (std::size_t i = 0; i < qubits.size(); ++i) {
    require(qubits[i] < count, fmt::format("qubit {} of a register of {}", qubits[i], count));
    require(std::find(qubits.begin(), qubits.begin() + static_cast<std::ptrdiff_t>(i), qubits[i]) ==
                qubits.begin() + static_cast<std::ptrdiff_t>(i),
            fmt::format("qubit {} given twice to one operation", qubits[i]));
  }
}

}  // namespace

Circuit::Circuit(std::size_t qubits, std::size_t bits)
    : qubits_(qubits), bits_(bits), discarded_(qubits, false), measured_(bits, false) {
  require(qubits > 0, "needs at least one qubit");
}

void Circuit::check_usable(const std::vector<std::size_t>& qubits) const {
  check_distinct(qubits, qubits_);
  for (const std::size_t qubit : qubits)
    require(!discarded_[qubit], fmt::format("qubit {} is used after it was discarded", qubit));
}

Circuit& Circuit::gate(GateKind gate, std::vector<std::size_t> qubits, std::vector<Angle> angles,
                       std::optional<Operation::Condition> condition) {
  require(qubits.size() == gate_qubits(gate),
          fmt::format("gate {} acts on {} qubits, not {}", gate_name(gate), gate_qubits(gate), qubits.size()));
  require(angles.size() == gate_angles(gate),
          fmt::format("gate {} takes {} angles, not {}", gate_name(gate), gate_angles(gate), angles.size()));
  check_usable(qubits);
  for (const Angle& angle : angles) {
    require(angle.source != Angle::Source::constant || std::isfinite(angle.value),
            fmt::format("gate {} has an angle that is not finite", gate_name(gate)));
  }
  if (condition) {
    require(condition->bit < bits_, fmt::format("condition on bit {} of {}", condition->bit, bits_));
    require(measured_[condition->bit],
            fmt::format("condition on bit {}, which no measurement has set", condition->bit));
  }
  for (const Angle& angle : angles) {
    if (angle.source == Angle::Source::parameter) parameters_ = std::max(parameters_, angle.index + 1);
    if (angle.source == Angle::Source::feature) features_ = std::max(features_, angle.index + 1);
  }
  Operation operation;
  operation.gate = gate;
  operation.qubits = std::move(qubits);
  operation.angles = std::move(angles);
  operation.condition = condition;
  operations_.push_back(std::move(operation));
  return *this;
}

Circuit& Circuit::measure(std::size_t qubit, std::size_t bit) {
  check_usable({qubit});
  require(bit < bits_, fmt::format("measurement into bit {} of {}", bit, bits_));
  measured_[bit] = true;
  add(Operation::Kind::measure, {qubit});
  operations_.back().bit = bit;
  return *this;
}

Circuit& Circuit::reset(std::size_t qubit) {
  check_usable({qubit});
  return add(Operation::Kind::reset, {qubit});
}

Circuit& Circuit::discard(std::size_t qubit) {
  check_usable({qubit});
  discarded_[qubit] = true;
  return add(Operation::Kind::discard, {qubit});
}

Circuit& Circuit::barrier() { return add(Operation::Kind::barrier, {}); }

Circuit& Circuit::amplitude_input(std::vector<std::size_t> qubits) {
  require(!qubits.empty(), "amplitude input without a qubit");
  require(amplitude_qubits_.empty(), "amplitude input given twice");
  check_distinct(qubits, qubits_);
  amplitude_qubits_ = std::move(qubits);
  return *this;
}

Circuit& Circuit::add(Operation::Kind kind, std::vector<std::size_t> qubits) {
  Operation operation;
  operation.kind = kind;
  operation.qubits = std::move(qubits);
  operations_.push_back(std::move(operation));
  return *this;
}

}  // namespace titrant::quantum
