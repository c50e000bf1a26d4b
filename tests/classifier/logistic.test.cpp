#include "titrant/classifier/logistic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "curves.hpp"
#include "titrant/classifier/metrics.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::Toy;

// The ridge problem again, in plain loops: gradient descent until the gradient is rounding noise.
std::vector<double> descend(const LabelledExamples& examples, double ridge) {
  const std::size_t n = examples.size();
  std::vector<std::array<double, 5>> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Example& e = examples.examples[i];
    const auto& metrics = e.profile->per_mg;
    x[i] = {1.0, std::log(1.0 + e.dose * metrics.average / 3.0), std::log(1.0 + e.dose * metrics.minimum / 3.0),
            std::log(1.0 + e.dose * metrics.maximum / 3.0), e.profile->covariates.at("comed")};
  }
  for (std::size_t k = 1; k < 5; ++k) {
    double mean = 0.0;
    double square = 0.0;
    for (const auto& row : x) mean += row[k] / static_cast<double>(n);
    for (const auto& row : x) square += (row[k] - mean) * (row[k] - mean) / static_cast<double>(n);
    for (auto& row : x) row[k] = (row[k] - mean) / std::sqrt(square);
  }
  std::vector<double> w(5, 0.0);
  for (int step = 0; step < 20000; ++step) {
    std::array<double, 5> gradient = {0.0, ridge * w[1], ridge * w[2], ridge * w[3], ridge * w[4]};
    for (std::size_t i = 0; i < n; ++i) {
      double logit = 0.0;
      for (std::size_t k = 0; k < 5; ++k) logit += w[k] * x[i][k];
      for (std::size_t k = 0; k < 5; ++k)
        gradient[k] += (1.0 / (1.0 + std::exp(-logit)) - examples.labels[i]) * x[i][k];
    }
    for (std::size_t k = 0; k < 5; ++k) w[k] -= 0.02 * gradient[k];
  }
  return w;
}

TEST(Logistic, IsTheMinimumOfThePenalisedLoss) {
  const Toy toy(40);
  for (const double ridge : {1.0, 4.0}) {
    LogisticRegression logistic(3.0, ridge);
    const History history = logistic.train({}, toy.examples, {}, 1, 0);
    const std::vector<double> expected = descend(toy.examples, ridge);
    const std::vector<double> found = logistic.parameters();
    for (std::size_t k = 0; k < 5; ++k) EXPECT_NEAR(found[k], expected[k], 1e-8) << k;
    EXPECT_LT(history.gradient_norm.back(), 1e-10);
    EXPECT_LT(history.loss.size(), 12U);  // Newton: quadratic convergence
    EXPECT_TRUE(std::is_sorted(history.loss.rbegin(), history.loss.rend()));
  }
  EXPECT_THROW(LogisticRegression(3.0, -1.0), ConfigError);
}

TEST(Logistic, SeparableDataStayFinite) {
  const Toy toy(30, 0.0);
  LogisticRegression logistic(3.0);
  logistic.train({}, toy.examples, {}, 1, 0);
  for (const double value : logistic.parameters()) EXPECT_TRUE(std::isfinite(value));
  EXPECT_GT(evaluate(logistic.probabilities(toy.examples.examples, 1), toy.examples.labels).auc, 0.97);
}

TEST(Logistic, AFeatureThatNeverVariesIsIgnored) {
  Toy toy(30);
  for (Profile& profile : toy.profiles) profile.covariates["comed"] = 1.0;
  LogisticRegression logistic(3.0);
  logistic.train({}, toy.examples, {}, 1, 0);
  EXPECT_EQ(logistic.parameters()[4], 0.0);
}

TEST(Logistic, PredictsForPlacebo) {
  const Toy toy(30);
  LogisticRegression logistic(3.0);
  logistic.train({}, toy.examples, {}, 1, 0);
  const std::vector<Example> examples = {{toy.profiles.data(), 0.0, 0}, {toy.profiles.data(), 10.0, 0}};
  const std::vector<double> p = logistic.probabilities(examples, 1);
  EXPECT_LT(p[0], 0.05);
  EXPECT_GT(p[1], 0.5);
}

TEST(Logistic, ParametersAreAllThereIs) {
  const Toy toy(30);
  LogisticRegression logistic(3.0);
  logistic.train({}, toy.examples, {}, 1, 0);
  LogisticRegression other(3.0);
  other.set_parameters(logistic.parameters());
  EXPECT_EQ(other.probabilities(toy.examples.examples, 1), logistic.probabilities(toy.examples.examples, 1));
  EXPECT_EQ(logistic.parameter_names().size(), logistic.parameters().size());
  EXPECT_THROW(LogisticRegression(0.0), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
