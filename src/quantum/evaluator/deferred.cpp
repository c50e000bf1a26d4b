#include "deferred.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

bool is_diagonal(GateKind gate) {
  switch (gate) {
    case GateKind::z:
    case GateKind::s:
    case GateKind::sdg:
    case GateKind::t:
    case GateKind::tdg:
    case GateKind::rz:
    case GateKind::p:
    case GateKind::cz:
    case GateKind::cp:
    case GateKind::crz:
    case GateKind::rzz:
      return true;
    default:
      return false;
  }
}

/// How many of the first qubits of a gate are controls.
std::size_t control_count(GateKind gate) {
  switch (gate) {
    case GateKind::cx:
    case GateKind::cy:
    case GateKind::cz:
    case GateKind::cp:
    case GateKind::crx:
    case GateKind::cry:
    case GateKind::crz:
      return 1;
    case GateKind::ccx:
      return 2;
    default:
      return 0;
  }
}

GateKind without_controls(GateKind gate) {
  switch (gate) {
    case GateKind::cx:
    case GateKind::ccx:
      return GateKind::x;
    case GateKind::cy:
      return GateKind::y;
    case GateKind::cz:
      return GateKind::z;
    case GateKind::cp:
      return GateKind::p;
    case GateKind::crx:
      return GateKind::rx;
    case GateKind::cry:
      return GateKind::ry;
    case GateKind::crz:
      return GateKind::rz;
    default:
      return gate;
  }
}

/// Whether the operation keeps this qubit from standing for an outcome it gave before: by changing its value, or as the
/// target of a gate that could be conditioned on that outcome.
bool disturbs(const Operation& operation, std::size_t qubit) {
  if (operation.kind == Operation::Kind::reset) return operation.qubits[0] == qubit;
  if (operation.kind != Operation::Kind::gate) return false;
  if (is_diagonal(operation.gate) && operation.conditions.empty()) return false;
  const auto targets = operation.qubits.begin() + static_cast<std::ptrdiff_t>(control_count(operation.gate));
  return std::find(targets, operation.qubits.end(), qubit) != operation.qubits.end();
}

class Deferral {
 public:
  explicit Deferral(const Circuit& circuit) : circuit_(circuit), bit_qubit_(circuit.bits()) {
    result_.qubits = circuit.qubits();
    result_.amplitude_qubits = circuit.amplitude_qubits();
    for (std::size_t q = 0; q < circuit.qubits(); ++q) wire_.push_back(q);
  }

  DeferredCircuit run(std::size_t result_bit) {
    for (std::size_t place = 0; place < circuit_.operations().size(); ++place) {
      const Operation& operation = circuit_.operations()[place];
      if (operation.kind != Operation::Kind::gate && !operation.conditions.empty()) {
        throw ConfigError(
            "circuit: conditional measurements and resets cannot be compiled; simulation/distribution.hpp runs them");
      }
      if (operation.kind == Operation::Kind::gate) add_gate(operation);
      if (operation.kind == Operation::Kind::measure) measure(place);
      if (operation.kind == Operation::Kind::reset) wire_[operation.qubits[0]] = result_.qubits++;
    }
    if (!bit_qubit_[result_bit]) throw ConfigError(fmt::format("circuit: result bit {} is never measured", result_bit));
    result_.result = *bit_qubit_[result_bit];
    return std::move(result_);
  }

 private:
  void measure(std::size_t place) {
    const Operation& operation = circuit_.operations()[place];
    const std::size_t qubit = operation.qubits[0];
    const auto later = circuit_.operations().begin() + static_cast<std::ptrdiff_t>(place) + 1;
    const bool used_again = std::any_of(later, circuit_.operations().end(),
                                        [qubit](const Operation& next) { return disturbs(next, qubit); });
    std::size_t holder = wire_[qubit];
    if (used_again) {
      holder = result_.qubits++;
      result_.gates.push_back({GateKind::x, {holder}, {{wire_[qubit], true}}, std::nullopt, no_occurrence});
    }
    bit_qubit_[operation.bit] = holder;
  }

  void add_gate(const Operation& operation) {
    std::vector<Control> controls;
    for (const Operation::Condition& condition : operation.conditions)
      controls.push_back({*bit_qubit_[condition.bit], condition.value});
    const std::size_t count = control_count(operation.gate);
    for (std::size_t k = 0; k < count; ++k) controls.push_back({wire_[operation.qubits[k]], true});
    std::vector<std::size_t> targets;
    for (std::size_t k = count; k < operation.qubits.size(); ++k) targets.push_back(wire_[operation.qubits[k]]);

    if (operation.gate == GateKind::u) {  // u(theta, phi, lambda) = p(phi) ry(theta) p(lambda)
      std::vector<std::size_t> numbers;
      for (const Angle& angle : operation.angles) numbers.push_back(count_use(angle, true));
      push(GateKind::p, targets, controls, operation.angles[2], numbers[2]);
      push(GateKind::ry, targets, controls, operation.angles[0], numbers[0]);
      push(GateKind::p, targets, controls, operation.angles[1], numbers[1]);
      return;
    }
    const GateKind kind = without_controls(operation.gate);
    if (operation.angles.empty()) {
      push(kind, targets, controls, std::nullopt, no_occurrence);
    } else {
      const bool controlled_rotation = count > 0 && kind != GateKind::p;
      push(kind, targets, controls, operation.angles[0], count_use(operation.angles[0], !controlled_rotation));
    }
  }

  std::size_t count_use(const Angle& angle, bool two_terms) {
    if (angle.source != Angle::Source::parameter) return no_occurrence;
    result_.occurrences.push_back({angle.index, two_terms});
    return result_.occurrences.size() - 1;
  }

  /// A qubit that controls twice, as the holder of an outcome and by itself, is listed once.
  void push(GateKind kind, const std::vector<std::size_t>& targets, const std::vector<Control>& controls,
            const std::optional<Angle>& angle, std::size_t occurrence) {
    std::vector<Control> distinct;
    for (const Control& control : controls) {
      const auto same = std::find_if(distinct.begin(), distinct.end(),
                                     [&control](const Control& other) { return other.qubit == control.qubit; });
      if (same == distinct.end()) {
        distinct.push_back(control);
      } else if (same->value != control.value) {
        return;  // never applied
      }
    }
    result_.gates.push_back({kind, targets, distinct, angle, occurrence});
  }

  const Circuit& circuit_;
  DeferredCircuit result_;
  std::vector<std::size_t> wire_;                      ///< circuit qubit -> the qubit it continues on
  std::vector<std::optional<std::size_t>> bit_qubit_;  ///< classical bit -> the qubit that holds it
};

/// Drops the gates outside of the result's past light cone.
void drop_irrelevant(DeferredCircuit& circuit) {
  std::vector<bool> relevant(circuit.qubits, false);
  relevant[circuit.result] = true;
  std::vector<ControlledGate> kept;
  for (std::size_t k = circuit.gates.size(); k-- > 0;) {
    ControlledGate& gate = circuit.gates[k];
    std::vector<std::size_t> touched = gate.targets;
    for (const Control& control : gate.controls) touched.push_back(control.qubit);
    if (std::none_of(touched.begin(), touched.end(), [&relevant](std::size_t q) { return relevant[q]; })) continue;
    for (const std::size_t qubit : touched) relevant[qubit] = true;
    kept.push_back(std::move(gate));
  }
  std::reverse(kept.begin(), kept.end());
  circuit.gates = std::move(kept);
}

}  // namespace

DeferredCircuit defer(const Circuit& circuit, std::size_t result_bit) {
  if (result_bit >= circuit.bits())
    throw ConfigError(fmt::format("circuit: result bit {} of {}", result_bit, circuit.bits()));
  DeferredCircuit deferred = Deferral(circuit).run(result_bit);
  drop_irrelevant(deferred);
  return deferred;
}

}  // namespace titrant::quantum
