#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "random_qcnn.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"

namespace titrant::classifier {
namespace {

using testing::random_qcnn;
using testing::Toy;
using testing::with;

/// One percent of depolarising per gate on two qubits, and of wrong records: qcnn.md, section 3.
std::shared_ptr<const quantum::NoiseModel> usual_noise() {
  return std::make_shared<const quantum::NoiseModel>(quantum::UniformNoise{.two_qubit = 0.01, .readout = 0.01});
}

QuantumOptions noisy(Backend backend, Gradient gradient = Gradient::adjoint) {
  QuantumOptions options;
  options.backend = backend;
  options.gradient = gradient;
  options.noise = usual_noise();
  return options;
}

// The whole way: encoding, both numbers of points, expansion over side qubits, against one circuit by itself.
TEST(QcnnNoise, PredictsWhatTheDensityMatrixSays) {
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    const Toy toy(3);
    const Qcnn qcnn = random_qcnn(with(preset), noisy(Backend::density_matrix), 4);
    const Encoding encoding{preset, 3.0, CurveInput::exposure};
    const std::vector<double> p = qcnn.exact_p_one(toy.examples.examples);
    const Network& network = qcnn.network(64);
    for (std::size_t i = 0; i < 3; ++i) {
      const std::vector<double> state = amplitudes(encoding, toy.examples.examples[i]);
      const std::vector<double> features = feature_angles(encoding, toy.examples.examples[i]);
      double expected = 0.0;
      for (const quantum::Outcome& outcome :
           quantum::noisy_distribution(network.circuit, qcnn.parameters(), {state, features}, *usual_noise())) {
        if (((outcome.bits >> network.result_bit) & 1U) != 0U) expected += outcome.probability;
      }
      EXPECT_NEAR(p[i], expected, 1e-12);
    }
  }
}

TEST(QcnnNoise, TrainingOnTheDeviceFollowsTheNoisyGradient) {
  const Toy toy(6);
  const std::vector<std::size_t> places = {0, 1, 2, 3, 4, 5};
  const Qcnn qcnn =
      random_qcnn(with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true}), noisy(Backend::density_matrix), 5);
  const LogitModel model = qcnn.logit_model(toy.examples.examples, 1);
  std::vector<double> parameters = qcnn.parameters();
  const std::size_t row = parameters.size();
  std::vector<double> logit(6);
  std::vector<double> rows(6 * row);
  std::vector<double> unused(6 * row);
  model.evaluate(parameters, places, 0, logit, rows);
  for (const std::size_t k : {std::size_t{2}, std::size_t{17}, std::size_t{36}, row - 2, row - 1}) {
    std::vector<double> plus(6);
    std::vector<double> minus(6);
    parameters[k] += 1e-4;
    model.evaluate(parameters, places, 0, plus, unused);
    parameters[k] -= 2e-4;
    model.evaluate(parameters, places, 0, minus, unused);
    parameters[k] += 1e-4;
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(rows[i * row + k], (plus[i] - minus[i]) / 2e-4, 1e-6);
  }
}

// Both back ends with shots scatter about the same noisy probability: their mean over persons within 5 standard errors.
TEST(QcnnNoise, TrajectoriesAndSampledShotsAgree) {
  const Toy toy(20);
  const Qcnn sampled = random_qcnn(with(Preset::exposure), noisy(Backend::sampled, Gradient::spsa), 6);
  const Qcnn single = random_qcnn(with(Preset::exposure), noisy(Backend::trajectory, Gradient::spsa), 6);
  const std::vector<double> exact = sampled.exact_p_one(toy.examples.examples);
  for (const Qcnn* const qcnn : {&sampled, &single}) {
    EXPECT_EQ(qcnn->shots(), 1024U);
    const std::vector<std::uint32_t> ones = qcnn->counts(toy.examples.examples, 9);
    double difference = 0.0;
    double variance = 0.0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
      EXPECT_NEAR(ones[i] / 1024.0, exact[i], 5.0 * 0.5 / 32.0);
      difference += ones[i] / 1024.0 - exact[i];
      variance += exact[i] * (1.0 - exact[i]) / 1024.0;
    }
    EXPECT_LT(std::abs(difference), 5.0 * std::sqrt(variance));
  }
}

// qcnn.md, section 3: refitting scale and offset recovers p to 0.003 .. 0.019 on average.
TEST(QcnnNoise, RefittingTheReadoutRecoversProbabilities) {
  const Toy toy(60);
  const ClassifierOptions options = with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true});
  TrainingOptions training;
  training.steps = 40;
  const parallel::Communicator alone;
  const auto trained = [&](NoiseTraining how, bool noise) {
    QuantumOptions quantum = noise ? noisy(Backend::density_matrix) : QuantumOptions{};
    quantum.noise_training = how;
    Qcnn qcnn("qcnn", options, quantum);
    qcnn.train(alone, toy.examples, training, 1, 0);
    return qcnn.probabilities(toy.examples.examples, 1);
  };
  const std::vector<double> ideal = trained(NoiseTraining::aware, false);
  const std::vector<double> ignored = trained(NoiseTraining::ignored, true);
  const std::vector<double> refitted = trained(NoiseTraining::refit, true);
  double before = 0.0;
  double after = 0.0;
  for (std::size_t i = 0; i < ideal.size(); ++i) {
    before += std::abs(ignored[i] - ideal[i]) / static_cast<double>(ideal.size());
    after += std::abs(refitted[i] - ideal[i]) / static_cast<double>(ideal.size());
  }
  EXPECT_GT(before, 0.03);
  EXPECT_LT(after, 0.02);
}

TEST(QcnnNoise, TrainsOnTheDevice) {
  const Toy toy(30, 0.0);
  TrainingOptions training;
  training.steps = 20;
  Qcnn qcnn("qcnn", with(Preset::exposure), noisy(Backend::density_matrix));
  const History history = qcnn.train({}, toy.examples, training, 1, 0);
  EXPECT_LT(history.loss.back(), 0.6 * history.loss.front());
}

// The mean of many perturbations is the gradient up to O(c^2); one perturbation has the other parameters as noise.
TEST(Spsa, EstimatesTheGradientOnAverage) {
  const Toy toy(2);
  const std::vector<std::size_t> places = {0, 1};
  const auto rows_by = [&](QuantumOptions quantum) {
    const Qcnn qcnn = random_qcnn(with(Preset::exposure), quantum, 8);
    std::vector<double> logit(2);
    std::vector<double> rows(std::size_t{2} * 45);
    qcnn.logit_model(toy.examples.examples, 1).evaluate(qcnn.parameters(), places, 0, logit, rows);
    return rows;
  };
  const std::vector<double> exact = rows_by({});
  QuantumOptions quantum;
  quantum.gradient = Gradient::spsa;
  quantum.spsa.perturbation = 0.01;
  quantum.spsa.repeats = 4000;
  const std::vector<double> averaged = rows_by(quantum);
  for (std::size_t i = 0; i < 2; ++i) {
    double square = 0.0;
    for (std::size_t k = 0; k < 45; ++k) square += std::pow(exact[i * 45 + k], 2);
    // Each other derivative enters with a random sign: variance |g|^2 for one perturbation.
    const double allowed = 5.0 * std::sqrt(square / 4000.0) + 1e-3;
    for (std::size_t k = 0; k < 45; ++k) EXPECT_NEAR(averaged[i * 45 + k], exact[i * 45 + k], allowed);
  }
  quantum.spsa.repeats = 1;
  EXPECT_EQ(rows_by(quantum), rows_by(quantum));
}

TEST(Spsa, LearnsFromShotsAndTrajectories) {
  const Toy toy(24, 0.0);
  TrainingOptions training;
  training.steps = 60;
  for (const Backend backend : {Backend::exact, Backend::sampled}) {
    QuantumOptions quantum;
    quantum.backend = backend;
    quantum.gradient = Gradient::spsa;
    Qcnn qcnn("qcnn", with(Preset::exposure), quantum);
    const History history = qcnn.train({}, toy.examples, training, 1, 0);
    EXPECT_LT(history.loss.back(), 0.8 * history.loss.front());
  }
  QuantumOptions quantum = noisy(Backend::trajectory, Gradient::spsa);
  quantum.shots = 64;
  training.steps = 2;
  Qcnn qcnn("qcnn", with(Preset::exposure), quantum);
  EXPECT_EQ(qcnn.train({}, toy.examples, training, 1, 0).loss.size(), 2U);
}

TEST(QcnnNoise, RefusesWhatCannotWork) {
  const auto make = [](QuantumOptions quantum, ClassifierOptions options = with(Preset::exposure)) {
    return Qcnn("qcnn", options, quantum);
  };
  EXPECT_THROW(make(noisy(Backend::exact)), ConfigError);
  EXPECT_THROW(make(noisy(Backend::sampled)), ConfigError);
  EXPECT_THROW(make(noisy(Backend::trajectory, Gradient::parameter_shift)), ConfigError);
  QuantumOptions refit = noisy(Backend::density_matrix);
  refit.noise_training = NoiseTraining::refit;
  EXPECT_THROW(make(refit, with(Preset::exposure, {ReadoutKind::raw, 6.0, false})), ConfigError);
  EXPECT_NO_THROW(make(refit));
}

}  // namespace
}  // namespace titrant::classifier
