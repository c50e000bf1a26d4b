#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "dense_noise.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/device/device.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"

namespace titrant::quantum {
namespace {

// Rounding of some hundreds of operations on probabilities.
constexpr double distribution_rounding = 1e-13;

const UniformNoise everything{.one_qubit = 0.05, .two_qubit = 0.1, .readout = 0.07, .t1 = 3.0, .t2 = 4.0};

std::map<std::uint64_t, double> by_bits(const std::vector<Outcome>& outcomes) {
  std::map<std::uint64_t, double> result;
  for (const Outcome& outcome : outcomes) result[outcome.bits] = outcome.probability;
  EXPECT_EQ(result.size(), outcomes.size());
  return result;
}

TEST(NoisyDistribution, AgreesWithSumsOverKrausOperators) {
  const NoiseModel noise(everything);
  for (std::uint64_t seed = 700; seed < 740; ++seed) {
    const Circuit circuit = dense_noise::random_circuit(3, 30, seed);
    const circuits::Examples examples = circuits::random_examples(circuit, 1, seed);
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
    const Input input = examples.inputs()[0];
    std::map<std::uint64_t, double> expected = dense_noise::run(circuit, parameters, input, noise);
    const std::vector<Outcome> outcomes = noisy_distribution(circuit, parameters, input, noise);
    std::map<std::uint64_t, double> found = by_bits(outcomes);
    for (const auto& [bits, probability] : expected)
      EXPECT_NEAR(found[bits], probability, distribution_rounding) << "seed " << seed << " bits " << bits;
    double sum = 0.0;
    for (std::size_t k = 0; k < outcomes.size(); ++k) {
      sum += outcomes[k].probability;
      if (k > 0) {
        EXPECT_LT(outcomes[k - 1].bits, outcomes[k].bits);
      }
    }
    EXPECT_NEAR(sum, 1.0, distribution_rounding);
  }
}

TEST(NoisyDistribution, WithoutNoiseIsTheDistribution) {
  const Circuit circuit = circuits::network(true);
  const circuits::Examples examples = circuits::random_examples(circuit, 1, 5);
  const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), 5);
  const Input input = examples.inputs()[0];
  std::map<std::uint64_t, double> expected = by_bits(distribution(circuit, parameters, input));
  const std::map<std::uint64_t, double> found = by_bits(noisy_distribution(circuit, parameters, input, NoiseModel()));
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [bits, probability] : found) EXPECT_NEAR(probability, expected[bits], distribution_rounding) << bits;
}

TEST(NoisyDistribution, DepolarisedBellPair) {
  Circuit circuit(2, 2);
  circuit.gate(GateKind::h, {0}).gate(GateKind::cx, {0, 1}).measure(0, 0).measure(1, 1);
  std::map<std::uint64_t, double> found =
      by_bits(noisy_distribution(circuit, {}, {}, NoiseModel(UniformNoise{.two_qubit = 0.2})));
  EXPECT_NEAR(found[0], 0.8 / 2.0 + 0.2 / 4.0, distribution_rounding);
  EXPECT_NEAR(found[1], 0.2 / 4.0, distribution_rounding);
}

// A qubit in |1> is reset by a measurement and a conditional X. Where the record is wrong it stays in |1>, and a second
// reading tells; with a = P(1 | 0) and b = P(0 | 1).
TEST(NoisyDistribution, FeedbackActsOnTheRecord) {
  Device device;
  device.qubits.resize(1);
  device.qubits[0] = {.t1 = 1e12, .t2 = 1e12, .one_given_zero = 0.1, .zero_given_one = 0.3, .one_qubit_duration = 0.0};
  const NoiseModel noise(device);
  const double a = 0.1;
  const double b = 0.3;
  for (const bool excited : {false, true}) {
    Circuit circuit(1, 2);
    if (excited) circuit.gate(GateKind::x, {0});
    circuit.measure(0, 0).gate(GateKind::x, {0}, {}, {{0, true}}).measure(0, 1);
    std::map<std::uint64_t, double> found = by_bits(noisy_distribution(circuit, {}, {}, noise));
    if (excited) {
      EXPECT_NEAR(found[0b00], b * b, distribution_rounding);
      EXPECT_NEAR(found[0b10], b * (1 - b), distribution_rounding);
      EXPECT_NEAR(found[0b01], (1 - b) * (1 - a), distribution_rounding);
      EXPECT_NEAR(found[0b11], (1 - b) * a, distribution_rounding);
    } else {
      EXPECT_NEAR(found[0b00], (1 - a) * (1 - a), distribution_rounding);
      EXPECT_NEAR(found[0b10], (1 - a) * a, distribution_rounding);
      EXPECT_NEAR(found[0b01], a * b, distribution_rounding);
      EXPECT_NEAR(found[0b11], a * (1 - b), distribution_rounding);
    }
  }
}

// Sixty readings into one bit: a chain of two states.
TEST(NoisyDistribution, BitsMayBeOverwritten) {
  const double flip = 0.05;
  Circuit circuit(1, 1);
  double excited = 0.0;
  double recorded = 0.0;
  for (int k = 0; k < 60; ++k) {
    circuit.gate(GateKind::x, {0}).measure(0, 0);
    excited = 1.0 - excited;                        // X
    excited = (1.0 - 0.04) * excited + 0.04 / 2.0;  // depolarised
    recorded = excited * (1.0 - flip) + (1.0 - excited) * flip;
  }
  const std::vector<Outcome> found =
      noisy_distribution(circuit, {}, {}, NoiseModel(UniformNoise{.one_qubit = 0.04, .readout = flip}));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[1].probability, recorded, distribution_rounding);
}

// Forty random bits of which nothing is left in the end: 2^40 matrices if their values were told apart before.
TEST(NoisyDistribution, ForgetsBitsThatNobodyAsksFor) {
  Circuit circuit(2, 40);
  for (std::size_t bit = 0; bit < 40; ++bit) circuit.gate(GateKind::h, {0}).measure(0, bit);
  circuit.gate(GateKind::h, {1});
  for (std::size_t bit = 0; bit < 40; ++bit) circuit.measure(1, bit);
  const std::vector<Outcome> found = noisy_distribution(circuit, {}, {}, NoiseModel());
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].bits, 0U);
  EXPECT_EQ(found[1].bits, (std::uint64_t{1} << 40U) - 1);
  EXPECT_NEAR(found[1].probability, 0.5, distribution_rounding);
}

// Twenty qubits, of which never more than two are held: each hands its state to the next by a swap and leaves.
TEST(NoisyDistribution, HoldsQubitsOnlyWhileTheyMatter) {
  constexpr std::size_t n = 20;
  Circuit circuit(n, 1);
  circuit.gate(GateKind::x, {0});
  for (std::size_t q = 0; q + 1 < n; ++q) circuit.gate(GateKind::swap, {q, q + 1});
  circuit.measure(n - 1, 0);
  circuit.gate(GateKind::cx, {0, 5});  // after the last measurement: matters to nobody
  const std::vector<Outcome> found =
      noisy_distribution(circuit, {}, {}, NoiseModel(UniformNoise{.two_qubit = 0.01, .t1 = 20.0}));
  double excited = 1.0 * std::exp(-0.05 / 20.0);
  for (std::size_t q = 0; q + 1 < n; ++q) excited = (0.99 * excited + 0.01 / 2.0) * std::exp(-0.55 / 20.0);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[1].probability, excited, distribution_rounding);
}

TEST(NoisyDistribution, AResetQubitComesBackInTheGroundState) {
  Circuit circuit(2, 2);
  circuit.amplitude_input({1});
  circuit.gate(GateKind::h, {0}).gate(GateKind::cx, {0, 1}).measure(0, 0).reset(0).reset(1);
  circuit.gate(GateKind::x, {0}, {}, {{0, true}}).gate(GateKind::cx, {0, 1}).measure(1, 1);
  const std::vector<double> amplitudes = {0.6, 0.8};
  std::map<std::uint64_t, double> found = by_bits(noisy_distribution(circuit, {}, {amplitudes, {}}, NoiseModel()));
  EXPECT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0b00], 0.5, distribution_rounding);
  EXPECT_NEAR(found[0b11], 0.5, distribution_rounding);
}

TEST(NoisyDistribution, RefusesWhatDoesNotFit) {
  const NoiseModel noise(UniformNoise{.one_qubit = 0.1});
  const auto entangled = [](std::size_t n) {
    Circuit circuit(n, n);
    circuit.gate(GateKind::h, {0});
    for (std::size_t q = 0; q + 1 < n; ++q) circuit.gate(GateKind::cz, {q, q + 1});
    for (std::size_t q = 0; q < n; ++q) circuit.gate(GateKind::h, {q});
    return circuit;
  };
  Circuit wide = entangled(13);
  for (std::size_t q = 0; q < 13; ++q) wide.gate(GateKind::cz, {q, (q + 6) % 13});
  for (std::size_t q = 0; q < 13; ++q) wide.measure(q, q);
  EXPECT_THROW(noisy_distribution(wide, {}, {}, noise), ConfigError);
  EXPECT_THROW(noisy_distribution(Circuit(1, 65), {}, {}, noise), ConfigError);
  // What cannot be carried out is refused although no bit depends on it.
  Circuit unused(3, 1);
  unused.measure(0, 0).gate(GateKind::ccx, {0, 1, 2});
  EXPECT_THROW(noisy_distribution(unused, {}, {}, noise), ConfigError);
  Circuit angle(1, 1);
  angle.gate(GateKind::rx, {0}, {Angle::parameter(0)}).measure(0, 0);
  EXPECT_THROW(noisy_distribution(angle, {}, {}, noise), ConfigError);
  const std::vector<double> bad = {std::nan("")};
  EXPECT_THROW(noisy_distribution(angle, bad, {}, noise), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
