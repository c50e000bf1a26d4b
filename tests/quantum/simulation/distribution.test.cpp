#include "titrant/quantum/simulation/distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "quantum/circuits.hpp"
#include "quantum/dense.hpp"
#include "titrant/core/error.hpp"

using titrant::quantum::Angle;
using titrant::quantum::bit_string;
using titrant::quantum::Circuit;
using titrant::quantum::distribution;
using titrant::quantum::GateKind;
using titrant::quantum::Outcome;

TEST(Distribution, DistributionAgreesWithDenseMatrices) {
  for (std::uint64_t seed = 500; seed < 530; ++seed) {
    const Circuit circuit = circuits::random_circuit(3, 25, seed, {});
    const circuits::Examples examples = circuits::random_examples(circuit, 1, seed);
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
    std::map<std::uint64_t, double> expected = dense::run(circuit, parameters, examples.inputs()[0]);
    double total = 0.0;
    for (const Outcome& outcome : distribution(circuit, parameters, examples.inputs()[0])) {
      EXPECT_NEAR(outcome.probability, expected[outcome.bits], 1e-13) << "seed " << seed;
      total += outcome.probability;
    }
    EXPECT_NEAR(total, 1.0, 1e-13);
  }
}

TEST(Distribution, ImpossibleOutcomesAreLeftOut) {
  Circuit circuit(2, 2);
  circuit.gate(GateKind::h, {0}).gate(GateKind::cx, {0, 1}).measure(0, 0).measure(1, 1);
  const std::vector<Outcome> outcomes = distribution(circuit, {}, {});
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(bit_string(outcomes[0].bits, 2), "00");
  EXPECT_EQ(bit_string(outcomes[1].bits, 2), "11");
  EXPECT_NEAR(outcomes[1].probability, 0.5, 1e-15);
}

// Teleportation: whatever is measured, the last qubit ends in the state that the first one had.
TEST(Distribution, FeedbackTeleportsAState) {
  Circuit circuit(3, 3);
  circuit.gate(GateKind::u, {0}, {Angle::constant(1.1), Angle::constant(0.4), Angle::constant(0.0)});
  circuit.gate(GateKind::h, {1}).gate(GateKind::cx, {1, 2});
  circuit.gate(GateKind::cx, {0, 1}).gate(GateKind::h, {0}).measure(0, 0).measure(1, 1);
  circuit.gate(GateKind::x, {2}, {}, {{1, true}});
  circuit.gate(GateKind::z, {2}, {}, {{0, true}});
  // Undone on the last qubit, it is |0> in every case.
  circuit.gate(GateKind::u, {2}, {Angle::constant(-1.1), Angle::constant(0.0), Angle::constant(-0.4)}).measure(2, 2);
  const std::vector<Outcome> outcomes = distribution(circuit, {}, {});
  ASSERT_EQ(outcomes.size(), 4U);
  for (std::uint64_t k = 0; k < 4; ++k) {
    EXPECT_EQ(outcomes[k].bits, k);
    EXPECT_NEAR(outcomes[k].probability, 0.25, 1e-15);
  }
}

TEST(Distribution, BitsAreShownHighestFirst) {
  EXPECT_EQ(bit_string(0b0110, 4), "0110");
  EXPECT_EQ(bit_string(1, 3), "001");
}

// Conditional measurements and resets, bits read before they are overwritten, measurements of one qubit twice.
TEST(Distribution, ConditionalMeasurementsAndResets) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Circuit circuit = circuits::random_circuit(3, 12, 700 + seed, {});
    circuit.gate(GateKind::h, {0}).measure(0, 0).gate(GateKind::ry, {1}, {Angle::constant(0.3)});
    circuit.measure(1, 1, {{0, true}}).gate(GateKind::h, {1}).reset(2, {{1, false}, {0, true}});
    circuit.gate(GateKind::cx, {1, 2}, {}, {{0, false}}).measure(2, 1).measure(2, 2).measure(1, 0, {{2, true}});
    const circuits::Examples examples = circuits::random_examples(circuit, 1, seed);
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
    std::map<std::uint64_t, double> expected = dense::run(circuit, parameters, examples.inputs()[0]);
    for (const Outcome& outcome : distribution(circuit, parameters, examples.inputs()[0]))
      EXPECT_NEAR(outcome.probability, expected[outcome.bits], 1e-13) << "seed " << seed;
  }
}

// Sixteen qubits, each measured in the middle and used again: following all outcomes costs one state vector, as each
// measured qubit leaves it.
TEST(Distribution, ManyMeasurementsInTheMiddle) {
  constexpr std::size_t n = 16;
  Circuit circuit(n, n);
  for (std::size_t q = 0; q < n; ++q)
    circuit.gate(GateKind::ry, {q}, {Angle::constant(0.1 + 0.1 * static_cast<double>(q))});
  for (std::size_t q = 0; q + 1 < n; ++q) circuit.gate(GateKind::cx, {q, q + 1});
  for (std::size_t q = 0; q < n; ++q) circuit.measure(q, q).gate(GateKind::x, {q}, {}, {{q, true}});
  double total = 0.0;
  double odd = 0.0;  // parity of neighbours undoes the CX chain: bit q xor bit q - 1 is the qubit's own rotation
  for (const Outcome& outcome : distribution(circuit, {}, {})) {
    total += outcome.probability;
    if ((((outcome.bits >> 5U) ^ (outcome.bits >> 4U)) & 1U) != 0U) odd += outcome.probability;
  }
  EXPECT_NEAR(total, 1.0, 1e-12);
  EXPECT_NEAR(odd, std::pow(std::sin(0.3), 2), 1e-12);
}

// One qubit thrown forty times has too many outcomes to list.
TEST(Distribution, GivesUpInBoundedTime) {
  Circuit coins(1, 40);
  for (std::size_t k = 0; k < 40; ++k) coins.gate(GateKind::h, {0}).measure(0, k);
  EXPECT_THROW(distribution(coins, {}, {}), titrant::ConfigError);
}

TEST(Distribution, RefusesInputThatDoesNotFit) {
  Circuit circuit(2, 65);
  EXPECT_THROW(distribution(circuit, {}, {}), titrant::ConfigError);
  Circuit input(2, 1);
  input.amplitude_input({0, 1}).gate(GateKind::rx, {0}, {Angle::parameter(0)}).measure(0, 0);
  const std::vector<double> one = {0.1};
  const std::vector<double> amplitudes = {1.0, 0.0, 0.0, 0.0};
  const std::vector<double> too_long = {1.0, 1.0, 0.0, 0.0};
  EXPECT_EQ(distribution(input, one, {amplitudes, {}}).size(), 2U);
  EXPECT_THROW(distribution(input, {}, {amplitudes, {}}), titrant::ConfigError);
  EXPECT_THROW(distribution(input, one, {too_long, {}}), titrant::ConfigError);
  EXPECT_THROW(distribution(input, one, {}), titrant::ConfigError);
}
