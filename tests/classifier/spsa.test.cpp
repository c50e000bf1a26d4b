#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "random_qcnn.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::classifier {
namespace {

using testing::random_qcnn;
using testing::Toy;
using testing::with;

QuantumOptions spsa(Backend backend, double perturbation, int repeats, std::uint32_t shots = 1024) {
  QuantumOptions options;
  options.backend = backend;
  options.shots = shots;
  options.gradient = Gradient::spsa;
  options.spsa = {perturbation, repeats};
  return options;
}

struct Rows {
  std::vector<double> logit;
  std::vector<double> gradient;  // [example][parameter]
};

Rows rows_of(const Qcnn& qcnn, const Toy& toy, std::uint64_t first_unit) {
  std::vector<std::size_t> places(toy.examples.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  Rows rows{std::vector<double>(places.size()), std::vector<double>(places.size() * qcnn.parameters().size())};
  qcnn.logit_model(toy.examples.examples, 1).evaluate(qcnn.parameters(), places, first_unit, rows.logit, rows.gradient);
  return rows;
}

// Spall 1992, equation 2.1, with the circuits evaluated here: all examples are moved by the same signs, which the first
// row shows, and each derivative is the same difference quotient with its parameter's sign.
TEST(Spsa, IsTheDifferenceQuotientAlongRandomSigns) {
  const Toy toy(5);
  constexpr double c = 0.2;
  Qcnn qcnn = random_qcnn(with(Preset::exposure), spsa(Backend::exact, c, 1), 3);
  const std::vector<double> here = qcnn.parameters();
  std::vector<std::vector<double>> signs;
  for (const int step : {0, 1}) {
    qcnn.set_parameters(here);
    const Readout readout = qcnn.readout();
    const Rows rows = rows_of(qcnn, toy, first_shot_unit(0, step, toy.examples.size()));
    std::vector<double> sign(here.size());
    for (std::size_t k = 0; k < sign.size(); ++k) sign[k] = rows.gradient[k] * rows.gradient[0] > 0.0 ? 1.0 : -1.0;
    std::vector<std::vector<double>> p;
    for (const double distance : {c, -c}) {
      std::vector<double> moved = here;
      for (std::size_t k = 0; k < moved.size(); ++k) moved[k] += distance * sign[k];
      qcnn.set_parameters(moved);
      p.push_back(qcnn.exact_p_one(toy.examples.examples));
    }
    for (std::size_t i = 0; i < toy.examples.size(); ++i) {
      const double mean = 0.5 * (p[0][i] + p[1][i]);
      const double slope = readout.derivative(mean) * (p[0][i] - p[1][i]) / (2.0 * c);
      EXPECT_NEAR(rows.logit[i], readout.logit(mean), 1e-11);
      for (std::size_t k = 0; k < here.size(); ++k)
        EXPECT_NEAR(rows.gradient[i * here.size() + k], slope * sign[k], 1e-11);
    }
    signs.push_back(sign);
  }
  EXPECT_NE(signs[0], signs[1]);
}

// The mean of many perturbations is the gradient up to O(c^2); one perturbation has the other parameters as noise.
TEST(Spsa, EstimatesTheGradientOnAverage) {
  const Toy toy(2);
  const std::vector<double> exact = rows_of(random_qcnn(with(Preset::exposure), {}, 8), toy, 0).gradient;
  const QuantumOptions many = spsa(Backend::exact, 0.01, 4000);
  const std::vector<double> averaged = rows_of(random_qcnn(with(Preset::exposure), many, 8), toy, 0).gradient;
  for (std::size_t i = 0; i < 2; ++i) {
    double square = 0.0;
    for (std::size_t k = 0; k < 45; ++k) square += std::pow(exact[i * 45 + k], 2);
    // Each other derivative enters with a random sign: variance |g|^2 for one perturbation.
    const double allowed = 5.0 * std::sqrt(square / 4000.0) + 1e-3;
    for (std::size_t k = 0; k < 45; ++k) EXPECT_NEAR(averaged[i * 45 + k], exact[i * 45 + k], allowed);
  }
}

// Circuits of one example, steps, trainings and predictions must draw different shots. With a perturbation that moves
// nothing, all circuits have the same P: the mean of n shots has the variance P (1 - P) / n if, and only if, they do.
class SpsaShots : public ::testing::TestWithParam<Backend> {
 protected:
  static constexpr std::uint32_t shots = 4;
  static constexpr int repeats = 16;  // 32 circuits
  static constexpr double per_row = 2.0 * repeats * shots;

  SpsaShots() : qcnn(small(repeats)), p(qcnn.exact_p_one(toy.examples.examples)) {}

  static Qcnn small(int repeated) {
    ClassifierOptions options = with(Preset::exposure);
    options.gate = Gate::so4;
    options.depth = 1;
    return random_qcnn(options, spsa(GetParam(), 1e-9, repeated, shots), 2);
  }
  // The estimated P(1), from logits that are linear in it.
  std::vector<double> estimates(const Qcnn& of, std::uint64_t training, int step) const {
    const Readout readout = of.readout();
    std::vector<double> mean = rows_of(of, toy, first_shot_unit(training, step, toy.examples.size())).logit;
    for (double& value : mean) value = (value - readout.logit(0.0)) / readout.derivative(0.0);
    return mean;
  }
  // (a - b)^2 over what `variances` of one shot would make it. Means of 240 squares scatter by sqrt(2 / 240) = 0.09.
  void expect_variance(const std::vector<double>& a, const std::vector<double>& b, double variances) const {
    double square = 0.0;
    for (std::size_t i = 0; i < p.size(); ++i)
      square += std::pow(a[i] - b[i], 2) / (variances * p[i] * (1.0 - p[i])) / static_cast<double>(p.size());
    EXPECT_NEAR(square, 1.0, 5.0 * 0.09);
  }

  Toy toy{240};
  Qcnn qcnn;
  std::vector<double> p;
};

TEST_P(SpsaShots, AreIndependentBetweenCircuitsStepsAndTrainings) {
  const std::uint64_t validation = std::uint64_t{1} << 20U;  // where the trainings of a validation are numbered from
  const std::vector<std::vector<double>> means = {estimates(qcnn, 0, 0), estimates(qcnn, 0, 1),
                                                  estimates(qcnn, validation, 0)};
  for (std::size_t a = 0; a < means.size(); ++a) {
    expect_variance(means[a], p, 1.0 / per_row);
    for (std::size_t b = 0; b < a; ++b) expect_variance(means[a], means[b], 2.0 / per_row);
  }
}

// Units of predictions are the numbers of subjects, as are those of the first training's first step.
TEST_P(SpsaShots, AreIndependentOfPredictions) {
  const Qcnn once = small(1);
  std::vector<double> predicted;
  for (const std::uint32_t ones : once.counts(toy.examples.examples, 1)) predicted.push_back(ones / double{shots});
  expect_variance(predicted, p, 1.0 / shots);
  expect_variance(predicted, estimates(once, 0, 0), (1.0 + 0.5) / shots);
}

INSTANTIATE_TEST_SUITE_P(Backends, SpsaShots, ::testing::Values(Backend::sampled, Backend::trajectory));

TEST(Spsa, LearnsFromShotsAndTrajectories) {
  const Toy toy(24, 0.0);
  TrainingOptions training;
  training.steps = 60;
  for (const Backend backend : {Backend::exact, Backend::sampled}) {
    Qcnn qcnn("qcnn", with(Preset::exposure), spsa(backend, 0.1, 1));
    const History history = qcnn.train({}, toy.examples, training, 1, 0);
    EXPECT_LT(history.loss.back(), 0.8 * history.loss.front());
  }
  QuantumOptions quantum = spsa(Backend::trajectory, 0.1, 1, 64);
  quantum.noise = std::make_shared<const quantum::NoiseModel>(quantum::UniformNoise{.two_qubit = 0.01});
  training.steps = 40;
  training.batch = 12;
  Qcnn qcnn("qcnn", with(Preset::exposure), quantum);
  const History history = qcnn.train({}, toy.examples, training, 1, 0);
  const auto mean = [&](auto from) { return std::accumulate(from, from + 4, 0.0) / 4.0; };  // over two epochs
  EXPECT_LT(mean(history.loss.end() - 4), 0.9 * mean(history.loss.begin()));
}

TEST(Spsa, RefusesWhatCannotWork) {
  EXPECT_THROW(check_combination(spsa(Backend::exact, 0.0, 1)), ConfigError);
  EXPECT_THROW(check_combination(spsa(Backend::exact, std::nan(""), 1)), ConfigError);
  EXPECT_THROW(check_combination(spsa(Backend::exact, 0.1, 0)), ConfigError);
  // 2^20 shots of 2 x 2,047 perturbed circuits and of a prediction fit into 2^32 numbers; of two more they do not.
  EXPECT_NO_THROW(check_combination(spsa(Backend::trajectory, 0.1, 2047, 1U << 20U)));
  EXPECT_THROW(check_combination(spsa(Backend::trajectory, 0.1, 2048, 1U << 20U)), ConfigError);
  EXPECT_NO_THROW(check_combination(spsa(Backend::sampled, 0.1, 2048, 1U << 20U)));
}

}  // namespace
}  // namespace titrant::classifier
