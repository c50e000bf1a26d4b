#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "titrant/classifier/qcnn.hpp"
#include "titrant/quantum/device/compile_for_device.hpp"
#include "titrant/quantum/device/device.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/qasm/qasm.hpp"
#include "titrant/run/subject_circuit.hpp"

namespace titrant::hardware {

/// Where circuits run.
struct Machine {
  std::optional<quantum::Device> device = {};  ///< none: circuits as they are drawn, on qubits of any machine
  quantum::NoiseModel noise = {};              ///< of circuits as they are drawn
  std::uint64_t seed = 1;                      ///< of the layout search
  std::size_t layouts = 60;                    ///< that are tried
  run::Preparation preparation = run::Preparation::automatic;
};

/// A circuit ready for a machine.
struct MachineCircuit {
  quantum::Circuit circuit;                 ///< qubit k is device_qubits[k]
  std::vector<quantum::Register> bits;      ///< pooled, answer
  std::size_t answer = 0;                   ///< the classical bit
  std::vector<quantum::Register> qubits;    ///< names without a device
  std::vector<std::size_t> device_qubits;   ///< empty without a device
  std::vector<std::size_t> initial_layout;  ///< likewise
  std::vector<std::size_t> final_layout;    ///< likewise
};

/// Makes the circuits of one network for one machine. The layout is searched once, for one example; every other circuit
/// goes through the same single trial, so that circuits of the same gates between the same pairs get the same qubits
/// and the same swaps, and differ in angles alone.
class CircuitMaker {
 public:
  /// Throws ConfigError where the network does not fit on the device.
  CircuitMaker(const classifier::Qcnn& network, Machine machine, const classifier::Example& reference);

  MachineCircuit make(const classifier::Example& example) const;
  /// The circuit of a marker: the same measurements on the qubits of the reference, with `one` an X before that of the
  /// answer.
  MachineCircuit marker(bool one) const;

  const Machine& machine() const { return machine_; }
  const MachineCircuit& reference() const { return reference_; }
  /// Of a device: gates, duration, estimated probability of success.
  std::optional<quantum::CircuitSummary> summary(const MachineCircuit& circuit) const;
  /// How the qubit that is measured into the answer is misread.
  quantum::ReadoutError readout(const MachineCircuit& circuit) const;
  /// Exact probability that 1 is recorded as the answer, under the noise of the machine: of a device that of the gates
  /// and qubits of this circuit, records in its middle that are wrong included.
  double recorded(const MachineCircuit& circuit) const;
  /// OpenQASM 3; of a device on all of its qubits, the register q.
  std::string text(const MachineCircuit& circuit, const std::vector<std::string>& comments) const;

 private:
  quantum::NoiseModel noise_of(const MachineCircuit& circuit) const;

  const classifier::Qcnn& network_;
  Machine machine_;
  std::uint64_t layout_seed_ = 0;
  MachineCircuit reference_;
};

/// What drawing the auxiliary qubits that are classical bits (rotated once, then controls of CZ alone) before a circuit
/// would save.
struct ClassicalBits {
  std::size_t qubits = 0;
  std::size_t two_qubit_gates = 0;  ///< of the network as it is drawn
};
ClassicalBits classical_bits(const quantum::Circuit& network);

}  // namespace titrant::hardware
