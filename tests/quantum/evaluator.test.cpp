#include "titrant/quantum/evaluator.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "circuits.hpp"
#include "dense.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

using titrant::quantum::Angle;
using titrant::quantum::Circuit;
using titrant::quantum::Evaluator;
using titrant::quantum::GateKind;
using titrant::quantum::Input;
using titrant::quantum::Outcome;

namespace {

// Some hundred operations in double precision.
constexpr double rounding = 1e-13;

std::vector<double> exact(const Circuit& circuit, std::size_t bit, const std::vector<double>& parameters,
                          const std::vector<Input>& inputs) {
  std::vector<double> p(inputs.size());
  Evaluator(circuit, bit).probabilities(parameters, inputs, p);
  return p;
}

double by_branches(const Circuit& circuit, std::size_t bit, const std::vector<double>& parameters, const Input& input) {
  double sum = 0.0;
  for (const Outcome& outcome : titrant::quantum::distribution(circuit, parameters, input))
    if (((outcome.bits >> bit) & 1U) != 0) sum += outcome.probability;
  return sum;
}

}  // namespace

TEST(Evaluator, AgreesWithDenseMatricesOnRandomCircuits) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::size_t qubits = 2 + seed % 3;
    const Circuit circuit = circuits::random_circuit(qubits, 25, seed, {});
    const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
    const circuits::Examples examples = circuits::random_examples(circuit, 3, seed);
    const std::vector<Input> inputs = examples.inputs();
    for (const std::size_t bit : {3 + seed % qubits, std::size_t{3}}) {
      const std::vector<double> p = exact(circuit, bit, parameters, inputs);
      for (std::size_t k = 0; k < inputs.size(); ++k)
        EXPECT_NEAR(p[k], dense::probability_of_one(circuit, parameters, inputs[k], bit), rounding) << "seed " << seed;
    }
  }
}

TEST(Evaluator, AgreesWithTheBranchesOfTheNetwork) {
  for (const bool fine : {false, true}) {
    const Circuit circuit = circuits::network(fine);
    const std::vector<double> parameters = circuits::random_angles(45, 7);
    const circuits::Examples examples = circuits::random_examples(circuit, 2, 8);
    const std::vector<Input> inputs = examples.inputs();
    ASSERT_EQ(circuit.parameters(), 45U);
    const std::vector<double> p = exact(circuit, 4, parameters, inputs);
    for (std::size_t k = 0; k < inputs.size(); ++k)
      EXPECT_NEAR(p[k], by_branches(circuit, 4, parameters, inputs[k]), rounding);
  }
}

TEST(Evaluator, CountsEachUseOfASharedParameter) {
  EXPECT_EQ(Evaluator(circuits::network(false), 4).occurrences(), 150U);
  EXPECT_EQ(Evaluator(circuits::network(false), 4).parameters(), 45U);
}

// Six blocks of which sectors share what comes before they part: applied 1 + 2 + 2 + 4 + 4 + 4 = 17 times to 16 groups
// of 4 amplitudes, the first to real ones; then 8 groups of 8 amplitudes give 64 moments, and these P(1), in 4 sectors.
TEST(Evaluator, CountsTheOperationsOfTheNetwork) {
  const double complex_row = 4 * 8 - 2;
  const double real_row = 4 * 4 - 2;
  const double readout = 8 * 4 * 64 + 2 * 64;
  EXPECT_EQ(Evaluator(circuits::network(false), 4).operations(), 16 * 4 * (16 * complex_row + real_row) + 4 * readout);
}

// Closed forms that a wrong order of qubits, sign of a rotation or polarity of a condition would change.
TEST(Evaluator, AmplitudesAreMostSignificantFirst) {
  Circuit circuit(2, 2);
  circuit.amplitude_input({0, 1}).measure(0, 0).measure(1, 1);
  const std::vector<double> amplitudes = {0.0, 0.6, 0.8, 0.0};  // 0.6 |01> + 0.8 |10>
  const std::vector<Input> inputs = {{amplitudes, {}}};
  EXPECT_NEAR(exact(circuit, 0, {}, inputs)[0], 0.64, rounding);
  EXPECT_NEAR(exact(circuit, 1, {}, inputs)[0], 0.36, rounding);
}

TEST(Evaluator, RotationsTurnTheRightWay) {
  // ry(t) |0> = cos(t/2) |0> + sin(t/2) |1>; then ry(pi/2) gives P(1) = (1 + sin t) / 2, and rz(t) on |+> followed by
  // rx(pi/2) gives (1 - sin t) / 2.
  const double t = 0.7;
  Circuit y(1, 1);
  y.gate(GateKind::ry, {0}, {Angle::parameter(0)}).gate(GateKind::ry, {0}, {Angle::constant(std::numbers::pi / 2)});
  y.measure(0, 0);
  const std::vector<Input> inputs = {{{}, {}}};
  EXPECT_NEAR(exact(y, 0, {t}, inputs)[0], (1.0 + std::sin(t)) / 2.0, rounding);
  Circuit z(1, 1);
  z.gate(GateKind::h, {0}).gate(GateKind::rz, {0}, {Angle::parameter(0)});
  z.gate(GateKind::rx, {0}, {Angle::constant(std::numbers::pi / 2)}).measure(0, 0);
  EXPECT_NEAR(exact(z, 0, {t}, inputs)[0], (1.0 - std::sin(t)) / 2.0, rounding);
}

TEST(Evaluator, ConditionsHoldOnTheirValue) {
  for (const bool value : {false, true}) {
    Circuit circuit(2, 2);
    circuit.gate(GateKind::ry, {0}, {Angle::feature(0)}).measure(0, 0);
    circuit.gate(GateKind::x, {1}, {}, {{0, value}}).measure(1, 1);
    const std::vector<double> features = {0.9};
    const std::vector<Input> inputs = {{{}, features}};
    const double one = std::pow(std::sin(0.45), 2);
    EXPECT_NEAR(exact(circuit, 1, {}, inputs)[0], value ? one : 1.0 - one, rounding);
  }
}

// A diagonal gate leaves the outcome of its qubit as it is, and may be conditioned on it.
TEST(Evaluator, ConditionOnTheGatesOwnQubit) {
  for (const bool value : {false, true}) {
    Circuit circuit(2, 2);
    circuit.gate(GateKind::h, {0}).gate(GateKind::h, {1}).measure(0, 0);
    circuit.gate(GateKind::rzz, {0, 1}, {Angle::parameter(0)}, {{0, value}});
    circuit.gate(GateKind::h, {1}).measure(1, 1);
    const std::vector<Input> inputs = {{{}, {}}};
    EXPECT_NEAR(exact(circuit, 1, {0.9}, inputs)[0], 0.5 * std::pow(std::sin(0.45), 2), rounding);
  }
}

TEST(Evaluator, ResetsAndOverwrittenBits) {
  Circuit circuit(2, 1);
  circuit.gate(GateKind::ry, {0}, {Angle::constant(1.0)}).gate(GateKind::cx, {0, 1}).measure(0, 0);
  circuit.gate(GateKind::x, {0}, {}, {{0, true}});  // active reset
  circuit.measure(0, 0);
  const std::vector<Input> inputs = {{{}, {}}};
  EXPECT_NEAR(exact(circuit, 0, {}, inputs)[0], 0.0, rounding);
  circuit.reset(1).gate(GateKind::x, {1}).measure(1, 0);
  EXPECT_NEAR(exact(circuit, 0, {}, inputs)[0], 1.0, rounding);
}

TEST(Evaluator, RefusesWhatItCannotEvaluate) {
  Circuit circuit(1, 2);
  circuit.gate(GateKind::h, {0}).measure(0, 0);
  EXPECT_THROW(Evaluator(circuit, 1), titrant::ConfigError);
  EXPECT_THROW(Evaluator(circuit, 2), titrant::ConfigError);
  const Evaluator evaluator(circuits::network(false), 4);
  const std::vector<double> parameters(45, 0.1);
  std::vector<double> p(1);
  const std::vector<double> amplitudes(32, 1.0 / std::sqrt(32.0));
  const std::vector<double> features(2, 0.0);
  EXPECT_THROW(evaluator.probabilities(parameters, std::vector<Input>{{amplitudes, features}}, p),
               titrant::ConfigError);
  Circuit wide(17, 1);
  for (std::size_t q = 0; q < 17; ++q) wide.gate(GateKind::ry, {q}, {Angle::parameter(q)});
  for (std::size_t q = 0; q < 16; ++q) wide.gate(GateKind::rxx, {q, q + 1}, {Angle::parameter(q)});
  wide.measure(16, 0);
  EXPECT_THROW(Evaluator(wide, 0), titrant::ConfigError);
}

TEST(Evaluator, AnExampleHasTheSameBitsInAnyBatch) {
  const Circuit circuit = circuits::network(false);
  const Evaluator evaluator(circuit, 4);
  const std::vector<double> parameters = circuits::random_angles(45, 1);
  const circuits::Examples examples = circuits::random_examples(circuit, 21, 2);
  const std::vector<Input> inputs = examples.inputs();
  std::vector<double> together(inputs.size());
  std::vector<double> gradients(inputs.size() * 45);
  evaluator.adjoint(parameters, inputs, together, gradients);
  std::vector<double> forward(inputs.size());
  evaluator.probabilities(parameters, inputs, forward);
  EXPECT_EQ(forward, together);
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    std::vector<double> alone(1);
    std::vector<double> gradient(45);
    evaluator.adjoint(parameters, std::span(inputs).subspan(k, 1), alone, gradient);
    EXPECT_EQ(alone[0], together[k]);
    EXPECT_EQ(gradient, std::vector<double>(gradients.begin() + static_cast<std::ptrdiff_t>(45 * k),
                                            gradients.begin() + static_cast<std::ptrdiff_t>(45 * k + 45)));
  }
}
