#include "titrant/classifier/logistic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "curves.hpp"
#include "titrant/classifier/metrics.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::Toy;

// 0, 1 and 3 inputs of covariates.
std::vector<CovariateInput> logistic_covariates(std::size_t count) {
  std::vector<CovariateInput> all;
  if (count > 0) all.push_back(testing::comed_input());
  if (count > 1) all.push_back(testing::weight_input());
  if (count > 2) all.push_back({.name = "region", .value = 2.0});
  return all;
}

Toy regional_toy(std::size_t subjects) {
  Toy toy(subjects);
  for (std::size_t i = 0; i < subjects; ++i) toy.profiles[i].covariates["region"] = static_cast<double>(i % 3);
  return toy;
}

// The ridge problem again, in plain loops: gradient descent until the gradient is rounding noise.
std::vector<double> descend(const LabelledExamples& examples, double ridge, std::size_t covariates) {
  const std::size_t n = examples.size();
  const std::size_t columns = 4 + covariates;
  std::vector<std::vector<double>> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Example& e = examples.examples[i];
    const auto& metrics = e.profile->per_mg;
    x[i] = {1.0, std::log(1.0 + e.dose * metrics.average / 3.0), std::log(1.0 + e.dose * metrics.minimum / 3.0),
            std::log(1.0 + e.dose * metrics.maximum / 3.0)};
    const auto& known = e.profile->covariates;
    if (covariates > 0) x[i].push_back(known.at("comed"));
    if (covariates > 1) x[i].push_back(2.0 / std::numbers::pi * std::atan(std::pow(known.at("body_weight") / 70.0, 2)));
    if (covariates > 2) x[i].push_back(known.at("region") == 2.0 ? 1.0 : 0.0);
  }
  for (std::size_t k = 1; k < columns; ++k) {
    double mean = 0.0;
    double square = 0.0;
    for (const auto& row : x) mean += row[k] / static_cast<double>(n);
    for (const auto& row : x) square += (row[k] - mean) * (row[k] - mean) / static_cast<double>(n);
    for (auto& row : x) row[k] = (row[k] - mean) / std::sqrt(square);
  }
  std::vector<double> w(columns, 0.0);
  for (int step = 0; step < 20000; ++step) {
    std::vector<double> gradient(columns, 0.0);
    for (std::size_t k = 1; k < columns; ++k) gradient[k] = ridge * w[k];
    for (std::size_t i = 0; i < n; ++i) {
      double logit = 0.0;
      for (std::size_t k = 0; k < columns; ++k) logit += w[k] * x[i][k];
      for (std::size_t k = 0; k < columns; ++k)
        gradient[k] += (1.0 / (1.0 + std::exp(-logit)) - examples.labels[i]) * x[i][k];
    }
    for (std::size_t k = 0; k < columns; ++k) w[k] -= 0.02 * gradient[k];
  }
  return w;
}

TEST(Logistic, IsTheMinimumOfThePenalisedLoss) {
  const Toy toy = regional_toy(40);
  for (const std::size_t covariates : {0U, 1U, 3U}) {
    for (const double ridge : {1.0, 4.0}) {
      LogisticRegression logistic(3.0, ridge, logistic_covariates(covariates));
      const History history = logistic.train({}, toy.examples, {}, 1, 0);
      const std::vector<double> expected = descend(toy.examples, ridge, covariates);
      const std::vector<double> found = logistic.parameters();
      ASSERT_EQ(found.size(), 1 + 3 * (3 + covariates));
      for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(found[k], expected[k], 1e-8) << k;
      EXPECT_LT(history.gradient_norm.back(), 1e-10);
      EXPECT_LT(history.loss.size(), 12U);  // Newton: quadratic convergence
      EXPECT_TRUE(std::is_sorted(history.loss.rbegin(), history.loss.rend()));
    }
  }
  EXPECT_THROW(LogisticRegression(3.0, -1.0), ConfigError);
  EXPECT_THROW(LogisticRegression(3.0, 1.0, {testing::comed_input(), testing::comed_input()}), ConfigError);
}

TEST(Logistic, NamesItsParametersByCovariate) {
  EXPECT_THAT(LogisticRegression(3.0).parameter_names(),
              ::testing::ElementsAre("intercept", "weight.log_average", "weight.log_minimum", "weight.log_maximum",
                                     "mean.log_average", "mean.log_minimum", "mean.log_maximum",
                                     "deviation.log_average", "deviation.log_minimum", "deviation.log_maximum"));
  const std::vector<std::string> names =
      LogisticRegression(3.0, 1.0, {testing::comed_input(), {.name = "sex"}, {.name = "sex", .value = 2.0}})
          .parameter_names();
  ASSERT_EQ(names.size(), 19U);
  EXPECT_EQ(names[4], "weight.comed");
  EXPECT_EQ(names[6], "weight.sex_2");
  EXPECT_EQ(names[12], "mean.sex_2");
}

TEST(Logistic, NamesAMissingCovariate) {
  const Toy toy(30);
  LogisticRegression logistic(3.0, 1.0, {{.name = "sex"}});
  try {
    logistic.train({}, toy.examples, {}, 1, 0);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(),
                ::testing::AllOf(::testing::HasSubstr("covariate sex"), ::testing::HasSubstr("body_weight, comed")));
  }
}

TEST(Logistic, SeparableDataStayFinite) {
  const Toy toy(30, 0.0);
  LogisticRegression logistic(3.0, 1.0, {testing::comed_input()});
  logistic.train({}, toy.examples, {}, 1, 0);
  for (const double value : logistic.parameters()) EXPECT_TRUE(std::isfinite(value));
  EXPECT_GT(evaluate(logistic.probabilities(toy.examples.examples, 1), toy.examples.labels).auc, 0.97);
}

TEST(Logistic, AFeatureThatNeverVariesIsIgnored) {
  Toy toy(30);
  for (Profile& profile : toy.profiles) profile.covariates["comed"] = 1.0;
  LogisticRegression logistic(3.0, 1.0, {testing::comed_input()});
  logistic.train({}, toy.examples, {}, 1, 0);
  EXPECT_EQ(logistic.parameters()[4], 0.0);
}

TEST(Logistic, PredictsForPlacebo) {
  const Toy toy(30);
  LogisticRegression logistic(3.0, 1.0, {testing::comed_input()});
  logistic.train({}, toy.examples, {}, 1, 0);
  const std::vector<Example> examples = {{toy.profiles.data(), 0.0, 0}, {toy.profiles.data(), 10.0, 0}};
  const std::vector<double> p = logistic.probabilities(examples, 1);
  EXPECT_LT(p[0], 0.05);
  EXPECT_GT(p[1], 0.5);
}

TEST(Logistic, ParametersAreAllThereIs) {
  const Toy toy(30);
  LogisticRegression logistic(3.0, 1.0, {testing::comed_input()});
  logistic.train({}, toy.examples, {}, 1, 0);
  LogisticRegression other(3.0, 1.0, {testing::comed_input()});
  other.set_parameters(logistic.parameters());
  EXPECT_EQ(other.probabilities(toy.examples.examples, 1), logistic.probabilities(toy.examples.examples, 1));
  EXPECT_EQ(logistic.parameter_names().size(), logistic.parameters().size());
  EXPECT_THROW(LogisticRegression(0.0), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
