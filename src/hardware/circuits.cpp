#include "titrant/hardware/circuits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"
#include "titrant/quantum/simulation/distribution.hpp"
#include "titrant/quantum/synthesis/basis.hpp"

namespace titrant::hardware {

namespace {

using Kind = quantum::Operation::Kind;

/// The qubit that is measured into a bit: where it is written last.
std::size_t measured_into(const quantum::Circuit& circuit, std::size_t bit) {
  const auto& operations = circuit.operations();
  const auto found = std::find_if(operations.rbegin(), operations.rend(), [bit](const quantum::Operation& one) {
    return one.kind == Kind::measure && one.bit == bit;
  });
  TITRANT_EXPECTS(found != operations.rend());
  return found->qubits[0];
}

MachineCircuit routed(const run::SubjectCircuit& drawn, const quantum::Device& device, std::uint64_t seed) {
  quantum::RoutedCircuit found = quantum::compile_for_device(drawn.circuit, device, seed, {.trials = 1});
  return {std::move(found.circuit),
          drawn.bits,
          drawn.result_bit,
          {},
          std::move(found.device_qubits),
          std::move(found.initial_layout),
          std::move(found.final_layout)};
}

double success(const MachineCircuit& circuit, const quantum::Device& device) {
  return quantum::summarise(circuit.circuit, device.subset(circuit.device_qubits)).success_probability;
}

}  // namespace

CircuitMaker::CircuitMaker(const classifier::Qcnn& network, Machine machine, const classifier::Example& reference)
    : network_(network), machine_(std::move(machine)), reference_{quantum::Circuit(1, 0), {}, 0, {}, {}, {}, {}} {
  if (!machine_.device) {
    reference_ = make(reference);
    return;
  }
  TITRANT_EXPECTS(machine_.layouts > 0);
  const run::SubjectCircuit drawn = run::subject_circuit(network_, reference, machine_.preparation);
  double best = -1.0;
  for (std::size_t trial = 0; trial < machine_.layouts; ++trial) {
    MachineCircuit candidate = routed(drawn, *machine_.device, machine_.seed + trial);
    const double of_candidate = success(candidate, *machine_.device);
    if (of_candidate <= best) continue;
    best = of_candidate;
    layout_seed_ = machine_.seed + trial;
    reference_ = std::move(candidate);
  }
}

MachineCircuit CircuitMaker::make(const classifier::Example& example) const {
  run::SubjectCircuit drawn = run::subject_circuit(network_, example, machine_.preparation);
  if (machine_.device) return routed(drawn, *machine_.device, layout_seed_);
  return {std::move(drawn.circuit), std::move(drawn.bits), drawn.result_bit, std::move(drawn.qubits), {}, {}, {}};
}

MachineCircuit CircuitMaker::marker(bool one) const {
  MachineCircuit marker = reference_;
  quantum::Circuit drawn(reference_.circuit.qubits(), reference_.circuit.bits());
  for (const quantum::Operation& operation : reference_.circuit.operations())
    if (operation.kind == Kind::measure && operation.bit != reference_.answer)
      drawn.measure(operation.qubits[0], operation.bit);
  const std::size_t answer = measured_into(reference_.circuit, reference_.answer);
  if (one) drawn.gate(quantum::GateKind::x, {answer});
  drawn.measure(answer, reference_.answer);
  const auto no_pairs = [](std::size_t, std::size_t) -> std::optional<quantum::GateKind> { return std::nullopt; };
  marker.circuit = machine_.device
                       ? quantum::to_native(quantum::merge_two_qubit_blocks(drawn), no_pairs, machine_.device->pulses)
                       : drawn;
  return marker;
}

std::optional<quantum::CircuitSummary> CircuitMaker::summary(const MachineCircuit& circuit) const {
  if (!machine_.device) return std::nullopt;
  return quantum::summarise(circuit.circuit, machine_.device->subset(circuit.device_qubits));
}

quantum::NoiseModel CircuitMaker::noise_of(const MachineCircuit& circuit) const {
  return machine_.device ? quantum::NoiseModel(machine_.device->subset(circuit.device_qubits)) : machine_.noise;
}

quantum::ReadoutError CircuitMaker::readout(const MachineCircuit& circuit) const {
  return noise_of(circuit).readout(measured_into(circuit.circuit, circuit.answer));
}

double CircuitMaker::recorded(const MachineCircuit& circuit) const {
  const quantum::NoiseModel noise = noise_of(circuit);
  double sum = 0.0;
  for (const quantum::Outcome& outcome : noise.trivial() ? quantum::distribution(circuit.circuit, {}, {})
                                                         : quantum::noisy_distribution(circuit.circuit, {}, {}, noise))
    if (((outcome.bits >> circuit.answer) & 1U) != 0U) sum += outcome.probability;
  return std::clamp(sum, 0.0, 1.0);  // rounding may leave the interval by an ulp
}

std::string CircuitMaker::text(const MachineCircuit& circuit, const std::vector<std::string>& comments) const {
  if (!machine_.device) return quantum::write_qasm(circuit.circuit, circuit.qubits, circuit.bits, comments);
  quantum::Circuit placed(machine_.device->qubits.size(), circuit.circuit.bits());
  for (quantum::Operation operation : circuit.circuit.operations()) {
    for (std::size_t& qubit : operation.qubits) qubit = circuit.device_qubits[qubit];
    placed.add(std::move(operation));
  }
  return quantum::write_qasm(placed, {{"q", 0, placed.qubits()}}, circuit.bits, comments);
}

ClassicalBits classical_bits(const quantum::Circuit& network) {
  std::vector<std::size_t> turned(network.qubits(), 0);
  std::vector<std::size_t> links(network.qubits(), 0);
  std::vector<bool> classical(network.qubits(), true);
  for (const std::size_t qubit : network.amplitude_qubits()) classical[qubit] = false;
  for (const quantum::Operation& operation : network.operations()) {
    if (operation.kind == Kind::barrier || operation.kind == Kind::discard) continue;
    const bool link = operation.kind == Kind::gate && operation.gate == quantum::GateKind::cz;
    for (const std::size_t qubit : operation.qubits) {
      if (link)
        ++links[qubit];
      else if (turned[qubit]++ > 0 || links[qubit] > 0 || operation.kind != Kind::gate || operation.qubits.size() > 1)
        classical[qubit] = false;
    }
  }
  ClassicalBits found;
  for (std::size_t qubit = 0; qubit < network.qubits(); ++qubit) {
    if (!classical[qubit] || turned[qubit] == 0) continue;
    ++found.qubits;
    found.two_qubit_gates += links[qubit];
  }
  return found;
}

}  // namespace titrant::hardware
