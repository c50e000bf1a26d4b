#include "titrant/quantum/noisy_evaluator/noisy_evaluator.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "quantum/circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"

namespace titrant::quantum {
namespace {

NoiseModel full_noise() {
  return NoiseModel(UniformNoise{.one_qubit = 0.01, .two_qubit = 0.03, .readout = 0.02, .t1 = 20.0, .t2 = 13.0});
}

Circuit without_ccx(std::size_t qubits, std::uint64_t seed) {
  const Circuit circuit = circuits::random_circuit(qubits, 25, seed, {});
  Circuit result(circuit.qubits(), circuit.bits());
  if (!circuit.amplitude_qubits().empty()) result.amplitude_input(circuit.amplitude_qubits());
  for (const Operation& operation : circuit.operations())
    if (operation.kind != Operation::Kind::gate || operation.qubits.size() < 3) result.add(operation);
  return result;
}

double probability_of(const Circuit& circuit, std::size_t bit, const std::vector<double>& parameters,
                      const Input& input, const NoiseModel& noise) {
  double sum = 0.0;
  for (const Outcome& outcome : noisy_distribution(circuit, parameters, input, noise))
    if (((outcome.bits >> bit) & 1U) != 0U) sum += outcome.probability;
  return sum;
}

TEST(NoisyEvaluator, AgreesWithTheDensityMatrix) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const NoiseModel noise = seed % 4 == 0 ? NoiseModel() : full_noise();
    const Circuit circuit = without_ccx(3 + seed % 2, 1000 + seed);
    const circuits::Examples examples = circuits::random_examples(circuit, 3, seed);
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
    const std::vector<Input> inputs = examples.inputs();
    for (std::size_t bit = 3; bit < circuit.bits(); ++bit) {
      const NoisyEvaluator evaluator(circuit, bit, noise);
      std::vector<double> found(inputs.size());
      evaluator.probabilities(parameters, inputs, found);
      for (std::size_t i = 0; i < inputs.size(); ++i)
        EXPECT_NEAR(found[i], probability_of(circuit, bit, parameters, inputs[i], noise), 1e-12) << seed << " " << bit;
    }
  }
}

TEST(NoisyEvaluator, NetworkAgreesWithTheDensityMatrix) {
  const Circuit circuit = circuits::network(false);
  const circuits::Examples examples = circuits::random_examples(circuit, 2, 5);
  const std::vector<double> parameters = circuits::random_angles(45, 6);
  const std::vector<Input> inputs = examples.inputs();
  const NoiseModel noise = full_noise();
  const NoisyEvaluator evaluator(circuit, 4, noise);
  EXPECT_EQ(evaluator.parameters(), 45U);
  EXPECT_EQ(evaluator.occurrences(), 150U);
  std::vector<double> found(2);
  evaluator.probabilities(parameters, inputs, found);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(found[i], probability_of(circuit, 4, parameters, inputs[i], noise), 1e-12);
    const Eigen::MatrixXd form = evaluator.form(parameters, inputs[i].features);
    const Eigen::Map<const Eigen::VectorXd> a(inputs[i].amplitudes.data(), 64);
    EXPECT_NEAR(a.dot(form * a), found[i], 1e-13);
  }
}

// Central differences of step 1e-4 have errors of 1e-8 times the third derivative.
TEST(NoisyEvaluator, AdjointIsTheDerivative) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const NoiseModel noise = full_noise();
    const Circuit circuit = without_ccx(3, 2000 + seed);
    const circuits::Examples examples = circuits::random_examples(circuit, 2, seed);
    std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
    const std::vector<Input> inputs = examples.inputs();
    const NoisyEvaluator evaluator(circuit, circuit.bits() - 1, noise);
    const std::size_t count = evaluator.parameters();
    std::vector<double> probability(2);
    std::vector<double> gradient(2 * count);
    evaluator.adjoint(parameters, inputs, probability, gradient);
    std::vector<double> plus(2);
    std::vector<double> minus(2);
    for (std::size_t k = 0; k < count; ++k) {
      const double here = parameters[k];
      parameters[k] = here + 1e-4;
      evaluator.probabilities(parameters, inputs, plus);
      parameters[k] = here - 1e-4;
      evaluator.probabilities(parameters, inputs, minus);
      parameters[k] = here;
      for (std::size_t i = 0; i < 2; ++i)
        EXPECT_NEAR(gradient[i * count + k], (plus[i] - minus[i]) / 2e-4, 1e-6) << seed << " " << k;
    }
  }
}

// With many shots, shifted circuits estimate the derivative; every estimate has its own stream.
TEST(NoisyEvaluator, ShiftsWithShotsEstimateTheGradient) {
  const Circuit circuit = circuits::network(false);
  const circuits::Examples examples = circuits::random_examples(circuit, 2, 7);
  const std::vector<double> parameters = circuits::random_angles(45, 8);
  const std::vector<Input> inputs = examples.inputs();
  const NoisyEvaluator evaluator(circuit, 4, full_noise());
  std::vector<double> probability(2);
  std::vector<double> exact(90);
  std::vector<double> estimated(90);
  evaluator.adjoint(parameters, inputs, probability, exact);
  const Shots shots{100000000, 1, core::Purpose::training_shots};
  const std::vector<std::uint64_t> units = {3, 4};
  evaluator.parameter_shift(parameters, inputs, &shots, units, probability, estimated);
  // Each of up to 12 estimates of a parameter has a standard deviation of at most 0.5e-4.
  for (std::size_t k = 0; k < 90; ++k) EXPECT_NEAR(estimated[k], exact[k], 5.0 * 0.5e-4 * std::sqrt(3.0));
  std::vector<double> alone(45);
  std::vector<double> one(1);
  evaluator.parameter_shift(parameters, std::span(inputs).subspan(1), &shots, std::span(units).subspan(1), one, alone);
  for (std::size_t k = 0; k < 45; ++k) EXPECT_EQ(alone[k], estimated[45 + k]);
}

TEST(NoisyEvaluator, SharedShiftMovesAllOccurrences) {
  const Circuit circuit = circuits::network(false);
  const circuits::Examples examples = circuits::random_examples(circuit, 1, 9);
  std::vector<double> parameters = circuits::random_angles(45, 10);
  const std::vector<Input> inputs = examples.inputs();
  const NoiseModel noise = full_noise();
  const NoisyEvaluator evaluator(circuit, 4, noise);
  std::vector<double> probability(1);
  std::vector<double> gradient(45);
  evaluator.shared_shift(parameters, inputs, nullptr, {}, probability, gradient);
  for (const std::size_t k : {3U, 20U, 35U}) {
    parameters[k] += std::acos(0.0);
    const double plus = probability_of(circuit, 4, parameters, inputs[0], noise);
    parameters[k] -= 2.0 * std::acos(0.0);
    const double minus = probability_of(circuit, 4, parameters, inputs[0], noise);
    parameters[k] += std::acos(0.0);
    EXPECT_NEAR(gradient[k], 0.5 * (plus - minus), 1e-12);
  }
}

TEST(NoisyEvaluator, RefusesWhatItCannotCompile) {
  Circuit circuit(2, 2);
  circuit.measure(0, 0).measure(1, 1, {{0, true}});
  EXPECT_THROW(NoisyEvaluator(circuit, 0, full_noise()), ConfigError);
  Circuit silent(1, 2);
  silent.measure(0, 0);
  EXPECT_THROW(NoisyEvaluator(silent, 1, full_noise()), ConfigError);
  Circuit controlled(2, 1);
  controlled.gate(GateKind::h, {0}).gate(GateKind::crx, {0, 1}, {Angle::parameter(0)}).measure(1, 0);
  const NoisyEvaluator evaluator(controlled, 0, full_noise());
  std::vector<double> one(1);
  const std::vector<double> angle = {0.3};
  EXPECT_THROW(evaluator.parameter_shift(angle, std::vector<Input>(1), nullptr, {}, one, one), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
