#include "titrant/quantum/synthesis/basis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "quantum/circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {
namespace {

void expect_same(const Circuit& a, const Circuit& b) {
  std::map<std::uint64_t, double> expected;
  for (const Outcome& outcome : distribution(a, {}, {})) expected[outcome.bits] = outcome.probability;
  for (const Outcome& outcome : distribution(b, {}, {})) {
    EXPECT_NEAR(outcome.probability, expected[outcome.bits], 1e-10);
    expected.erase(outcome.bits);
  }
  for (const auto& [bits, probability] : expected) EXPECT_LT(probability, 1e-10) << bits;
}

Circuit random_circuit(std::uint64_t seed) {
  const Circuit circuit = circuits::random_circuit(4, 40, seed, {});
  Circuit plain(circuit.qubits(), circuit.bits());
  for (const Operation& operation : circuit.operations()) plain.add(operation);
  const std::vector<double> parameters = circuits::random_angles(plain.parameters(), seed);
  return bind_angles(plain, parameters, std::vector<double>{0.4, -1.3});
}

// Measurements in the middle, conditions and resets included.
TEST(Basis, TranslatedCircuitsHaveTheSameOutcomes) {
  for (std::uint64_t seed = 40; seed < 80; ++seed) {
    const Circuit circuit = random_circuit(seed);
    const Circuit merged = merge_two_qubit_blocks(circuit);
    for (const Operation& operation : merged.operations()) {
      if (operation.kind == Operation::Kind::gate) {
        EXPECT_TRUE(operation.gate == GateKind::u || operation.gate == GateKind::cx);
      }
    }
    expect_same(circuit, merged);
    const Circuit native =
        to_native(merged, [](std::size_t a, std::size_t b) { return (a + b) % 2 == 0 ? a < b : a > b; });
    for (const Operation& operation : native.operations()) {
      if (operation.kind != Operation::Kind::gate) continue;
      const GateKind gate = operation.gate;
      EXPECT_TRUE(gate == GateKind::ecr || gate == GateKind::rz || gate == GateKind::sx || gate == GateKind::x);
      if (gate == GateKind::ecr) {
        const std::size_t a = operation.qubits[0];
        const std::size_t b = operation.qubits[1];
        EXPECT_TRUE((a + b) % 2 == 0 ? a < b : a > b);
      }
    }
    expect_same(circuit, native);
  }
}

// A general gate on two qubits is written with nine rotations; as a block it needs three cx, with a swap after it too.
TEST(Basis, BlocksHaveTheLeastNumberOfCx) {
  Circuit circuit(2, 2);
  circuits::convolve(circuit, 0, 1, 0);
  const std::vector<double> angles = circuits::random_angles(15, 3);
  Circuit bound = bind_angles(circuit, angles, {});
  const auto count = [](const Circuit& of) {
    int cx = 0;
    for (const Operation& operation : of.operations()) cx += operation.qubits.size() == 2 ? 1 : 0;
    return cx;
  };
  EXPECT_EQ(count(merge_two_qubit_blocks(bound)), 3);
  bound.gate(GateKind::swap, {1, 0}).gate(GateKind::cz, {0, 1});
  EXPECT_EQ(count(merge_two_qubit_blocks(bound)), 3);
  bound.barrier({1}).gate(GateKind::cz, {0, 1});
  EXPECT_EQ(count(merge_two_qubit_blocks(bound)), 4);
}

TEST(Basis, RefusesWhatItCannotTranslate) {
  Circuit free(2, 0);
  free.gate(GateKind::rx, {0}, {Angle::parameter(0)});
  EXPECT_THROW(merge_two_qubit_blocks(free), ConfigError);
  Circuit input(1, 0);
  input.amplitude_input({0});
  EXPECT_THROW(merge_two_qubit_blocks(input), ConfigError);
  Circuit coupled(2, 0);
  coupled.gate(GateKind::cx, {0, 1});
  EXPECT_THROW(to_native(coupled, [](std::size_t, std::size_t) { return false; }), ConfigError);
  Circuit foreign(2, 0);
  foreign.gate(GateKind::cz, {0, 1});
  EXPECT_THROW(to_native(foreign, [](std::size_t, std::size_t) { return true; }), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
