#include "titrant/classifier/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::classifier {
namespace {

constexpr double metric_rounding = 1e-14;

// Worked by hand. Pairs (success, failure): 0.9 beats both, 0.4 beats 0.1 and ties with 0.4: 3.5 of 4.
// Bins: [0.1] one example 0.1 - 0, [0.4] two of sum 0.8 against one success, [0.9] one of 0.9 against 1.
TEST(Metrics, OfFourExamples) {
  const std::vector<double> p = {0.9, 0.4, 0.4, 0.1};
  const std::vector<int> y = {1, 1, 0, 0};
  const Metrics metrics = evaluate(p, y);
  EXPECT_NEAR(metrics.log_loss, -(std::log(0.9) + std::log(0.4) + std::log(0.6) + std::log(0.9)) / 4.0,
              metric_rounding);
  EXPECT_NEAR(metrics.accuracy, 0.75, metric_rounding);
  EXPECT_NEAR(metrics.auc, 3.5 / 4.0, metric_rounding);
  EXPECT_NEAR(metrics.brier, (0.01 + 0.36 + 0.16 + 0.01) / 4.0, metric_rounding);
  EXPECT_NEAR(metrics.ece, (0.1 + 0.2 + 0.1) / 4.0, metric_rounding);
}

TEST(Metrics, CertaintyIsClippedNotInfinite) {
  const std::vector<double> p = {1.0, 0.0};
  const std::vector<int> wrong = {0, 1};
  EXPECT_NEAR(evaluate(p, wrong).log_loss, -std::log(1e-12), 1e-3);  // 1 - (1 - 1e-12) keeps four digits
  EXPECT_NEAR(evaluate(p, wrong).ece, 1.0, metric_rounding);
  const std::vector<int> right = {1, 0};
  EXPECT_NEAR(evaluate(p, right).log_loss, 0.0, 1e-11);
  EXPECT_EQ(evaluate(p, right).auc, 1.0);
}

TEST(Metrics, AucNeedsBothOutcomes) {
  EXPECT_TRUE(std::isnan(evaluate(std::vector<double>{0.2, 0.4}, std::vector<int>{1, 1}).auc));
}

// The definition itself, over all pairs, on values with many ties.
TEST(Metrics, AucCountsTiesHalf) {
  core::Stream stream(1, core::Purpose::test, 0);
  std::vector<double> p;
  std::vector<int> y;
  for (int i = 0; i < 200; ++i) {
    p.push_back(static_cast<double>(stream.below(8)) / 8.0);
    y.push_back(stream.uniform() < 0.3 + 0.4 * p.back() ? 1 : 0);
  }
  double won = 0.0;
  double pairs = 0.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (y[i] != 1 || y[j] != 0) continue;
      pairs += 1.0;
      won += p[i] > p[j] ? 1.0 : p[i] == p[j] ? 0.5 : 0.0;
    }
  }
  EXPECT_NEAR(evaluate(p, y).auc, won / pairs, 1e-12);
}

TEST(Metrics, RefuseWhatIsNotANumber) {
  EXPECT_THROW(evaluate(std::vector<double>{std::numeric_limits<double>::quiet_NaN()}, std::vector<int>{1}),
               NumericalError);
  EXPECT_THROW(evaluate(std::vector<double>{}, std::vector<int>{}), std::logic_error);
}

// The bins of OfFourExamples: two examples in [0.4, 0.5), one in [0.1, 0.2) and [0.9, 1].
TEST(Reliability, OfFourExamples) {
  const Reliability bins = reliability(std::vector<double>{0.9, 0.4, 0.4, 0.1}, std::vector<int>{1, 1, 0, 0});
  for (std::size_t k = 0; k < bins.size(); ++k) {
    const std::size_t count = k == 4 ? 2 : (k == 1 || k == 9) ? 1 : 0;
    EXPECT_EQ(bins.at(k).count, count);
    EXPECT_EQ(std::isnan(bins.at(k).predicted), count == 0);
    EXPECT_EQ(std::isnan(bins.at(k).observed), count == 0);
  }
  EXPECT_DOUBLE_EQ(bins[4].predicted, 0.4);
  EXPECT_DOUBLE_EQ(bins[4].observed, 0.5);
  EXPECT_DOUBLE_EQ(bins[9].observed, 1.0);
  EXPECT_EQ(reliability(std::vector<double>{1.0}, std::vector<int>{1})[9].count, 1U);
}

// Their weighted distance from the diagonal is the calibration error.
TEST(Reliability, AddsUpToTheCalibrationError) {
  core::Stream stream(1, core::Purpose::test, 4);
  std::vector<double> p;
  std::vector<int> y;
  for (int i = 0; i < 300; ++i) {
    p.push_back(stream.uniform());
    y.push_back(stream.uniform() < 0.5 * p.back() ? 1 : 0);
  }
  double error = 0.0;
  for (const ReliabilityBin& bin : reliability(p, y)) {
    error += std::abs(bin.predicted - bin.observed) * static_cast<double>(bin.count) / 300.0;
  }
  EXPECT_NEAR(evaluate(p, y).ece, error, 1e-13);
}

struct Predictions {
  std::vector<double> p;
  std::vector<int> y;
  std::vector<std::size_t> group;
};

// `copies` examples of each subject, all with the same prediction and outcome.
Predictions predictions(std::size_t subjects, std::size_t copies, std::uint64_t unit = 5) {
  Predictions all;
  core::Stream stream(1, core::Purpose::test, unit);
  for (std::size_t i = 0; i < subjects; ++i) {
    const double p = stream.uniform();
    const int y = stream.uniform() < p ? 1 : 0;
    for (std::size_t k = 0; k < copies; ++k) {
      all.p.push_back(p);
      all.y.push_back(y);
      all.group.push_back(1000 - i);
    }
  }
  return all;
}

// The mean of n independent numbers has the standard error s / sqrt(n): the 90 % interval of the Brier score is the
// mean +- 1.645 of that. With 400 subjects the normal limit holds within a few per cent, and 4,000 replicates know
// their 5 % quantile to 4 % of its width.
TEST(BootstrapInterval, IsThatOfAMean) {
  const Predictions all = predictions(400, 1);
  const MetricsInterval interval = bootstrap_interval(all.p, all.y, all.group, {4000, 0.9}, 1);
  double mean = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < all.p.size(); ++i) {
    const double error = (all.p[i] - all.y[i]) * (all.p[i] - all.y[i]);
    mean += error / 400.0;
    squares += error * error / 400.0;
  }
  const double deviation = std::sqrt((squares - mean * mean) / 400.0);
  EXPECT_NEAR(interval.lower.brier, mean - 1.645 * deviation, 0.15 * deviation);
  EXPECT_NEAR(interval.upper.brier, mean + 1.645 * deviation, 0.15 * deviation);
  const Metrics metrics = evaluate(all.p, all.y);
  for (const auto figure : {&Metrics::log_loss, &Metrics::accuracy, &Metrics::auc}) {
    EXPECT_LT(interval.lower.*figure, metrics.*figure);
    EXPECT_GT(interval.upper.*figure, metrics.*figure);
  }
}

// Subjects are drawn, not examples: copies of a subject's examples are no further evidence.
TEST(BootstrapInterval, DrawsSubjects) {
  const Predictions once = predictions(50, 1);
  const Predictions thrice = predictions(50, 3);
  const MetricsInterval of_once = bootstrap_interval(once.p, once.y, once.group, {}, 1);
  const MetricsInterval of_thrice = bootstrap_interval(thrice.p, thrice.y, thrice.group, {}, 1);
  EXPECT_NEAR(of_once.lower.log_loss, of_thrice.lower.log_loss, 1e-12);
  EXPECT_NEAR(of_once.upper.auc, of_thrice.upper.auc, 1e-12);
  EXPECT_NE(bootstrap_interval(once.p, once.y, once.group, {}, 2).lower.log_loss, of_once.lower.log_loss);
}

// Of two subjects with different outcomes, half of the replicates hold only one: these say nothing about the ROC area.
TEST(BootstrapInterval, LeavesOutReplicatesWithoutARocArea) {
  const MetricsInterval two =
      bootstrap_interval(std::vector<double>{0.2, 0.8}, std::vector<int>{0, 1}, std::vector<std::size_t>{0, 1}, {}, 1);
  EXPECT_EQ(two.lower.auc, 1.0);
  EXPECT_EQ(two.upper.auc, 1.0);
  const MetricsInterval one =
      bootstrap_interval(std::vector<double>{0.2, 0.8}, std::vector<int>{1, 1}, std::vector<std::size_t>{0, 1}, {}, 1);
  EXPECT_TRUE(std::isnan(one.lower.auc));
}

}  // namespace
}  // namespace titrant::classifier
