#include <gtest/gtest.h>

#include <numbers>

#include "circuits.hpp"
#include "dense.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/evaluator.hpp"

using titrant::quantum::Angle;
using titrant::quantum::Circuit;
using titrant::quantum::Evaluator;
using titrant::quantum::GateKind;
using titrant::quantum::Input;
using titrant::quantum::Shots;

namespace {

constexpr double exact_rounding = 1e-12;  // two ways to the same number in double precision
constexpr double quarter_turn = std::numbers::pi / 2.0;

struct Result {
  std::vector<double> probability;
  std::vector<double> gradient;
};

Result adjoint(const Evaluator& evaluator, const std::vector<double>& parameters, const std::vector<Input>& inputs) {
  Result result{std::vector<double>(inputs.size()), std::vector<double>(inputs.size() * evaluator.parameters())};
  evaluator.adjoint(parameters, inputs, result.probability, result.gradient);
  return result;
}

Result parameter_shift(const Evaluator& evaluator, const std::vector<double>& parameters,
                       const std::vector<Input>& inputs, const Shots* shots = nullptr,
                       const std::vector<std::uint64_t>& units = {}) {
  Result result{std::vector<double>(inputs.size()), std::vector<double>(inputs.size() * evaluator.parameters())};
  evaluator.parameter_shift(parameters, inputs, shots, units, result.probability, result.gradient);
  return result;
}

/// A trained rotation where two outcomes are 1, so that its block has controls, and blocks around and behind it.
Circuit under_two_conditions() {
  Circuit circuit(6, 3);
  circuit.amplitude_input({0, 1, 2, 3, 4, 5});
  std::size_t parameter = 0;
  const auto next = [&parameter] { return std::vector<Angle>{Angle::parameter(parameter++)}; };
  for (std::size_t q = 0; q < 6; ++q) circuit.gate(GateKind::rxx, {q, (q + 1) % 6}, next());
  circuit.measure(1, 0).measure(2, 1);
  for (const GateKind kind : {GateKind::rz, GateKind::ry})
    circuit.gate(kind, {0}, next(), {{0, true}, {1, true}}).gate(kind, {3}, next(), {{0, false}, {1, true}});
  for (const std::size_t q : {std::size_t{3}, std::size_t{4}})
    circuit.gate(GateKind::ryy, {q, q + 1}, next()).gate(GateKind::rx, {q}, next());
  circuit.gate(GateKind::rzz, {0, 3}, next()).gate(GateKind::rx, {0}, next());
  circuit.gate(GateKind::rxx, {0, 5}, next()).gate(GateKind::ry, {0}, next());
  circuit.measure(0, 2);
  return circuit;
}

}  // namespace

// Central differences of a function with third derivatives of order 1: error about h^2 + 1e-16 / h.
TEST(Gradients, AdjointAgreesWithCentralDifferencesOfDenseMatrices) {
  const double h = 1e-5;
  int nonzero = 0;
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    const Circuit circuit = circuits::random_circuit(3, 22, seed, {});
    const circuits::Examples examples = circuits::random_examples(circuit, 2, seed);
    const std::vector<Input> inputs = examples.inputs();
    std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
    const Result result = adjoint(Evaluator(circuit, 3), parameters, inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      for (std::size_t k = 0; k < parameters.size(); ++k) {
        const double middle = parameters[k];
        parameters[k] = middle + h;
        const double plus = dense::probability_of_one(circuit, parameters, inputs[i], 3);
        parameters[k] = middle - h;
        const double minus = dense::probability_of_one(circuit, parameters, inputs[i], 3);
        parameters[k] = middle;
        const double gradient = result.gradient[i * parameters.size() + k];
        EXPECT_NEAR(gradient, (plus - minus) / (2.0 * h), 1e-9) << "seed " << seed << " parameter " << k;
        nonzero += std::abs(gradient) > 1e-3 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(nonzero, 50);
}

// Every shifted probability against a run of the circuit whose angle was in fact moved, and the parameter-shift
// gradient against half of their differences.
TEST(Gradients, ShiftedProbabilitiesAreThoseOfShiftedCircuits) {
  std::vector<std::pair<Circuit, std::size_t>> cases = {{circuits::network(false), 4}, {circuits::network(true), 4}};
  circuits::Ingredients use;
  use.controlled_rotations = false;
  for (std::uint64_t seed = 300; seed < 312; ++seed) {
    cases.emplace_back(circuits::random_circuit(4, 30, seed, use), 5);
    cases.emplace_back(circuits::random_circuit(6, 50, seed, use), 5);
  }
  cases.emplace_back(under_two_conditions(), 2);
  for (const auto& [circuit, bit] : cases) {
    const circuits::Examples examples = circuits::random_examples(circuit, 2, 5);
    const std::vector<Input> inputs = examples.inputs();
    const std::size_t own = circuit.parameters();
    const std::vector<double> parameters = circuits::random_angles(own, 6);
    const Evaluator evaluator(circuit, bit);
    std::vector<double> p(inputs.size());
    std::vector<double> shifted(inputs.size() * evaluator.occurrences() * 2);
    evaluator.shifted_probabilities(parameters, inputs, p, shifted);
    std::vector<double> gradient(inputs.size() * own, 0.0);
    for (std::size_t which = 0; which < evaluator.occurrences(); ++which) {
      const Circuit moved = circuits::with_own_parameter(circuit, which, own);
      std::vector<Angle> uses;
      for (const auto& op : circuit.operations())
        for (const Angle& angle : op.angles)
          if (angle.source == Angle::Source::parameter) uses.push_back(angle);
      for (const int sign : {+1, -1}) {
        std::vector<double> more = parameters;
        more.push_back(parameters[uses[which].index] + sign * quarter_turn);
        std::vector<double> expected(inputs.size());
        Evaluator(moved, bit).probabilities(more, inputs, expected);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
          EXPECT_NEAR(shifted[2 * (i * evaluator.occurrences() + which) + (sign > 0 ? 0 : 1)], expected[i],
                      exact_rounding);
          gradient[i * own + uses[which].index] += 0.5 * sign * expected[i];
        }
      }
    }
    const Result rule = parameter_shift(evaluator, parameters, inputs);
    for (std::size_t k = 0; k < gradient.size(); ++k) EXPECT_NEAR(rule.gradient[k], gradient[k], exact_rounding);
    EXPECT_EQ(rule.probability, p);
  }
}

TEST(Gradients, OfTheNetworkAgreeWithCentralDifferences) {
  const double h = 1e-5;
  for (const bool fine : {false, true}) {
    const Circuit circuit = circuits::network(fine);
    const Evaluator evaluator(circuit, 4);
    const circuits::Examples examples = circuits::random_examples(circuit, 3, 11);
    const std::vector<Input> inputs = examples.inputs();
    std::vector<double> parameters = circuits::random_angles(45, 12);
    const Result result = adjoint(evaluator, parameters, inputs);
    for (std::size_t k = 0; k < 45; ++k) {
      std::vector<double> plus(inputs.size());
      std::vector<double> minus(inputs.size());
      const double middle = parameters[k];
      parameters[k] = middle + h;
      evaluator.probabilities(parameters, inputs, plus);
      parameters[k] = middle - h;
      evaluator.probabilities(parameters, inputs, minus);
      parameters[k] = middle;
      for (std::size_t i = 0; i < inputs.size(); ++i)
        EXPECT_NEAR(result.gradient[i * 45 + k], (plus[i] - minus[i]) / (2.0 * h), 1e-9);
    }
  }
}

// Those after the last entangler on the qubit that is not measured, and the last Rz, cannot matter.
TEST(Gradients, FourParametersOfTheNetworkCannotMatter) {
  const Circuit circuit = circuits::network(false);
  const circuits::Examples examples = circuits::random_examples(circuit, 1, 21);
  const Result result = adjoint(Evaluator(circuit, 4), circuits::random_angles(45, 22), examples.inputs());
  std::vector<std::size_t> zero;
  for (std::size_t k = 0; k < 45; ++k)
    if (std::abs(result.gradient[k]) < 1e-14) zero.push_back(k);
  EXPECT_EQ(zero, (std::vector<std::size_t>{41, 42, 43, 44}));
}

TEST(Gradients, SharedShiftMovesAllUsesAtOnce) {
  const Circuit circuit = circuits::network(false);
  const Evaluator evaluator(circuit, 4);
  const circuits::Examples examples = circuits::random_examples(circuit, 2, 31);
  const std::vector<Input> inputs = examples.inputs();
  const std::vector<double> parameters = circuits::random_angles(45, 32);
  std::vector<double> p(2);
  std::vector<double> gradient(90);
  evaluator.shared_shift(parameters, inputs, nullptr, {}, p, gradient);
  for (const std::size_t k : {0U, 14U, 15U, 33U}) {
    std::vector<double> moved = parameters;
    moved[k] += quarter_turn;
    std::vector<double> plus(2);
    evaluator.probabilities(moved, inputs, plus);
    moved[k] -= 2.0 * quarter_turn;
    std::vector<double> minus(2);
    evaluator.probabilities(moved, inputs, minus);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(gradient[i * 45 + k], (plus[i] - minus[i]) / 2.0, exact_rounding);
  }
  // It is the gradient for parameters used once, and is not for those used six times.
  const Result truth = adjoint(evaluator, parameters, inputs);
  EXPECT_NEAR(gradient[33], truth.gradient[33], exact_rounding);
  EXPECT_GT(std::abs(gradient[4] - truth.gradient[4]), 1e-3);
}

// How far: the cosine between the two over initial parameters N(0, 0.3^2). A gradient would have 1.
TEST(Gradients, SharedShiftIsNotTheGradient) {
  const Circuit circuit = circuits::network(false);
  const Evaluator evaluator(circuit, 4);
  const circuits::Examples examples = circuits::random_examples(circuit, 40, 33);
  const std::vector<Input> inputs = examples.inputs();
  double mean = 0.0;
  const int repeats = 10;
  for (int r = 0; r < repeats; ++r) {
    titrant::core::Stream stream(34, titrant::core::Purpose::test, static_cast<std::uint64_t>(r));
    std::vector<double> parameters(45);
    for (double& parameter : parameters) parameter = 0.3 * stream.normal();
    const Result truth = adjoint(evaluator, parameters, inputs);
    std::vector<double> p(inputs.size());
    std::vector<double> shared(inputs.size() * 45);
    evaluator.shared_shift(parameters, inputs, nullptr, {}, p, shared);
    double both = 0.0;
    double true_square = 0.0;
    double shared_square = 0.0;
    for (std::size_t k = 0; k < shared.size(); ++k) {
      both += shared[k] * truth.gradient[k];
      true_square += truth.gradient[k] * truth.gradient[k];
      shared_square += shared[k] * shared[k];
    }
    mean += both / std::sqrt(true_square * shared_square) / repeats;
  }
  RecordProperty("cosine", std::to_string(mean));
  EXPECT_LT(mean, 0.8);
  EXPECT_GT(mean, 0.0);
}

TEST(Gradients, TwoShiftsAreRefusedForControlledRotations) {
  Circuit circuit(2, 1);
  circuit.gate(GateKind::h, {0}).gate(GateKind::crx, {0, 1}, {Angle::parameter(0)}).measure(1, 0);
  const Evaluator evaluator(circuit, 0);
  const std::vector<Input> inputs = {{{}, {}}};
  EXPECT_THROW(parameter_shift(evaluator, {0.3}, inputs), titrant::ConfigError);
  // P = sin^2(t / 2) / 2.
  EXPECT_NEAR(adjoint(evaluator, {0.3}, inputs).gradient[0], std::sin(0.3) / 4.0, exact_rounding);
}

TEST(Gradients, ShotsEstimateWithoutBias) {
  const Circuit circuit = circuits::network(false);
  const Evaluator evaluator(circuit, 4);
  const circuits::Examples examples = circuits::random_examples(circuit, 1, 41);
  const std::vector<Input> inputs = examples.inputs();
  const std::vector<double> parameters = circuits::random_angles(45, 42);
  const Result truth = parameter_shift(evaluator, parameters, inputs);
  Shots shots;
  shots.count = 100;
  shots.seed = 5;
  const int repeats = 400;
  std::vector<double> mean(45, 0.0);
  for (int r = 0; r < repeats; ++r) {
    const Result estimate = parameter_shift(evaluator, parameters, inputs, &shots, {static_cast<std::uint64_t>(r)});
    for (std::size_t k = 0; k < 45; ++k) mean[k] += estimate.gradient[k] / repeats;
  }
  // An estimate has a variance of at most uses * 2 * (1/4) * (1/4) / shots; five standard errors of the mean.
  for (std::size_t k = 0; k < 45; ++k) {
    const double uses = k < 15 ? 6.0 : (k < 30 ? 3.0 : 1.0);
    EXPECT_NEAR(mean[k], truth.gradient[k], 5.0 * std::sqrt(uses / 8.0 / shots.count / repeats)) << k;
  }
}

TEST(Gradients, ShotsFollowTheUnitAndNotTheBatch) {
  const Circuit circuit = circuits::network(false);
  const Evaluator evaluator(circuit, 4);
  const circuits::Examples examples = circuits::random_examples(circuit, 5, 51);
  const std::vector<Input> inputs = examples.inputs();
  const std::vector<double> parameters = circuits::random_angles(45, 52);
  Shots shots;
  const Result together = parameter_shift(evaluator, parameters, inputs, &shots, {9, 8, 7, 6, 5});
  const Result alone = parameter_shift(evaluator, parameters, {inputs[3]}, &shots, {6});
  EXPECT_EQ(alone.probability[0], together.probability[3]);
  for (std::size_t k = 0; k < 45; ++k) EXPECT_EQ(alone.gradient[k], together.gradient[std::size_t{3} * 45 + k]);
}
