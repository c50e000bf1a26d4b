#include "titrant/quantum/quadratic_form.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <numbers>

#include "circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/evaluator.hpp"
#include "titrant/quantum/isa.hpp"

using titrant::quantum::Circuit;
using titrant::quantum::Evaluator;
using titrant::quantum::Input;
using titrant::quantum::QuadraticForm;

namespace {

// Sums of up to 128^2 products of numbers below 1 in double precision.
constexpr double form_rounding = 1e-13;

Eigen::MatrixXd random_symmetric(Eigen::Index size) {
  titrant::core::Stream stream(1, titrant::core::Purpose::test, static_cast<std::uint64_t>(size));
  Eigen::MatrixXd matrix(size, size);
  for (double& element : matrix.reshaped()) element = stream.normal() / static_cast<double>(size);
  return 0.5 * (matrix + matrix.transpose());
}

std::vector<double> random_vectors(std::size_t count) {
  titrant::core::Stream stream(2, titrant::core::Purpose::test, count);
  std::vector<double> vectors(count);
  for (double& element : vectors) element = stream.normal();
  return vectors;
}

void expect_form_is_probability(const Circuit& circuit, std::size_t bit, std::uint64_t seed) {
  const Evaluator evaluator(circuit, bit);
  const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), seed);
  circuits::Examples examples = circuits::random_examples(circuit, 5, seed);
  for (std::vector<double>& features : examples.features) features = examples.features.front();
  const std::vector<Input> inputs = examples.inputs();
  std::vector<double> p(inputs.size());
  evaluator.probabilities(parameters, inputs, p);
  const Eigen::MatrixXd form = evaluator.form(parameters, examples.features.front());
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const std::vector<double>& amplitudes = examples.amplitudes[k];
    const Eigen::VectorXd a = amplitudes.empty() ? Eigen::VectorXd::Ones(1).eval()
                                                 : Eigen::Map<const Eigen::VectorXd>(amplitudes.data(), form.rows());
    EXPECT_NEAR(a.dot(form * a), p[k], form_rounding) << "seed " << seed;
  }
}

}  // namespace

TEST(QuadraticForm, AgreesWithTheProductOfMatrices) {
  for (const Eigen::Index size : {1, 2, 7, 8, 64, 67}) {
    const Eigen::MatrixXd matrix = random_symmetric(size);
    const std::vector<double> vectors = random_vectors(11 * static_cast<std::size_t>(size));
    std::vector<double> values(11);
    QuadraticForm(matrix).evaluate(vectors, values);
    for (Eigen::Index k = 0; k < 11; ++k) {
      const Eigen::Map<const Eigen::VectorXd> x(vectors.data() + k * size, size);
      EXPECT_NEAR(values[static_cast<std::size_t>(k)], x.dot(matrix * x), form_rounding * static_cast<double>(size));
    }
  }
}

TEST(QuadraticForm, HasTheSameBitsInAnyGroupAndOnAnyInstructionSet) {
  const QuadraticForm form(random_symmetric(64));
  const std::vector<double> vectors = random_vectors(std::size_t{11} * 64);
  std::vector<double> together(11);
  form.evaluate(vectors, together);
  const auto before = titrant::quantum::selected_instruction_set();
  for (const auto set : titrant::quantum::available_instruction_sets()) {
    titrant::quantum::select_instruction_set(set);
    for (std::size_t k = 0; k < together.size(); ++k) {
      double alone = 0.0;
      form.evaluate(std::span(vectors).subspan(k * 64, 64), {&alone, 1});
      EXPECT_EQ(alone, together[k]);
    }
  }
  titrant::quantum::select_instruction_set(before);
  EXPECT_THROW(form.evaluate(vectors, std::span(together).first(10)), std::logic_error);
}

TEST(Form, GivesTheProbabilitiesOfTheNetwork) {
  for (const bool fine : {false, true}) expect_form_is_probability(circuits::network(fine), 4, 3);
}

// Feature qubits in |0> or |1>: all other sectors are left out, and those that remain must not have changed places.
TEST(Form, GivesTheProbabilitiesWhereFeaturesAreCertain) {
  const Circuit circuit = circuits::network(false);
  const Evaluator evaluator(circuit, 4);
  const std::vector<double> parameters = circuits::random_angles(45, 3);
  const std::vector<double> amplitudes = circuits::random_examples(circuit, 1, 3).amplitudes.front();
  const Eigen::Map<const Eigen::VectorXd> a(amplitudes.data(), 64);
  for (const double first : {0.0, std::numbers::pi}) {
    for (const double second : {0.0, std::numbers::pi}) {
      const std::vector<double> features = {first, second};
      const Input input{amplitudes, features};
      double p = 0.0;
      evaluator.probabilities(parameters, {&input, 1}, {&p, 1});
      EXPECT_NEAR(a.dot(evaluator.form(parameters, features) * a), p, form_rounding) << first << " " << second;
    }
  }
}

// Every kind of operation; amplitudes on two qubits in an order of their own, or none at all.
TEST(Form, GivesTheProbabilitiesOfRandomCircuits) {
  for (std::uint64_t seed = 700; seed < 740; ++seed) {
    expect_form_is_probability(circuits::random_circuit(3 + seed % 3, 30, seed, {}), 3 + seed % 3, seed);
  }
}

// An effect lies between 0 and 1, whatever the state.
TEST(Form, HasEigenvaluesBetweenZeroAndOne) {
  const Evaluator evaluator(circuits::network(false), 4);
  const Eigen::MatrixXd form = evaluator.form(circuits::random_angles(45, 5), std::vector<double>{0.4, 1.3});
  EXPECT_EQ(form, form.transpose());
  const Eigen::VectorXd values = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(form).eigenvalues();
  EXPECT_GE(values.minCoeff(), -form_rounding);
  EXPECT_LE(values.maxCoeff(), 1.0 + form_rounding);
}
