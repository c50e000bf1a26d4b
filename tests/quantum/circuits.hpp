#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/input.hpp"

/// Circuits and examples for tests: random ones, and the convolutional network that the kernels are made for.
namespace circuits {

using titrant::core::Purpose;
using titrant::core::Stream;
using titrant::quantum::Angle;
using titrant::quantum::Circuit;
using titrant::quantum::GateKind;
using titrant::quantum::Input;
using titrant::quantum::Operation;

/// Examples that own their numbers.
struct Examples {
  std::vector<std::vector<double>> amplitudes;
  std::vector<std::vector<double>> features;

  std::vector<Input> inputs() const {
    std::vector<Input> views;
    for (std::size_t k = 0; k < amplitudes.size(); ++k) views.push_back({amplitudes[k], features[k]});
    return views;
  }
};

inline std::vector<double> random_angles(std::size_t count, std::uint64_t seed) {
  Stream stream(seed, Purpose::test, 1);
  std::vector<double> angles(count);
  for (double& angle : angles) angle = stream.uniform(-4.0, 4.0);
  return angles;
}

inline Examples random_examples(const Circuit& circuit, std::size_t count, std::uint64_t seed) {
  Examples examples;
  for (std::size_t k = 0; k < count; ++k) {
    Stream stream(seed, Purpose::test, 2, static_cast<std::uint32_t>(k));
    const std::size_t qubits = circuit.amplitude_qubits().size();
    std::vector<double> amplitudes(qubits == 0 ? 0 : std::size_t{1} << qubits);
    double norm = 0.0;
    for (double& a : amplitudes) {
      a = stream.normal();
      norm += a * a;
    }
    for (double& a : amplitudes) a /= std::sqrt(norm);
    std::vector<double> features(circuit.features());
    for (double& f : features) f = stream.uniform(-3.0, 3.0);
    examples.amplitudes.push_back(amplitudes);
    examples.features.push_back(features);
  }
  return examples;
}

/// What random circuits may contain.
struct Ingredients {
  bool measurements = true;
  bool resets = true;
  bool controlled_rotations = true;  ///< crx, cry, crz with trained angles
  bool constants_only = false;
};

/// A circuit of every kind of operation, in which any bit may be asked for: all qubits are measured at the end.
inline Circuit random_circuit(std::size_t qubits, std::size_t operations, std::uint64_t seed, Ingredients use) {
  Stream stream(seed, Purpose::test, 3);
  const std::size_t bits = 3;
  Circuit circuit(qubits, bits + qubits);
  if (stream.below(2) == 0 && qubits > 2) circuit.amplitude_input({qubits - 1, 0});
  std::vector<bool> set(bits, false);
  const auto angle = [&](bool trained) {
    const std::uint64_t kind = use.constants_only ? 0 : stream.below(3);
    if (kind == 1 && trained) return Angle::parameter(stream.below(4));
    if (kind == 2) return Angle::feature(stream.below(2));
    return Angle::constant(stream.uniform(-3.0, 3.0));
  };
  for (std::size_t k = 0; k < operations; ++k) {
    const std::uint64_t kind = stream.below(10);
    if (kind == 0 && use.measurements) {
      const std::size_t bit = stream.below(bits);
      circuit.measure(stream.below(qubits), bit);
      set[bit] = true;
      continue;
    }
    if (kind == 1 && use.resets) {
      if (stream.below(3) == 0) circuit.reset(stream.below(qubits));
      continue;
    }
    const auto gate = static_cast<GateKind>(stream.below(27));
    const std::size_t count = titrant::quantum::gate_qubits(gate);
    if (count > qubits) continue;
    std::vector<std::size_t> on;
    while (on.size() < count) {
      const std::size_t q = stream.below(qubits);
      bool fresh = true;
      for (const std::size_t other : on) fresh = fresh && other != q;
      if (fresh) on.push_back(q);
    }
    const bool controlled = gate == GateKind::crx || gate == GateKind::cry || gate == GateKind::crz;
    std::vector<Angle> angles;
    while (angles.size() < titrant::quantum::gate_angles(gate))
      angles.push_back(angle(use.controlled_rotations || !controlled));
    Circuit::Conditions conditions;
    for (const std::size_t bit : {stream.below(bits), stream.below(bits)}) {
      const bool fresh = conditions.empty() || conditions[0].bit != bit;
      if (set[bit] && fresh && stream.below(2) == 0) conditions.push_back({bit, stream.below(2) == 0});
    }
    circuit.gate(gate, on, angles, conditions);
  }
  for (std::size_t q = 0; q < qubits; ++q) circuit.measure(q, bits + q);
  return circuit;
}

/// (U3 x U3) exp(-i/2 (a XX + b YY + c ZZ)) (U3 x U3) with U3 = Rz Ry Rz: 15 parameters from `first` on.
inline void convolve(Circuit& circuit, std::size_t a, std::size_t b, std::size_t first) {
  const auto local = [&](std::size_t qubit) {
    circuit.gate(GateKind::rz, {qubit}, {Angle::parameter(first++)});
    circuit.gate(GateKind::ry, {qubit}, {Angle::parameter(first++)});
    circuit.gate(GateKind::rz, {qubit}, {Angle::parameter(first++)});
  };
  local(a);
  local(b);
  circuit.gate(GateKind::rxx, {a, b}, {Angle::parameter(first++)});
  circuit.gate(GateKind::ryy, {a, b}, {Angle::parameter(first++)});
  circuit.gate(GateKind::rzz, {a, b}, {Angle::parameter(first++)});
  local(a);
  local(b);
}

/// The network of 45 parameters on six data qubits (0 .. 5) and two feature qubits (6, 7); with `fine`, a seventh data
/// qubit (8) that is measured in the X basis at once. Result: bit 4.
inline Circuit network(bool fine) {
  Circuit circuit(fine ? 9 : 8, 6);
  const std::size_t f0 = 6;
  const std::size_t f1 = 7;
  if (fine) {
    circuit.amplitude_input({0, 1, 2, 3, 4, 5, 8});
    circuit.gate(GateKind::h, {8}).measure(8, 5).discard(8);
  } else {
    circuit.amplitude_input({0, 1, 2, 3, 4, 5});
  }
  circuit.gate(GateKind::ry, {f0}, {Angle::feature(0)});
  circuit.gate(GateKind::ry, {f1}, {Angle::feature(1)});
  circuit.gate(GateKind::cz, {f0, 0}).gate(GateKind::cz, {f1, 2});
  convolve(circuit, 0, 1, 0);
  convolve(circuit, 2, 3, 0);
  convolve(circuit, 4, 5, 0);
  convolve(circuit, 1, 2, 0);
  convolve(circuit, 3, 4, 0);
  convolve(circuit, 5, 0, 0);
  for (std::size_t k = 0; k < 3; ++k) {
    circuit.measure(2 * k + 1, k).discard(2 * k + 1);
    circuit.gate(GateKind::x, {2 * k}, {}, {{k, true}});
  }
  circuit.gate(GateKind::cz, {f0, 0}).gate(GateKind::cz, {f1, 4});
  convolve(circuit, 0, 2, 15);
  convolve(circuit, 2, 4, 15);
  convolve(circuit, 4, 0, 15);
  circuit.measure(2, 3).discard(2);
  circuit.gate(GateKind::x, {0}, {}, {{3, true}});
  circuit.gate(GateKind::cz, {f0, 0}).gate(GateKind::cz, {f1, 4});
  convolve(circuit, 0, 4, 30);
  circuit.measure(0, 4);
  return circuit;
}

/// The same circuit with occurrence `which` of a parameter (in circuit order, angles of a gate in theirs) moved by a
/// constant: the parameter is replaced by a new one at the end of the list.
inline Circuit with_own_parameter(const Circuit& circuit, std::size_t which, std::size_t own) {
  Circuit changed(circuit.qubits(), circuit.bits());
  if (!circuit.amplitude_qubits().empty()) changed.amplitude_input(circuit.amplitude_qubits());
  std::size_t occurrence = 0;
  for (const Operation& op : circuit.operations()) {
    std::vector<Angle> angles = op.angles;
    for (Angle& angle : angles) {
      if (angle.source == Angle::Source::parameter && occurrence++ == which) angle = Angle::parameter(own);
    }
    if (op.kind == Operation::Kind::gate) changed.gate(op.gate, op.qubits, angles, op.conditions);
    if (op.kind == Operation::Kind::measure) changed.measure(op.qubits[0], op.bit);
    if (op.kind == Operation::Kind::reset) changed.reset(op.qubits[0]);
    if (op.kind == Operation::Kind::discard) changed.discard(op.qubits[0]);
  }
  return changed;
}

}  // namespace circuits
