#include "titrant/quantum/device/compile_for_device.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "quantum/circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/synthesis/state_preparation.hpp"

namespace titrant::quantum {
namespace {

/// A ring of twelve with two tails, as in a heavy-hex lattice; directions and errors differ.
Device ring(double error = 0.005) {
  Device device;
  device.name = "ring";
  Device::Qubit qubit{200.0, 150.0, 0.01, 0.02, 1000.0, 2e-4, 2e-4, 50.0, 1100.0};
  device.qubits.assign(14, qubit);
  for (std::size_t k = 0; k < 12; ++k) {
    const std::size_t next = (k + 1) % 12;
    device.edges.push_back(
        {k % 2 == 0 ? k : next, k % 2 == 0 ? next : k, error * (1.0 + 0.1 * static_cast<double>(k)), 500.0, false});
  }
  device.edges.push_back({0, 12, error, 500.0, false});
  device.edges.push_back({13, 6, error, 500.0, false});
  return device;
}

Circuit plain(std::uint64_t seed, std::size_t qubits) {
  const Circuit circuit = circuits::random_circuit(qubits, 40, seed, {});
  Circuit without(circuit.qubits(), circuit.bits());
  for (const Operation& operation : circuit.operations()) without.add(operation);
  return bind_angles(without, circuits::random_angles(without.parameters(), seed), std::vector<double>{0.7, -0.4});
}

/// Native gates along live couplings in their direction; `summarise` throws for others.
void expect_native(const RoutedCircuit& routed, const Device& device) {
  const CircuitSummary summary = summarise(routed.circuit, device.subset(routed.device_qubits));
  EXPECT_GT(summary.success_probability, 0.0);
  EXPECT_LE(summary.success_probability, 1.0);
}

TEST(CompileForDevice, KeepsOutcomesOfRandomCircuits) {
  const Device device = ring();
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Circuit circuit = plain(60 + seed, 3 + seed % 4);
    const RoutedCircuit routed = compile_for_device(circuit, device, seed, {4});
    expect_native(routed, device);
    EXPECT_LT(largest_difference(circuit, routed.circuit), 1e-9) << seed;
  }
}

Circuit prepared_network() {
  const Circuit network = circuits::network(false);
  const circuits::Examples examples = circuits::random_examples(network, 1, 3);
  const Input input = examples.inputs()[0];
  const Circuit bound = bind_angles(network, circuits::random_angles(45, 3), input.features);
  Circuit whole(bound.qubits(), bound.bits());
  for (Operation& operation : prepare_state(input.amplitudes, bound.amplitude_qubits()))
    whole.add(std::move(operation));
  for (const Operation& operation : bound.operations()) whole.add(operation);
  return whole;
}

TEST(CompileForDevice, KeepsOutcomesOfTheNetwork) {
  const Device device = ring();
  const Circuit network = prepared_network();
  const RoutedCircuit routed = compile_for_device(network, device, 1);
  EXPECT_LT(largest_difference(network, routed.circuit), 1e-9);
  expect_native(routed, device);
  EXPECT_EQ(routed.initial_layout.size(), network.qubits());
}

TEST(CompileForDevice, KeepsOffDeadAndBadCouplings) {
  Device device = ring();
  device.edges[3].dead = true;
  device.edges[3].error = 1.0;
  const Circuit network = prepared_network();
  EXPECT_LT(largest_difference(network, compile_for_device(network, device, 1, {6}).circuit), 1e-9);

  // Of two halves of a device, the better one is taken.
  Device halves;
  halves.name = "halves";
  for (const double error : {0.05, 0.001}) {
    const Device half = ring(error);
    const std::size_t first = halves.qubits.size();
    halves.qubits.insert(halves.qubits.end(), half.qubits.begin(), half.qubits.end());
    for (Device::Edge edge : half.edges) {
      edge.control += first;
      edge.target += first;
      halves.edges.push_back(edge);
    }
  }
  for (const std::size_t qubit : compile_for_device(network, halves, 1, {12}).device_qubits) EXPECT_GE(qubit, 14U);
}

TEST(CompileForDevice, KeepsOffQubitsThatAreLeftOut) {
  Device device = ring();
  for (const std::size_t qubit : {2, 12}) {
    device.qubits[qubit] = {};
    device.qubits[qubit].left_out = "no T1";
    for (Device::Edge& edge : device.edges) edge.dead = edge.dead || edge.control == qubit || edge.target == qubit;
  }
  const Circuit network = prepared_network();
  const RoutedCircuit routed = compile_for_device(network, device, 1, {6});
  EXPECT_LT(largest_difference(network, routed.circuit), 1e-9);
  for (const std::size_t qubit : routed.device_qubits) EXPECT_TRUE(device.qubits[qubit].usable()) << qubit;
  // A single qubit needs no coupling: it must not start on one of these either.
  Circuit one(1, 1);
  one.gate(GateKind::h, {0}).measure(0, 0);
  for (Device::Qubit& qubit : device.qubits) qubit.left_out = "no T1";
  device.qubits[7].left_out = "";
  EXPECT_EQ(compile_for_device(one, device, 1, {6}).device_qubits, std::vector<std::size_t>{7});
  EXPECT_THROW(compile_for_device(plain(1, 2), device, 1), ConfigError);
}

TEST(CompileForDevice, TheSameSeedGivesTheSameCircuit) {
  const Circuit circuit = plain(9, 5);
  const RoutedCircuit a = compile_for_device(circuit, ring(), 4, {5});
  const RoutedCircuit b = compile_for_device(circuit, ring(), 4, {5});
  EXPECT_EQ(a.device_qubits, b.device_qubits);
  EXPECT_EQ(a.circuit.operations().size(), b.circuit.operations().size());
}

TEST(CompileForDevice, RefusesWhatDoesNotFit) {
  EXPECT_THROW(compile_for_device(Circuit(20, 0), ring(), 1), ConfigError);
  Device apart = ring();
  apart.edges.clear();
  Circuit two(2, 1);
  two.gate(GateKind::cx, {0, 1}).measure(0, 0);
  EXPECT_THROW(compile_for_device(two, apart, 1), ConfigError);
}

// Durations and errors of three operations by hand.
TEST(Summary, AddsUp) {
  Device device = ring();
  const std::vector<std::size_t> two = {0, 1};
  const Device part = device.subset(two);
  Circuit circuit(2, 1);
  circuit.gate(GateKind::sx, {0}).gate(GateKind::rz, {0}, {Angle::constant(0.3)}).gate(GateKind::ecr, {0, 1});
  circuit.measure(0, 0).gate(GateKind::x, {1}, {}, {{0, true}});
  const CircuitSummary summary = summarise(circuit, part);
  EXPECT_EQ(summary.two_qubit_gates, 1U);
  EXPECT_EQ(summary.depth, 4U);
  EXPECT_NEAR(summary.duration, 0.05 + 0.5 + 1.0 + 0.05, 1e-12);
  const double idle = average_gate_fidelity(thermal_relaxation(200.0, 150.0, 1.0));  // qubit 1 waits for the record
  EXPECT_NEAR(summary.success_probability, std::pow(1.0 - 2e-4, 2) * (1.0 - 0.005) * (1.0 - 0.015) * idle, 1e-12);
}

// The figures that count are those of the gates that a device has.
TEST(Summary, CountsTheGatesOfEachBasis) {
  Device device = ring();
  const std::vector<std::size_t> two = {0, 1};
  Device part = device.subset(two);
  part.pulses = PulseBasis::u1_u2_u3;
  part.edges[0].gate = GateKind::cz;
  part.edges[0].rzz = GateFigures{0.002, 90.0};
  for (Device::Qubit& qubit : part.qubits) {
    qubit.u2 = {1e-4, 40.0};
    qubit.u3 = {3e-4, 80.0};
  }
  const auto turn = [](double theta) { return std::vector<Angle>(3, Angle::constant(theta)); };
  Circuit circuit(2, 0);
  circuit.gate(GateKind::u, {0}, turn(std::numbers::pi / 2.0)).gate(GateKind::p, {0}, {Angle::constant(0.3)});
  circuit.gate(GateKind::cz, {1, 0})
      .gate(GateKind::rzz, {0, 1}, {Angle::constant(0.4)})
      .gate(GateKind::u, {0}, turn(1.0));
  const CircuitSummary summary = summarise(circuit, part);
  EXPECT_EQ(summary.depth, 4U);
  EXPECT_NEAR(summary.duration, 0.04 + 0.5 + 0.09 + 0.08, 1e-12);
  const double gates = (1.0 - 1e-4) * (1.0 - 0.005) * (1.0 - 0.002) * (1.0 - 3e-4);
  EXPECT_NEAR(summary.success_probability, gates, 1e-12);
  part.pulses = PulseBasis::rx_rz;
  EXPECT_THROW(summarise(circuit, part), ConfigError);
}

// The estimate is a product of fidelities; the noisy distribution's overlap with the ideal one is of its size.
TEST(Summary, IsOfTheSizeOfTheNoise) {
  const Device device = ring(0.01);
  Circuit circuit(3, 3);
  circuit.gate(GateKind::h, {0}).gate(GateKind::cx, {0, 1}).gate(GateKind::cx, {1, 2});
  for (std::size_t q = 0; q < 3; ++q) circuit.measure(q, q);
  const RoutedCircuit routed = compile_for_device(circuit, device, 2);
  const Device part = device.subset(routed.device_qubits);
  double right = 0.0;
  for (const Outcome& outcome : noisy_distribution(routed.circuit, {}, {}, NoiseModel(part)))
    if (outcome.bits == 0 || outcome.bits == 7) right += outcome.probability;
  const double estimate = summarise(routed.circuit, part).success_probability;
  EXPECT_GT(right, estimate - 0.01);
  EXPECT_LT(right, estimate + 0.05);
}

}  // namespace
}  // namespace titrant::quantum
