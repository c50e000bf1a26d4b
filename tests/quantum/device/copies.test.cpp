#include <gtest/gtest.h>

#include "quantum/circuits.hpp"
#include "quantum/device/lattices.hpp"
#include "titrant/quantum/device/compile_for_device.hpp"

/// \file
/// A value that is copied to several qubits may be copied on from each of them.

namespace titrant::quantum {
namespace {

using lattices::ghz;

Device row(std::size_t qubits, double error = 0.01) {
  Device device = lattices::device_of(qubits, lattices::path(qubits), 2);
  for (Device::Edge& edge : device.edges) edge.error = error;
  return device;
}

CircuitSummary compiled_on(const Circuit& circuit, const Device& device) {
  const RoutedCircuit routed = compile_for_device(circuit, device, 1, {4});
  EXPECT_LT(largest_difference(circuit, routed.circuit), 1e-9);
  return summarise(routed.circuit, device.subset(routed.device_qubits));
}

// A star on a row would need swaps; from the middle of the row both ends are reached at the same time.
TEST(Copies, AFanOutGrowsAlongARow) {
  for (const lattices::Links& links : {lattices::star(9), lattices::path(9)}) {
    const CircuitSummary summary = compiled_on(ghz(9, links), row(9));
    EXPECT_EQ(summary.two_qubit_gates, 8U);
    EXPECT_EQ(summary.two_qubit_depth, 5U);  // 4 and 4 from the middle, one after the other
  }
}

TEST(Copies, OfATreeOnARow) {
  EXPECT_EQ(compiled_on(ghz(8, {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}, {2, 6}, {3, 7}}), row(8)).two_qubit_gates, 7U);
}

// Whatever comes between copies: gates that keep a value, gates that do not, measurements, resets, barriers,
// conditions.
TEST(Copies, KeepOutcomes) {
  const Device device = row(6);
  using enum GateKind;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    circuits::Stream random(seed, circuits::Purpose::test, 9);
    Circuit circuit(5, 6);
    circuit.gate(ry, {0}, {Angle::constant(0.7)}).measure(4, 5);
    for (int step = 0; step < 12; ++step) {
      const std::size_t a = random.below(5);
      const std::size_t b = (a + 1 + random.below(4)) % 5;
      switch (random.below(9)) {
        case 0:
          circuit.gate(rz, {a}, {Angle::constant(0.4)});
          break;
        case 1:
          circuit.gate(ry, {a}, {Angle::constant(1.1)});
          break;
        case 2:
          circuit.gate(cz, {a, b});
          break;
        case 3:
          circuit.gate(cry, {a, b}, {Angle::constant(0.9)});
          break;
        case 4:
          circuit.reset(a);
          break;
        case 5:
          circuit.gate(x, {a}, {}, {{5, random.below(2) == 0}});
          break;
        case 6:
          circuit.measure(a, a).barrier({b});
          break;
        default:
          circuit.gate(cx, {a, b});
      }
    }
    for (std::size_t q = 0; q < 5; ++q) circuit.measure(q, q);
    const RoutedCircuit routed = compile_for_device(circuit, device, seed, {2});
    EXPECT_LT(largest_difference(circuit, routed.circuit), 1e-9) << seed;
  }
}

}  // namespace
}  // namespace titrant::quantum
