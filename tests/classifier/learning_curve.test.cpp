#include "titrant/classifier/learning_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "curves.hpp"
#include "slow_logistic.hpp"
#include "titrant/classifier/logistic.hpp"
#include "titrant/classifier/split.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::Toy;

LogisticRegression logistic_regression() { return LogisticRegression(3.0, 1.0, {testing::comed_input()}); }

TEST(StratifiedSubset, HasBothOutcomesInProportion) {
  const Toy toy(60);
  double successes = 0.0;
  for (const int label : toy.examples.labels) successes += label;
  for (const std::size_t subjects : {2U, 4U, 8U, 33U, 60U}) {
    const Split split = stratified_subset(toy.examples, subjects, 1, 0);
    EXPECT_EQ(split.train.size(), subjects);
    EXPECT_EQ(split.test.size(), 60 - subjects);
    double chosen = 0.0;
    for (const std::size_t place : split.train) chosen += toy.examples.labels[place];
    EXPECT_NEAR(chosen, successes / 60.0 * static_cast<double>(subjects), 0.5 + 1e-12);
    EXPECT_GE(chosen, 1.0);
    EXPECT_LE(chosen, static_cast<double>(subjects) - 1.0);
  }
}

// One success among sixty: the smallest subset still has it, and the largest has no more.
TEST(StratifiedSubset, KeepsARareOutcome) {
  Toy toy(60);
  for (int& label : toy.examples.labels) label = 0;
  toy.examples.labels[17] = 1;
  for (const std::size_t subjects : {2U, 30U, 60U}) {
    const Split split = stratified_subset(toy.examples, subjects, 1, 0);
    EXPECT_EQ(split.train.size(), subjects);
    EXPECT_TRUE(std::find(split.train.begin(), split.train.end(), 17U) != split.train.end());
  }
}

TEST(StratifiedSubset, GrowsWithinAReplicate) {
  const Toy toy(60);
  const auto chosen = [&](std::size_t subjects, std::uint64_t replicate) {
    const std::vector<std::size_t> train = stratified_subset(toy.examples, subjects, 1, replicate).train;
    return std::set<std::size_t>(train.begin(), train.end());
  };
  const std::set<std::size_t> small = chosen(10, 3);
  const std::set<std::size_t> large = chosen(40, 3);
  EXPECT_TRUE(std::includes(large.begin(), large.end(), small.begin(), small.end()));
  EXPECT_NE(chosen(10, 4), small);
}

TEST(StratifiedSubset, RefusesSizesThatThereAreNot) {
  Toy toy(10);
  EXPECT_THROW(stratified_subset(toy.examples, 1, 1, 0), ConfigError);
  EXPECT_THROW(stratified_subset(toy.examples, 11, 1, 0), ConfigError);
  for (int& label : toy.examples.labels) label = 1;
  EXPECT_THROW(stratified_subset(toy.examples, 4, 1, 0), DataError);
}

// By hand: the same subset, a classifier trained on it, the same figures on everybody else.
TEST(LearningCurve, TestsOnEverybodyElse) {
  const Toy toy(40);
  const LearningCurve curve = learning_curve({}, logistic_regression(), toy.examples, {{4, 20}, 3}, {}, 1);
  ASSERT_EQ(curve.metrics.size(), 1U);
  ASSERT_EQ(curve.metrics[0].size(), 2U);
  ASSERT_EQ(curve.metrics[0][1].size(), 3U);
  const Split split = stratified_subset(toy.examples, 20, 1, 2);
  LogisticRegression logistic = logistic_regression();
  logistic.train({}, toy.examples.subset(split.train), {}, 1, 0);
  const LabelledExamples test = toy.examples.subset(split.test);
  EXPECT_EQ(curve.metrics[0][1][2].log_loss, evaluate(logistic.probabilities(test.examples, 1), test.labels).log_loss);
}

// More to learn from is better, on average over replicates, for data that follow the model.
TEST(LearningCurve, FallsWithTheNumberOfSubjects) {
  const Toy pool(400, 0.5, 1);
  const Toy test(400, 0.5, 2);
  const Toy other(100, 0.5, 3);
  const LearningCurve curve = learning_curve({}, logistic_regression(), pool.examples, {test.examples, other.examples},
                                             {{8, 50, 400}, 8}, {}, 1);
  ASSERT_EQ(curve.metrics.size(), 2U);
  for (const auto& by_size : curve.metrics) {
    EXPECT_GT(mean(by_size[0]).log_loss, mean(by_size[1]).log_loss);
    EXPECT_GT(mean(by_size[1]).log_loss, mean(by_size[2]).log_loss);
  }
  // The whole pool: logistic regression has no random start, so replicates agree.
  EXPECT_NEAR(curve.metrics[0][2][0].log_loss, curve.metrics[0][2][7].log_loss, 1e-9);
}

TEST(LearningCurve, NeedsSomebodyToTest) {
  const Toy toy(10);
  EXPECT_THROW(learning_curve({}, logistic_regression(), toy.examples, {{10}, 1}, {}, 1), ConfigError);
  EXPECT_THROW(expect_others(toy.examples, 10, 1), ConfigError);
  EXPECT_THROW(expect_others(toy.examples, 11, 1), ConfigError);
  EXPECT_NO_THROW(expect_others(toy.examples, 9, 1));
}

/// Subjects whose outcome follows a logistic model exactly: p = sigmoid(-1.5 + 2.5 log(1 + c / 3) - comed) of the
/// average concentration c.
struct LogisticTruth : Toy {
  std::vector<double> p;

  LogisticTruth(std::size_t subjects, std::uint64_t unit) : Toy(subjects, 0.0, unit) {
    core::Stream stream(12, core::Purpose::test, unit);
    for (std::size_t i = 0; i < subjects; ++i) {
      const double c = examples.examples[i].dose * profiles[i].per_mg.average;
      p.push_back(
          testing::SlowLogistic::sigmoid(-1.5 + 2.5 * std::log(1.0 + c / 3.0) - profiles[i].covariates.at("comed")));
      examples.labels[i] = stream.uniform() < p.back() ? 1 : 0;
    }
  }
};

// Every figure of every training, by another optimiser and other sums.
TEST(LearningCurve, FiguresAreThoseOfASlowLoop) {
  const LogisticTruth pool(120, 21);
  const LogisticTruth other(80, 22);
  const std::vector<std::size_t> sizes = {12, 60};
  const LearningCurve within = learning_curve({}, logistic_regression(), pool.examples, {sizes, 3}, {}, 5);
  const LearningCurve beyond =
      learning_curve({}, logistic_regression(), pool.examples, {other.examples}, {sizes, 3}, {}, 5);
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    for (std::uint64_t replicate = 0; replicate < 3; ++replicate) {
      const Split split = stratified_subset(pool.examples, sizes[s], 5, replicate);
      ASSERT_EQ(split.train.size(), sizes[s]);
      testing::SlowLogistic slow(3.0, 1.0);
      slow.train(pool.examples.subset(split.train));
      const auto figures = [&](const LabelledExamples& set) {
        std::vector<double> p;
        for (const Example& example : set.examples) p.push_back(slow.probability(example));
        return testing::slow_metrics(p, set.labels);
      };
      const auto expect_same = [](const Metrics& found, const Metrics& expected) {
        EXPECT_NEAR(found.log_loss, expected.log_loss, 1e-6);  // both end at a gradient below 1e-9 per example
        EXPECT_NEAR(found.accuracy, expected.accuracy, 1e-12);
        EXPECT_NEAR(found.brier, expected.brier, 1e-6);
        EXPECT_NEAR(found.auc, expected.auc, 1e-12);
      };
      expect_same(within.metrics[0][s][replicate], figures(pool.examples.subset(split.test)));
      expect_same(beyond.metrics[0][s][replicate], figures(other.examples));
    }
  }
}

// With the truth known, so is what the figure estimates: learnt from many, the held-out log-loss is the entropy of the
// outcomes but for what 5 weights cost (about 5 / 2n) and the luck of the test set (four standard errors).
TEST(LearningCurve, EndsAtTheEntropyOfTheTruth) {
  const LogisticTruth pool(3000, 23);
  const LogisticTruth test(4000, 24);
  const LearningCurve curve =
      learning_curve({}, logistic_regression(), pool.examples, {test.examples}, {{3000}, 1}, {}, 1);
  double entropy = 0.0;
  double variance = 0.0;
  for (const double p : test.p) {
    const double success = -std::log(p);
    const double failure = -std::log1p(-p);
    entropy += (p * success + (1.0 - p) * failure) / 4000.0;
    variance += p * (1.0 - p) * std::pow(success - failure, 2) / (4000.0 * 4000.0);
  }
  ASSERT_GT(entropy, 0.2);  // neither a coin nor a certainty
  ASSERT_LT(entropy, 0.65);
  EXPECT_NEAR(curve.metrics[0][0][0].log_loss, entropy + 5.0 / 6000.0, 4.0 * std::sqrt(variance) + 5.0 / 6000.0);
}

}  // namespace
}  // namespace titrant::classifier
