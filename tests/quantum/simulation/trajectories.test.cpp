#include "titrant/quantum/simulation/trajectories.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <map>

#include "quantum/circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"

namespace titrant::quantum {
namespace {

constexpr std::uint64_t trajectory_seed = 3;

/// p of Pearson's test; outcomes expected less than 8 times are pooled.
double chi_square_p(const std::vector<Outcome>& expected, const std::vector<Count>& counts, std::uint64_t shots) {
  std::map<std::uint64_t, double> found;
  for (const Count& count : counts) found[count.bits] = static_cast<double>(count.count);
  double statistic = 0.0;
  double rare_expected = 0.0;
  auto rare_found = static_cast<double>(shots);
  int cells = 0;
  for (const Outcome& outcome : expected) {
    const double mean = outcome.probability * static_cast<double>(shots);
    if (mean < 8.0) {
      rare_expected += mean;
      continue;
    }
    statistic += std::pow(found[outcome.bits] - mean, 2) / mean;
    rare_found -= found[outcome.bits];
    ++cells;
  }
  if (rare_expected >= 1.0) {
    statistic += std::pow(rare_found - rare_expected, 2) / rare_expected;
    ++cells;
  } else {
    EXPECT_LE(rare_found, 8.0);
  }
  if (cells < 2) return 1.0;
  return boost::math::cdf(complement(boost::math::chi_squared(cells - 1), statistic));
}

std::uint64_t total(const std::vector<Count>& counts) {
  std::uint64_t sum = 0;
  for (const Count& count : counts) sum += count.count;
  return sum;
}

// 40 circuits: the smallest of 40 uniform p values is below 1e-4 with a chance of 0.4 %; seeds are fixed.
TEST(Trajectories, HaveTheDistributionOfTheCircuit) {
  constexpr std::uint64_t shots = 20000;
  for (std::uint64_t circuit_seed = 0; circuit_seed < 40; ++circuit_seed) {
    const Circuit circuit = circuits::random_circuit(4, 30, 900 + circuit_seed, {});
    const circuits::Examples examples = circuits::random_examples(circuit, 1, circuit_seed);
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), circuit_seed);
    const Input input = examples.inputs()[0];
    const std::vector<Count> counts =
        run_trajectories(circuit, parameters, input, nullptr, trajectory_seed, circuit_seed, {0, shots});
    EXPECT_EQ(total(counts), shots);
    EXPECT_GT(chi_square_p(distribution(circuit, parameters, input), counts, shots), 1e-4) << circuit_seed;
  }
}

Circuit without_ccx(std::uint64_t circuit_seed) {
  const Circuit circuit = circuits::random_circuit(3, 24, circuit_seed, {});
  Circuit result(circuit.qubits(), circuit.bits());
  if (!circuit.amplitude_qubits().empty()) result.amplitude_input(circuit.amplitude_qubits());
  for (const Operation& operation : circuit.operations())
    if (operation.kind != Operation::Kind::gate || operation.qubits.size() < 3) result.add(operation);
  return result;
}

// Strong noise makes every shot meet events, weak noise few; both with relaxation, whose events depend on the state.
TEST(Trajectories, HaveTheDistributionOfTheDensityMatrix) {
  constexpr std::uint64_t shots = 20000;
  for (std::uint64_t k = 0; k < 24; ++k) {
    UniformNoise uniform;
    uniform.one_qubit = k % 3 == 0 ? 0.3 : 0.01;
    uniform.two_qubit = k % 3 == 0 ? 0.5 : 0.03;
    uniform.readout = k % 2 == 0 ? 0.05 : 0.0;
    if (k % 4 < 2) {
      uniform.t1 = 3.0;
      uniform.t2 = k % 4 == 0 ? 1.5 : 6.0;
    }
    const NoiseModel noise(uniform);
    const Circuit circuit = without_ccx(300 + k);
    const circuits::Examples examples = circuits::random_examples(circuit, 1, k);
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), k);
    const Input input = examples.inputs()[0];
    const std::vector<Count> counts =
        run_trajectories(circuit, parameters, input, &noise, trajectory_seed, k, {0, shots});
    EXPECT_EQ(total(counts), shots);
    EXPECT_GT(chi_square_p(noisy_distribution(circuit, parameters, input, noise), counts, shots), 1e-4) << k;
  }
}

// Damping must shrink what nobody looks at, too: |+> relaxing for one T1 is found in |1> with exp(-1) / 2.
TEST(Trajectories, UsualOperatorOfDampingActs) {
  UniformNoise uniform;
  uniform.t1 = 0.05;
  uniform.one_qubit_duration = 50.0;
  const NoiseModel noise(uniform);
  Circuit circuit(1, 1);
  circuit.gate(GateKind::h, {0}).measure(0, 0);
  constexpr std::uint64_t shots = 200000;
  const std::vector<Count> counts = run_trajectories(circuit, {}, {}, &noise, trajectory_seed, 0, {0, shots});
  const double expected = 0.5 * std::exp(-1.0);
  EXPECT_NEAR(static_cast<double>(counts.at(1).count) / shots, expected, 5.0 * std::sqrt(expected / shots));
}

TEST(Trajectories, AnySplitOfTheShotsAddsToTheSameCounts) {
  const NoiseModel noise(UniformNoise{.one_qubit = 0.01, .two_qubit = 0.05, .readout = 0.02, .t1 = 20.0});
  const Circuit circuit = circuits::network(false);
  const circuits::Examples examples = circuits::random_examples(circuit, 1, 4);
  const std::vector<double> parameters = circuits::random_angles(45, 5);
  const Input input = examples.inputs()[0];
  std::map<std::uint64_t, std::uint64_t> whole;
  for (const Count& count : run_trajectories(circuit, parameters, input, &noise, trajectory_seed, 7, {0, 500}))
    whole[count.bits] = count.count;
  std::map<std::uint64_t, std::uint64_t> parts;
  for (const ShotRange range : {ShotRange{0, 1}, ShotRange{1, 99}, ShotRange{100, 250}, ShotRange{350, 150}}) {
    for (const Count& count : run_trajectories(circuit, parameters, input, &noise, trajectory_seed, 7, range))
      parts[count.bits] += count.count;
  }
  EXPECT_EQ(parts, whole);
}

// Which shots are run together decides which of them share a state, and must decide nothing else: rare and frequent
// events, events that depend on the state, feedback and resets.
TEST(Trajectories, AShotDoesNotDependOnItsCompany) {
  for (std::uint64_t k = 0; k < 12; ++k) {
    const double strength = k % 3 == 0 ? 0.4 : 0.05;
    const NoiseModel noise(UniformNoise{
        .one_qubit = strength, .two_qubit = strength, .readout = 0.02, .t1 = k % 2 == 0 ? 2.0 : 30.0, .t2 = 1.5});
    const Circuit circuit = without_ccx(700 + k);
    const circuits::Examples examples = circuits::random_examples(circuit, 1, k);
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), k);
    const Input input = examples.inputs()[0];
    std::map<std::uint64_t, std::uint64_t> together;
    for (const Count& count : run_trajectories(circuit, parameters, input, &noise, trajectory_seed, k, {0, 200}))
      together[count.bits] = count.count;
    std::map<std::uint64_t, std::uint64_t> alone;
    for (std::uint64_t shot = 0; shot < 200; ++shot)
      for (const Count& count : run_trajectories(circuit, parameters, input, &noise, trajectory_seed, k, {shot, 1}))
        alone[count.bits] += count.count;
    EXPECT_EQ(alone, together) << k;
  }
}

// Thousands of events in each shot: one after the other, not one inside of the other. Depolarised, the qubit is fair.
TEST(Trajectories, ManyEventsInAShotNeedNoDeepStack) {
  const NoiseModel noise(UniformNoise{.one_qubit = 0.2});
  Circuit circuit(1, 1);
  for (int k = 0; k < 20000; ++k) circuit.gate(GateKind::sx, {0});
  circuit.measure(0, 0);
  constexpr std::uint64_t shots = 64;
  const std::vector<Count> counts = run_trajectories(circuit, {}, {}, &noise, trajectory_seed, 0, {0, shots});
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_NEAR(static_cast<double>(counts[1].count), shots / 2.0, 5.0 * std::sqrt(shots / 4.0));
}

// No superposition anywhere, and more qubits than a state vector can have. A bit flip of qubit 0 is passed on to all.
TEST(Trajectories, QubitsOfKnownValueNeedNoAmplitudes) {
  constexpr std::size_t qubits = 60;
  Circuit circuit(qubits, qubits);
  circuit.gate(GateKind::x, {0});
  for (std::size_t q = 0; q + 1 < qubits; ++q) circuit.gate(GateKind::cx, {q, q + 1});
  for (std::size_t q = 0; q < qubits; ++q) circuit.measure(q, q);
  constexpr std::uint64_t ones = (std::uint64_t{1} << qubits) - 1;
  const std::vector<Count> exact = run_trajectories(circuit, {}, {}, nullptr, trajectory_seed, 0, {0, 10});
  ASSERT_EQ(exact.size(), 1U);
  EXPECT_EQ(exact[0].bits, ones);
  const NoiseModel noise(UniformNoise{.one_qubit = 0.4});
  constexpr std::uint64_t shots = 4000;
  const std::vector<Count> noisy = run_trajectories(circuit, {}, {}, &noise, trajectory_seed, 0, {0, shots});
  ASSERT_EQ(noisy.size(), 2U);
  EXPECT_EQ(noisy[0].bits, 0U);
  EXPECT_EQ(noisy[1].bits, ones);
  EXPECT_NEAR(static_cast<double>(noisy[0].count), 0.2 * shots, 5.0 * std::sqrt(0.2 * 0.8 * shots));
}

TEST(Trajectories, RefusesShotsWithoutANumber) {
  Circuit circuit(1, 1);
  circuit.measure(0, 0);
  EXPECT_THROW(run_trajectories(circuit, {}, {}, nullptr, trajectory_seed, 0, {std::uint64_t{1} << 32U, 1}),
               ConfigError);
  EXPECT_TRUE(run_trajectories(circuit, {}, {}, nullptr, trajectory_seed, 0, {5, 0}).empty());
}

}  // namespace
}  // namespace titrant::quantum
