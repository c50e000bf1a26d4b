#include "titrant/quantum/branches.hpp"

#include <gtest/gtest.h>

#include "circuits.hpp"
#include "dense.hpp"
#include "titrant/core/error.hpp"

using titrant::quantum::Angle;
using titrant::quantum::bit_string;
using titrant::quantum::Branch;
using titrant::quantum::Circuit;
using titrant::quantum::distribution;
using titrant::quantum::GateKind;
using titrant::quantum::Operation;
using titrant::quantum::Outcome;

TEST(Branches, DistributionAgreesWithDenseMatrices) {
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

TEST(Branches, ImpossibleOutcomesAreLeftOut) {
  Circuit circuit(2, 2);
  circuit.gate(GateKind::h, {0}).gate(GateKind::cx, {0, 1}).measure(0, 0).measure(1, 1);
  const std::vector<Outcome> outcomes = distribution(circuit, {}, {});
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(bit_string(outcomes[0].bits, 2), "00");
  EXPECT_EQ(bit_string(outcomes[1].bits, 2), "11");
  EXPECT_NEAR(outcomes[1].probability, 0.5, 1e-15);
}

// Teleportation: whatever is measured, the last qubit ends in the state that the first one had.
TEST(Branches, FeedbackTeleportsAState) {
  Circuit circuit(3, 2);
  circuit.gate(GateKind::u, {0}, {Angle::constant(1.1), Angle::constant(0.4), Angle::constant(0.0)});
  circuit.gate(GateKind::h, {1}).gate(GateKind::cx, {1, 2});
  circuit.gate(GateKind::cx, {0, 1}).gate(GateKind::h, {0}).measure(0, 0).measure(1, 1);
  circuit.gate(GateKind::x, {2}, {}, {{1, true}});
  circuit.gate(GateKind::z, {2}, {}, {{0, true}});
  int branches = 0;
  titrant::quantum::visit_branches(circuit, {}, {}, [&branches](const Branch& branch) {
    ++branches;
    EXPECT_NEAR(branch.probability, 0.25, 1e-15);
    // Amplitudes of qubit 2 given the outcomes of qubits 0 (bit 0) and 1 (bit 1).
    const std::size_t base = ((branch.bits & 1U) << 2U) | (branch.bits & 2U);
    const std::complex<double> ratio = branch.state.amplitudes()[base + 1] / branch.state.amplitudes()[base];
    EXPECT_LT(std::abs(ratio - std::polar(std::tan(0.55), 0.4)), 1e-14);
  });
  EXPECT_EQ(branches, 4);
}

TEST(Branches, BitsAreShownHighestFirst) {
  EXPECT_EQ(bit_string(0b0110, 4), "0110");
  EXPECT_EQ(bit_string(1, 3), "001");
}

TEST(Branches, RefusesInputThatDoesNotFit) {
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
