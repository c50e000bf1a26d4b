#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "random_qcnn.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
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

struct NoisyCase {
  ClassifierOptions options;
  quantum::UniformNoise noise;
};

ClassifierOptions variant(int qubits, bool reuploading) {
  ClassifierOptions options = with(Preset::exposure);
  options.gate = Gate::so4;
  options.qubits = qubits;
  options.reuploading = reuploading;
  return options;
}

ClassifierOptions two_covariates() {
  ClassifierOptions options = variant(6, false);
  options.covariates = {testing::weight_input(), testing::comed_input()};
  return options;
}

/// The fourth input lives on a measured qubit.
ClassifierOptions device_network(std::size_t covariates, Measurements measurements) {
  ClassifierOptions options = with(Preset::device);
  options.measurements = measurements;
  CovariateInput lighter = testing::weight_input();
  lighter.value = 50.0;
  const std::vector<CovariateInput> inputs = {
      testing::comed_input(), testing::weight_input(), {.name = "comed", .value = 0.0}, lighter};
  options.covariates.assign(inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(covariates));
  return options;
}

class NoisyPrediction : public ::testing::TestWithParam<NoisyCase> {};

// The whole way: encoding, both numbers of points, expansion over auxiliary qubits, against one circuit by itself.
// Relaxation is another matter than depolarising: auxiliary qubits lose their symmetry, and are classical bits all the
// same.
TEST_P(NoisyPrediction, IsWhatTheDensityMatrixSays) {
  const auto& [options, noise] = GetParam();
  Toy toy(3);
  const Profile weekly = curve_of({.comed = 1.0}, 168.0);
  toy.examples.examples.push_back({&weekly, 30.0, 3});
  toy.examples.examples.push_back({&weekly, 0.0, 4});
  QuantumOptions quantum = noisy(Backend::density_matrix);
  quantum.noise = std::make_shared<const quantum::NoiseModel>(noise);
  const Qcnn qcnn = random_qcnn(options, quantum, 4);
  const Encoding encoding = encoding_of(options);
  const std::vector<double> p = qcnn.exact_p_one(toy.examples.examples);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const Example& example = toy.examples.examples[i];
    const Network& network = qcnn.network(example.profile->curve.size());
    const std::vector<double> state = amplitudes(encoding, example);
    const std::vector<double> features = feature_angles(encoding, example);
    double expected = 0.0;
    for (const quantum::Outcome& outcome :
         quantum::noisy_distribution(network.circuit, qcnn.parameters(), {state, features}, *quantum.noise)) {
      if (((outcome.bits >> network.result_bit) & 1U) != 0U) expected += outcome.probability;
    }
    EXPECT_NEAR(p[i], expected, 1e-12);
  }
}

constexpr quantum::UniformNoise pauli_noise = {.one_qubit = 0.001, .two_qubit = 0.01, .readout = 0.01};
constexpr quantum::UniformNoise relaxing_noise = {.two_qubit = 0.005, .readout = 0.02, .t1 = 30.0, .t2 = 20.0};

INSTANTIATE_TEST_SUITE_P(
    Networks, NoisyPrediction,
    ::testing::Values(NoisyCase{with(Preset::exposure), pauli_noise}, NoisyCase{with(Preset::homogeneous), pauli_noise},
                      NoisyCase{with(Preset::proposal), pauli_noise}, NoisyCase{with(Preset::exposure), relaxing_noise},
                      NoisyCase{with(Preset::homogeneous), relaxing_noise},
                      NoisyCase{with(Preset::proposal), relaxing_noise}, NoisyCase{variant(7, false), relaxing_noise},
                      NoisyCase{variant(6, true), relaxing_noise}, NoisyCase{two_covariates(), relaxing_noise},
                      NoisyCase{device_network(1, Measurements::middle), relaxing_noise},
                      NoisyCase{device_network(1, Measurements::end), relaxing_noise},
                      NoisyCase{device_network(4, Measurements::middle), relaxing_noise}));

TEST(QcnnNoise, DensityMatrixWithoutNoiseIsExact) {
  const Toy toy(6);
  QuantumOptions quantum;
  quantum.backend = Backend::density_matrix;
  const std::vector<double> noiseless =
      random_qcnn(with(Preset::exposure), quantum, 4).exact_p_one(toy.examples.examples);
  const std::vector<double> exact = random_qcnn(with(Preset::exposure), {}, 4).exact_p_one(toy.examples.examples);
  for (std::size_t i = 0; i < exact.size(); ++i) EXPECT_NEAR(noiseless[i], exact[i], 1e-12);
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

// Both back ends with shots scatter about the same noisy probability: their mean over subjects within 5 standard
// errors.
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

// At the minimum of sum_i H(wanted_i, p_i) the residuals are orthogonal to 1 and to 2 P(1) - 1, from wherever the
// search started: the problem is convex.
TEST(QcnnNoise, RefittedReadoutsAreOptimal) {
  const Toy toy(40);
  const ClassifierOptions options = with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true});
  const std::vector<double> wanted = random_qcnn(options, {}, 3).probabilities(toy.examples.examples, 1);
  Qcnn qcnn = random_qcnn(options, noisy(Backend::density_matrix), 3);
  const std::vector<double> p_one = qcnn.exact_p_one(toy.examples.examples);
  std::vector<double> parameters = qcnn.parameters();
  std::vector<double> found;
  for (const auto& [scale, offset] : {std::pair{6.0, 0.0}, std::pair{0.0, 0.0}, std::pair{-50.0, 30.0},
                                      std::pair{1e4, -1e4}, std::pair{3.0, 900.0}}) {
    *(parameters.end() - 2) = scale;
    *(parameters.end() - 1) = offset;
    qcnn.set_parameters(parameters);
    qcnn.refit_readout(toy.examples.examples, wanted);
    const std::vector<double> p = qcnn.probabilities(toy.examples.examples, 1);
    double residual = 0.0;
    double moment = 0.0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      residual += p[i] - wanted[i];
      moment += (p[i] - wanted[i]) * (2.0 * p_one[i] - 1.0);
    }
    EXPECT_NEAR(residual, 0.0, 1e-8) << scale << ' ' << offset;
    EXPECT_NEAR(moment, 0.0, 1e-8) << scale << ' ' << offset;
    found.push_back(qcnn.readout().scale);
    EXPECT_NEAR(found.back(), found.front(), 1e-6);
  }
}

// Without scale and offset there is nothing to refit: trained without noise, and used as it is.
TEST(QcnnNoise, TheProposalIsNotRefitted) {
  const Toy toy(20);
  TrainingOptions training;
  training.steps = 3;
  QuantumOptions quantum = noisy(Backend::density_matrix);
  std::vector<std::vector<double>> parameters;
  for (const NoiseTraining how : {NoiseTraining::refit, NoiseTraining::ignored}) {
    quantum.noise_training = how;
    Qcnn qcnn("qcnn", with(Preset::proposal), quantum);
    qcnn.train({}, toy.examples, training, 1, 0);
    parameters.push_back(qcnn.parameters());
  }
  EXPECT_EQ(parameters[0], parameters[1]);
}

TEST(QcnnNoise, TrainsOnTheDevice) {
  const Toy toy(30, 0.0);
  TrainingOptions training;
  training.steps = 20;
  Qcnn qcnn("qcnn", with(Preset::exposure), noisy(Backend::density_matrix));
  const History history = qcnn.train({}, toy.examples, training, 1, 0);
  EXPECT_LT(history.loss.back(), 0.6 * history.loss.front());
}

TEST(QcnnNoise, RefusesWhatCannotWork) {
  const auto make = [](const QuantumOptions& quantum, const ClassifierOptions& options = with(Preset::exposure)) {
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
