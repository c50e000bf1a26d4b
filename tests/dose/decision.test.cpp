#include "titrant/dose/decision.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace titrant::dose {

namespace {

using protocol::Direction;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Decision decided(const std::vector<double>& mean, double target, Direction direction) {
  std::vector<double> doses;
  for (std::size_t d = 0; d < mean.size(); ++d) doses.push_back(static_cast<double>(d + 1));
  return decide({"base", "daily", "control", target}, doses, direction, "qcnn", {mean, mean}, Rule::mean);
}

}  // namespace

TEST(Decide, TakesTheFirstDoseThatReachesTheTarget) {
  const Attainment attainment{{0.1, 0.75, 0.9, 0.95}, {0.0, 0.7, 0.8, 1.0}};
  const protocol::Question question{"base", "daily", "control", 0.9};
  const Decision by_mean = decide(question, {1, 2, 3, 4}, Direction::rising, "qcnn", attainment, Rule::mean);
  EXPECT_EQ(by_mean.lowest, 3.0);  // exactly the target counts
  EXPECT_FALSE(by_mean.highest);
  EXPECT_EQ(by_mean.answer(), 3.0);
  EXPECT_EQ(by_mean.attainment, 0.9);
  EXPECT_EQ(by_mean.attainment_beside, 0.75);
  EXPECT_TRUE(by_mean.monotone);
  EXPECT_EQ(by_mean.question, question);
  EXPECT_EQ(by_mean.method, "qcnn");
  const Decision by_indicator = decide(question, {1, 2, 3, 4}, Direction::rising, "qcnn", attainment, Rule::indicator);
  EXPECT_EQ(by_indicator.lowest, 4.0);
}

TEST(Decide, TakesTheLastDoseWhereSuccessFalls) {
  const Decision decision = decided({0.99, 0.95, 0.9, 0.2}, 0.9, Direction::falling);
  EXPECT_EQ(decision.highest, 3.0);
  EXPECT_FALSE(decision.lowest);
  EXPECT_EQ(decision.answer(), 3.0);
  EXPECT_EQ(decision.attainment, 0.9);
  EXPECT_EQ(decision.attainment_beside, 0.2);
  EXPECT_TRUE(decision.monotone);
  EXPECT_TRUE(std::isnan(decided({0.99, 0.95}, 0.9, Direction::falling).attainment_beside));
}

TEST(Decide, TakesTheWidestWindowThenTheLowest) {
  const Decision decision = decided({0.1, 0.92, 0.8, 0.9, 0.95, 0.3, 0.99, 0.99}, 0.9, Direction::window);
  EXPECT_EQ(decision.lowest, 4.0);
  EXPECT_EQ(decision.highest, 5.0);
  EXPECT_EQ(decision.answer(), 4.0);
  EXPECT_EQ(decision.attainment, 0.9);
  EXPECT_EQ(decision.attainment_beside, 0.8);
  EXPECT_FALSE(decision.monotone);
  const Decision whole = decided({0.95, 0.99, 0.9}, 0.9, Direction::window);
  EXPECT_EQ(whole.lowest, 1.0);
  EXPECT_EQ(whole.highest, 3.0);
  EXPECT_TRUE(std::isnan(whole.attainment_beside));
  EXPECT_TRUE(whole.monotone);
}

TEST(Decide, SaysNoneOnThisGridAndHowCloseItCame) {
  const Decision rising = decided({0.1, 0.4}, 0.9, Direction::rising);
  EXPECT_TRUE(std::isnan(rising.answer()));
  EXPECT_EQ(rising.attainment, 0.4);
  EXPECT_EQ(rising.attainment_beside, 0.1);
  const Decision falling = decided({0.4, 0.1}, 0.9, Direction::falling);
  EXPECT_TRUE(std::isnan(falling.answer()));
  EXPECT_EQ(falling.attainment, 0.4);
  EXPECT_EQ(falling.attainment_beside, 0.1);
  const Decision window = decided({0.1, 0.7, 0.6}, 0.9, Direction::window);
  EXPECT_FALSE(window.lowest || window.highest);
  EXPECT_EQ(window.attainment, 0.7);
}

TEST(Decide, KnowsNothingBelowTheFirstDose) {
  const Decision decision = decided({0.95, 0.99}, 0.9, Direction::rising);
  EXPECT_EQ(decision.lowest, 1.0);
  EXPECT_TRUE(std::isnan(decision.attainment_beside));
}

TEST(Decide, NoticesAttainmentThatTurns) {
  EXPECT_FALSE(decided({0.5, 0.95, 0.6}, 0.9, Direction::rising).monotone);
  EXPECT_TRUE(decided({0.5, unknown, 0.6}, 0.6, Direction::rising).monotone);
  EXPECT_FALSE(decided({0.5, 0.6}, 0.6, Direction::falling).monotone);
  EXPECT_TRUE(decided({0.6, unknown, 0.6, 0.1}, 0.6, Direction::falling).monotone);
  EXPECT_TRUE(decided({0.5, 0.95, 0.95, 0.6}, 0.9, Direction::window).monotone);
  EXPECT_FALSE(decided({0.5, 0.95, 0.6, 0.7}, 0.9, Direction::window).monotone);
  // Rounding in the sums is no turn.
  EXPECT_TRUE(decided({0.5, 0.5 - 1e-15}, 0.9, Direction::rising).monotone);
}

// Twenty replicates 1..20: nearest ranks are the first and the nineteenth. Two that found no dose are above or below.
TEST(Interval, IsTheNearestRank) {
  std::vector<std::optional<double>> doses;
  for (int i = 20; i >= 1; --i) doses.emplace_back(i);
  EXPECT_EQ(interval(doses, above_the_grid).lower, 1.0);
  EXPECT_EQ(interval(doses, above_the_grid).upper, 19.0);
  doses[0].reset();
  doses[1].reset();
  EXPECT_TRUE(std::isinf(interval(doses, above_the_grid).upper));
  EXPECT_EQ(interval(doses, below_the_grid).lower, 0.0);
  EXPECT_EQ(interval(doses, below_the_grid).upper, 17.0);
}

}  // namespace titrant::dose
