#include "sectors.hpp"

#include <algorithm>
#include <utility>

namespace titrant::quantum {

namespace {

constexpr std::size_t max_sectors = 6;

bool is_phase(GateKind gate) {
  switch (gate) {
    case GateKind::z:
    case GateKind::s:
    case GateKind::sdg:
    case GateKind::t:
    case GateKind::tdg:
    case GateKind::p:
      return true;
    default:
      return false;
  }
}

bool touches(const ControlledGate& gate, std::size_t qubit) {
  return std::find(gate.targets.begin(), gate.targets.end(), qubit) != gate.targets.end() ||
         std::any_of(gate.controls.begin(), gate.controls.end(),
                     [qubit](const Control& control) { return control.qubit == qubit; });
}

class Division {
 public:
  explicit Division(const DeferredCircuit& circuit) : circuit_(circuit), gates_(circuit.gates) {}

  SectoredCircuit run() {
    std::vector<bool> used(circuit_.qubits, false);
    used[circuit_.result] = true;
    for (const std::size_t qubit : circuit_.amplitude_qubits) used[qubit] = true;
    prepared_.resize(circuit_.qubits);
    for (std::size_t qubit = 0; qubit < circuit_.qubits; ++qubit) {
      if (!is_amplitude(qubit)) prepared_[qubit] = take_preparation(qubit);
    }
    for (std::size_t qubit = 0; qubit < circuit_.qubits; ++qubit) {
      if (!used[qubit] && sector_qubits_.size() < max_sectors) take_sector(qubit);
    }
    for (const ControlledGate& gate : gates_) {
      for (const std::size_t qubit : gate.targets) used[qubit] = true;
      for (const Control& control : gate.controls) used[control.qubit] = !is_sector(control.qubit);
    }
    number(used);
    for (ControlledGate& gate : gates_) result_.gates.push_back(renumbered(std::move(gate)));
    return std::move(result_);
  }

 private:
  bool is_amplitude(std::size_t qubit) const {
    return std::find(circuit_.amplitude_qubits.begin(), circuit_.amplitude_qubits.end(), qubit) !=
           circuit_.amplitude_qubits.end();
  }

  bool is_sector(std::size_t qubit) const {
    return std::find(sector_qubits_.begin(), sector_qubits_.end(), qubit) != sector_qubits_.end();
  }

  /// A phase on |1...1> is symmetric in its qubits: `qubit` may be made a control of it, with a state qubit as the new
  /// target. False where it may not.
  bool make_control(ControlledGate& gate, std::size_t qubit) const {
    if (std::find(gate.targets.begin(), gate.targets.end(), qubit) == gate.targets.end()) return true;
    if (!is_phase(gate.kind)) return false;
    const auto partner = std::find_if(gate.controls.begin(), gate.controls.end(), [this](const Control& control) {
      return control.value && !is_sector(control.qubit);
    });
    if (partner == gate.controls.end()) return false;
    std::swap(gate.targets[0], partner->qubit);
    return true;
  }

  /// Moves the leading one-qubit gates without trained parameters out of the list.
  Preparation take_preparation(std::size_t qubit) {
    Preparation preparation;
    for (auto gate = gates_.begin(); gate != gates_.end();) {
      if (!touches(*gate, qubit)) {
        ++gate;
        continue;
      }
      const bool alone = gate->targets.size() == 1 && gate->controls.empty();
      if (!alone || gate->occurrence != no_occurrence) break;
      preparation.push_back(std::move(*gate));
      gate = gates_.erase(gate);
    }
    return preparation;
  }

  void take_sector(std::size_t qubit) {
    std::vector<ControlledGate> changed = gates_;
    bool used = false;
    for (ControlledGate& gate : changed) {
      if (!touches(gate, qubit)) continue;
      used = true;
      if (!make_control(gate, qubit)) return;
    }
    if (!used) return;
    gates_ = std::move(changed);
    sector_qubits_.push_back(qubit);
    result_.sectors.push_back(prepared_[qubit]);
  }

  void number(const std::vector<bool>& used) {
    number_.assign(circuit_.qubits, 0);
    for (const std::size_t qubit : circuit_.amplitude_qubits) number_[qubit] = result_.qubits++;
    result_.amplitude_qubits = result_.qubits;
    result_.preparations.resize(result_.qubits);
    for (std::size_t qubit = 0; qubit < circuit_.qubits; ++qubit) {
      if (!used[qubit] || is_amplitude(qubit)) continue;
      number_[qubit] = result_.qubits++;
      result_.preparations.push_back(prepared_[qubit]);
    }
    result_.result = number_[circuit_.result];
  }

  SectoredGate renumbered(ControlledGate gate) const {
    SectoredGate sectored;
    for (std::size_t& qubit : gate.targets) qubit = number_[qubit];
    std::vector<Control> controls;
    for (const Control& control : gate.controls) {
      const auto sector = std::find(sector_qubits_.begin(), sector_qubits_.end(), control.qubit);
      if (sector == sector_qubits_.end()) {
        controls.push_back({number_[control.qubit], control.value});
        continue;
      }
      const auto bit = static_cast<std::uint32_t>(1U << static_cast<unsigned>(sector - sector_qubits_.begin()));
      sectored.condition.mask |= bit;
      if (control.value) sectored.condition.value |= bit;
    }
    gate.controls = std::move(controls);
    sectored.gate = std::move(gate);
    return sectored;
  }

  const DeferredCircuit& circuit_;
  std::vector<ControlledGate> gates_;
  std::vector<Preparation> prepared_;
  std::vector<std::size_t> sector_qubits_;
  std::vector<std::size_t> number_;
  SectoredCircuit result_;
};

}  // namespace

SectoredCircuit divide(const DeferredCircuit& circuit) { return Division(circuit).run(); }

}  // namespace titrant::quantum
