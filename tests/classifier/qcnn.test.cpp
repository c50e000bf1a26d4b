#include "titrant/classifier/qcnn.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "curves.hpp"
#include "random_qcnn.hpp"
#include "titrant/classifier/metrics.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
using testing::random_qcnn;
using testing::Toy;
using testing::with;

// 64 and 128 points of the same smooth curve: the finest qubit is nearly |+>, and its measurement nearly certain.
TEST(Qcnn, TwiceThePointsChangeNothing) {
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    for (std::uint64_t unit = 0; unit < 4; ++unit) {
      const Qcnn qcnn = random_qcnn(with(preset), {}, unit);
      const Profile coarse = curve_of({.absorption_rate = 0.5});
      Profile fine = coarse;
      fine.curve.clear();
      // The same 24 h at 128 midpoints.
      const double ka = 0.5;
      const double ke = 20.0 / 300.0;
      for (int i = 0; i < 128; ++i) {
        const double t = (i + 0.5) * 24.0 / 128.0;
        fine.curve.push_back(
            1000.0 * ka / (300.0 * (ka - ke)) *
            (std::exp(-ke * t) / (1.0 - std::exp(-ke * 24.0)) - std::exp(-ka * t) / (1.0 - std::exp(-ka * 24.0))));
      }
      const std::vector<Example> examples = {{&coarse, 3.0, 0}, {&fine, 3.0, 0}};
      const std::vector<double> p = qcnn.exact_p_one(examples);
      EXPECT_NEAR(p[0], p[1], 1e-4);
      EXPECT_NE(p[0], p[1]);
    }
  }
}

// With only CZ on them, feature qubits are classical bits: p is a mixture of its values at angles 0 and pi.
TEST(Qcnn, ExposureIsMultilinearInTheFeatureProbabilities) {
  ClassifierOptions options = with(Preset::exposure);
  options.covariates = {testing::weight_input()};
  const Qcnn qcnn = random_qcnn(options, {}, 5);
  const auto p_at = [&](double exposure_angle, double body_weight) {
    const Profile profile = curve_of({.body_weight = body_weight});
    // c_ref = 3: the dose whose average concentration has this angle.
    const double dose = 3.0 * std::tan(0.5 * exposure_angle) / profile.per_mg.average;
    const Example example{&profile, dose, 0};
    const LogitModel direct = qcnn.logit_model({&example, 1}, 1);  // evaluates the whole circuit, not the mixture
    std::vector<double> logit(1);
    std::vector<double> gradient(45);
    const std::vector<double> parameters = qcnn.parameters();
    direct.evaluate(parameters, std::vector<std::size_t>{0}, 0, logit, gradient);
    const double p_one = 0.5 * (logit[0] / 6.0 + 1.0);
    EXPECT_NEAR(p_one, qcnn.exact_p_one({&example, 1})[0], 1e-12);
    return p_one;
  };
  const double nearly_pi = std::numbers::pi - 1e-7;  // an infinite dose; sin^2 differs from 1 by 2.5e-15
  const double tiny = 1e-7;
  const double immense = 70.0 * std::sqrt(std::tan(0.5 * nearly_pi));  // kg: the same angle
  for (const double body_weight : {0.0, 50.0, 90.0, immense}) {
    const double w = std::pow(std::sin(std::atan(body_weight * body_weight / 4900.0)), 2);
    for (const double angle : {0.4, 1.3, 2.7}) {
      const double v = std::pow(std::sin(0.5 * angle), 2);
      const double mixed = (1 - v) * ((1 - w) * p_at(tiny, 0.0) + w * p_at(tiny, immense)) +
                           v * ((1 - w) * p_at(nearly_pi, 0.0) + w * p_at(nearly_pi, immense));
      EXPECT_NEAR(p_at(angle, body_weight), mixed, 1e-12);
    }
  }
}

TEST(Qcnn, PredictionsDoNotDependOnHowTheyAreGrouped) {
  Toy toy(21);
  const Profile weekly = curve_of({.comed = 1.0}, 168.0);
  for (const double dose : {0.0, 5.0, 60.0}) toy.examples.examples.push_back({&weekly, dose, 90});
  for (const Backend backend : {Backend::exact, Backend::sampled}) {
    for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
      const Qcnn qcnn = random_qcnn(with(preset), {backend, 256, Gradient::parameter_shift}, 1);
      const std::vector<Example>& examples = toy.examples.examples;
      const std::vector<double> together = qcnn.probabilities(examples, 3);
      for (std::size_t i = 0; i < examples.size(); ++i) {
        EXPECT_EQ(qcnn.probabilities({&examples[i], 1}, 3)[0], together[i]) << i;
      }
    }
  }
}

// 400 estimates from 1,024 shots: within 5 standard deviations of P(1) each, and on average within 5 of their mean.
TEST(Qcnn, ShotsScatterAroundTheExactProbability) {
  const Profile profile = curve_of({.comed = 1.0});
  const ReadoutOptions raw{ReadoutKind::raw, 6.0, false};
  const Qcnn exact = random_qcnn(with(Preset::exposure, raw), {}, 2);
  const Qcnn sampled = random_qcnn(with(Preset::exposure, raw), {Backend::sampled, 1024, Gradient::parameter_shift}, 2);
  std::vector<Example> examples;
  for (std::uint64_t unit = 0; unit < 400; ++unit) examples.push_back({&profile, 3.0, unit});
  const double p = exact.probabilities({examples.data(), 1}, 1)[0];
  const double deviation = std::sqrt(p * (1.0 - p) / 1024.0);
  const std::vector<double> estimates = sampled.probabilities(examples, 1);
  for (const double estimate : estimates) EXPECT_NEAR(estimate, p, 5.0 * deviation);
  const double mean = std::accumulate(estimates.begin(), estimates.end(), 0.0) / 400.0;
  EXPECT_NEAR(mean, p, 5.0 * deviation / 20.0);
  EXPECT_NE(sampled.probabilities(examples, 2), estimates);
  const std::vector<std::uint32_t> counts = sampled.counts(examples, 1);
  ASSERT_EQ(counts.size(), estimates.size());
  for (std::size_t i = 0; i < counts.size(); ++i) EXPECT_EQ(counts[i] / 1024.0, estimates[i]);
  EXPECT_EQ(exact.shots(), 0U);
  EXPECT_EQ(sampled.shots(), 1024U);
}

TEST(Qcnn, LearnsSeparableData) {
  const Toy toy(36, 0.0);
  for (const Preset preset : {Preset::exposure, Preset::homogeneous}) {
    Qcnn qcnn("qcnn", with(preset, {ReadoutKind::sigmoid, 12.0, false}), {});
    TrainingOptions options;
    options.steps = 60;
    const History history = qcnn.train({}, toy.examples, options, 1, 0);
    ASSERT_EQ(history.loss.size(), 60U);
    EXPECT_LT(history.loss.back(), 0.25);
    EXPECT_GT(evaluate(qcnn.probabilities(toy.examples.examples, 1), toy.examples.labels).auc, 0.98);
  }
}

TEST(Qcnn, TrainsFromShotsWithParameterShift) {
  const Toy toy(12, 0.0);
  Qcnn qcnn("qcnn", with(Preset::exposure), {Backend::sampled, 1024, Gradient::parameter_shift});
  TrainingOptions options;
  options.steps = 25;
  const History history = qcnn.train({}, toy.examples, options, 1, 0);
  EXPECT_LT(history.loss.back(), 0.7 * history.loss.front());
}

TEST(Qcnn, TrainingIsRepeatableAndKeyedByItsNumber) {
  const Toy toy(12);
  TrainingOptions options;
  options.steps = 5;
  const auto trained = [&](std::uint64_t seed, std::uint64_t replicate) {
    Qcnn qcnn("qcnn", with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true}), {});
    qcnn.train({}, toy.examples, options, seed, replicate);
    return qcnn.parameters();
  };
  EXPECT_EQ(trained(1, 0), trained(1, 0));
  EXPECT_NE(trained(1, 0), trained(1, 1));
  EXPECT_NE(trained(1, 0), trained(2, 0));
  EXPECT_EQ(trained(1, 0).size(), 47U);
}

// A warm start goes on where the last training ended: at once as good, and not keyed by the seed of a random start.
TEST(Qcnn, ContinuesFromItsParameters) {
  const Toy toy(24);
  Qcnn qcnn("qcnn", with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true}), {});
  TrainingOptions options;
  options.steps = 40;
  const History first = qcnn.train({}, toy.examples, options, 1, 0);
  options.warm_start = true;
  options.steps = 1;
  Qcnn other = qcnn;
  EXPECT_LE(qcnn.train({}, toy.examples, options, 1, 1).loss.front(), first.loss.back());
  other.train({}, toy.examples, options, 2, 5);
  EXPECT_EQ(qcnn.parameters(), other.parameters());
}

TEST(Qcnn, ParametersAreAllThereIs) {
  const Toy toy(12);
  TrainingOptions options;
  options.steps = 5;
  const ClassifierOptions trained_readout = with(Preset::exposure, {ReadoutKind::sigmoid, 6.0, true});
  Qcnn qcnn("qcnn", trained_readout, {});
  qcnn.train({}, toy.examples, options, 1, 0);
  Qcnn other("qcnn", trained_readout, {});
  other.set_parameters(qcnn.parameters());
  EXPECT_EQ(other.probabilities(toy.examples.examples, 1), qcnn.probabilities(toy.examples.examples, 1));
  EXPECT_EQ(qcnn.clone()->probabilities(toy.examples.examples, 1), qcnn.probabilities(toy.examples.examples, 1));
  EXPECT_EQ(qcnn.parameter_names().size(), qcnn.parameters().size());
  EXPECT_EQ(qcnn.parameter_names().back(), "readout.offset");
}

TEST(Qcnn, ProposalReadsRawProbabilities) {
  const Profile profile = curve_of({.comed = 1.0});
  const Example example{&profile, 3.0, 0};
  const Qcnn qcnn = random_qcnn(with(Preset::proposal, {ReadoutKind::sigmoid, 6.0, true}), {}, 3);
  EXPECT_EQ(qcnn.parameters().size(), 45U);
  EXPECT_EQ(qcnn.probabilities({&example, 1}, 1)[0], qcnn.exact_p_one({&example, 1})[0]);
}

// The linear dose angle of the proposal has period 20 mg; the exposure angle has none.
TEST(Qcnn, LinearDoseAngleWraps) {
  const Profile profile = curve_of({.comed = 1.0});
  const std::vector<Example> examples = {{&profile, 3.0, 0}, {&profile, 23.0, 0}};
  const std::vector<double> literal = random_qcnn(with(Preset::proposal), {}, 3).exact_p_one(examples);
  EXPECT_NEAR(literal[0], literal[1], 1e-12);
  const std::vector<double> exposure = random_qcnn(with(Preset::exposure), {}, 3).exact_p_one(examples);
  EXPECT_GT(std::abs(exposure[0] - exposure[1]), 0.01);
}

TEST(Qcnn, RefusesWhatCannotWork) {
  try {
    const Qcnn qcnn("qcnn", {}, {Backend::sampled, 1024, Gradient::adjoint});
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("adjoint differentiation needs exact probabilities"));
  }
  EXPECT_THROW(Qcnn("qcnn", with(Preset::exposure, {ReadoutKind::raw, 6.0, true}), {}), ConfigError);
  ClassifierOptions options = with(Preset::exposure);
  options.covariates.push_back(options.covariates.front());
  EXPECT_THROW(Qcnn("qcnn", options, {}), ConfigError);
  options = with(Preset::proposal);
  options.highest_dose = 0.0;
  EXPECT_THROW(Qcnn("qcnn", options, {}), ConfigError);
  EXPECT_THROW(make_classifier("forest", {}, {}), ConfigError);
  EXPECT_EQ(make_classifier("qcnn_proposal", {}, {})->name(), "qcnn_proposal");
}

}  // namespace
}  // namespace titrant::classifier
