#include "titrant/classifier/cnn.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

#include "curves.hpp"
#include "titrant/classifier/metrics.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
using testing::random_angles;
using testing::Toy;

// The network a second time, from its description, without backpropagation: rings by index, one loop a layer.
double slow_logit(const std::vector<double>& w, const Example& example, double mean, double deviation,
                  const std::vector<double>& covariates) {
  const std::vector<double>& curve = example.profile->curve;
  const std::size_t together = curve.size() / 64;
  std::vector<double> x(64, 0.0);
  for (std::size_t t = 0; t < curve.size(); ++t) x[t / together] += curve[t] / static_cast<double>(together);
  for (double& value : x) value = (std::log1p(example.dose * value / 3.0) - mean) / deviation;
  std::vector<std::vector<double>> first(3, std::vector<double>(16, 0.0));
  for (std::size_t o = 0; o < 3; ++o) {
    for (std::size_t t = 0; t < 64; ++t) {
      double sum = w[18 + o];
      for (std::size_t k = 0; k < 6; ++k) sum += w[o * 6 + k] * x[(t + k) % 64];
      first[o][t / 4] += std::tanh(sum) / 4.0;
    }
  }
  double logit = w[43 + covariates.size()];
  for (std::size_t k = 0; k < covariates.size(); ++k) logit += w[43 + k] * covariates[k];
  for (std::size_t o = 0; o < 2; ++o) {
    for (std::size_t t = 0; t < 16; ++t) {
      double sum = w[39 + o];
      for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t k = 0; k < 3; ++k) sum += w[21 + (o * 3 + i) * 3 + k] * first[i][(t + k) % 16];
      }
      logit += w[41 + o] * std::tanh(sum) / 16.0;
    }
  }
  return logit;
}

// 0, 1 and 3 inputs of covariates.
std::vector<CovariateInput> covariates_of(std::size_t count) {
  std::vector<CovariateInput> all;
  if (count > 0) all.push_back(testing::comed_input());
  if (count > 1) all.push_back(testing::weight_input());
  if (count > 2) all.push_back({.name = "sex", .value = 2.0});
  return all;
}

TEST(Cnn, IsTheNetworkOfItsDescription) {
  for (const std::size_t count : {0U, 1U, 3U}) {
    Cnn cnn(3.0, covariates_of(count));
    std::vector<double> parameters = random_angles(44 + count, 1);
    parameters.insert(parameters.end(), {0.7, 1.3});
    cnn.set_parameters(parameters);
    for (const double interval : {24.0, 168.0}) {
      Profile profile = curve_of({.body_weight = 91.0, .comed = 1.0}, interval);
      profile.covariates["sex"] = 2.0;
      std::vector<double> inputs = {1.0, 2.0 / std::numbers::pi * std::atan(1.3 * 1.3), 1.0};
      inputs.resize(count);
      const Example example{&profile, 4.0, 0};
      const double expected = slow_logit(parameters, example, 0.7, 1.3, inputs);
      EXPECT_NEAR(cnn.probabilities({&example, 1}, 1)[0], 1.0 / (1.0 + std::exp(-expected)), 1e-13);
    }
  }
}

TEST(Cnn, NamesItsParametersByCovariate) {
  const std::vector<std::string> names =
      Cnn(3.0, {testing::comed_input(), {.name = "sex"}, {.name = "sex", .value = 2.0}}).parameter_names();
  EXPECT_THAT(std::vector(names.end() - 6, names.end()),
              ::testing::ElementsAre("dense.comed", "dense.sex_1", "dense.sex_2", "dense.bias", "input.mean",
                                     "input.deviation"));
}

TEST(Cnn, HasAsManyParametersAsTheQcnn) {
  const Cnn cnn(3.0, {testing::comed_input()});
  const Toy toy(4);
  EXPECT_EQ(cnn.logit_model(toy.examples.examples).parameters, 45U);
  EXPECT_EQ(cnn.parameters().size(), 47U);  // with mean and deviation of the inputs
  EXPECT_EQ(cnn.parameter_names().size(), 47U);
  EXPECT_EQ(make_classifier("cnn", {}, {})->name(), "cnn");
}

// Central differences err by about step^2 = 1e-10.
TEST(Cnn, GradientAgreesWithDifferences) {
  Toy toy(3);
  for (std::size_t i = 0; i < 3; ++i) toy.profiles[i].covariates["sex"] = static_cast<double>(i);
  for (const std::size_t count : {0U, 1U, 3U}) {
    const Cnn cnn(3.0, covariates_of(count));
    const LogitModel model = cnn.logit_model(toy.examples.examples);
    const std::size_t row = 44 + count;
    ASSERT_EQ(model.parameters, row);
    const std::vector<std::size_t> places = {0, 1, 2};
    std::vector<double> x = random_angles(row, 2);
    std::vector<double> logit(3);
    std::vector<double> gradient(3 * row);
    std::vector<double> ignored(gradient.size());
    model.evaluate(x, places, 0, logit, gradient);
    const double step = 1e-5;
    for (std::size_t k = 0; k < x.size(); ++k) {
      std::vector<double> up(3);
      std::vector<double> down(3);
      const double here = x[k];
      x[k] = here + step;
      model.evaluate(x, places, 0, up, ignored);
      x[k] = here - step;
      model.evaluate(x, places, 0, down, ignored);
      x[k] = here;
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(gradient[i * row + k], (up[i] - down[i]) / (2.0 * step), 1e-8) << cnn.parameter_names()[k];
      }
    }
  }
}

// A curve that is the same further round the ring by whole pooling windows gives the same features.
TEST(Cnn, SeesARing) {
  Cnn cnn(3.0, {testing::comed_input()});
  std::vector<double> parameters = random_angles(45, 3);
  parameters.insert(parameters.end(), {0.0, 1.0});
  cnn.set_parameters(parameters);
  const Profile profile = curve_of({});
  Profile turned = profile;
  std::rotate(turned.curve.begin(), turned.curve.begin() + 12, turned.curve.end());
  const std::vector<Example> examples = {{&profile, 4.0, 0}, {&turned, 4.0, 0}};
  const std::vector<double> p = cnn.probabilities(examples, 1);
  EXPECT_NEAR(p[0], p[1], 1e-14);
}

TEST(Cnn, LearnsSeparableData) {
  const Toy toy(36, 0.0);
  Cnn cnn(3.0, {testing::comed_input()});
  TrainingOptions options;
  options.steps = 100;
  const History history = cnn.train({}, toy.examples, options, 1, 0);
  EXPECT_LT(history.loss.back(), 0.1);
  EXPECT_GT(evaluate(cnn.probabilities(toy.examples.examples, 1), toy.examples.labels).auc, 0.99);
}

TEST(Cnn, ContinuesFromItsParameters) {
  const Toy toy(36);
  Cnn cnn(3.0, {testing::comed_input()});
  TrainingOptions options;
  options.steps = 60;
  const History first = cnn.train({}, toy.examples, options, 1, 0);
  options.warm_start = true;
  options.steps = 1;
  const std::vector<double> before = cnn.parameters();
  const History second = cnn.train({}, toy.examples, options, 1, 1);
  EXPECT_LE(second.loss.front(), first.loss.back());
  EXPECT_EQ(cnn.parameters()[45], before[45]);  // mean and deviation of the inputs stay
  EXPECT_THROW(Cnn(0.0), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
