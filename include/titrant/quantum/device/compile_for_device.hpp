#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/device/device.hpp"

namespace titrant::quantum {

/// A circuit in the gates of a device, on some of its qubits.
struct RoutedCircuit {
  Circuit circuit;                          ///< Device::native_gates, measure, reset; qubit k is device_qubits[k]
  std::vector<std::size_t> device_qubits;   ///< Device::subset of these is the circuit's own device
  std::vector<std::size_t> initial_layout;  ///< [qubit of the original] the device's qubit that it starts on
  std::vector<std::size_t> final_layout;    ///< and the one that it ends on
};

struct RoutingOptions {
  int trials = 60;  ///< routings tried; beside an embedding a quarter of them
};

/// Translates a circuit to a device. Where its blocks of gates on two qubits lie on couplings (paths, trees, rings), it
/// needs no swap: the placement with the smallest loss is searched, of the circuit as it is and with its values copied
/// to fresh qubits in other orders. Else, and to compare, swaps are put in (SABRE: Li, Ding and Xie 2019, ASPLOS,
/// arXiv:1809.02573, with the couplings' errors as distances), blocks are made again, so that a swap beside a gate on
/// its qubits costs nothing, and the whole is placed again. Then native gates; rzz, where calibrated, for blocks that
/// are better that way. The best estimated probability of success is kept. The same seed gives the same circuit on any
/// machine. Measurements in the middle and conditions are kept; dead couplings are not used.
///
/// \param bound  angles constant, without amplitude input
/// Throws ConfigError for a circuit that does not fit on the device.
RoutedCircuit compile_for_device(const Circuit& bound, const Device& device, std::uint64_t seed,
                                 const RoutingOptions& options = {});

/// What a circuit costs.
struct CircuitSummary {
  std::size_t two_qubit_gates = 0;
  std::size_t depth = 0;            ///< longest chain of pulses, measurements and resets (rz and p are none)
  std::size_t two_qubit_depth = 0;  ///< longest chain of gates on two qubits
  double duration = 0.0;            ///< us, everything as soon as possible; conditions wait for the record
  /// Product of 1 - error over gates and records, and of the average fidelity of relaxation while qubits wait.
  double success_probability = 1.0;
};

/// Of a circuit in native gates on a device of its own qubits. Throws ConfigError for gates that the device has not.
CircuitSummary summarise(const Circuit& circuit, const Device& device);

/// The largest difference between the probabilities of the classical bits of two circuits, by exact simulation.
double largest_difference(const Circuit& a, const Circuit& b);

}  // namespace titrant::quantum
