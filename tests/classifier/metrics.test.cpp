#include "titrant/classifier/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::classifier {
namespace {

constexpr double rounding = 1e-14;

// Worked by hand. Pairs (success, failure): 0.9 beats both, 0.4 beats 0.1 and ties with 0.4: 3.5 of 4.
// Bins: [0.1] one example 0.1 - 0, [0.4] two of sum 0.8 against one success, [0.9] one of 0.9 against 1.
TEST(Metrics, OfFourExamples) {
  const std::vector<double> p = {0.9, 0.4, 0.4, 0.1};
  const std::vector<int> y = {1, 1, 0, 0};
  const Metrics metrics = evaluate(p, y);
  EXPECT_NEAR(metrics.log_loss, -(std::log(0.9) + std::log(0.4) + std::log(0.6) + std::log(0.9)) / 4.0, rounding);
  EXPECT_NEAR(metrics.accuracy, 0.75, rounding);
  EXPECT_NEAR(metrics.auc, 3.5 / 4.0, rounding);
  EXPECT_NEAR(metrics.brier, (0.01 + 0.36 + 0.16 + 0.01) / 4.0, rounding);
  EXPECT_NEAR(metrics.ece, (0.1 + 0.2 + 0.1) / 4.0, rounding);
}

TEST(Metrics, CertaintyIsClippedNotInfinite) {
  const std::vector<double> p = {1.0, 0.0};
  const std::vector<int> wrong = {0, 1};
  EXPECT_NEAR(evaluate(p, wrong).log_loss, -std::log(1e-12), 1e-3);  // 1 - (1 - 1e-12) keeps four digits
  EXPECT_NEAR(evaluate(p, wrong).ece, 1.0, rounding);
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

}  // namespace
}  // namespace titrant::classifier
