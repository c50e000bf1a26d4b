#include "titrant/dose/decision.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace titrant::dose {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Panel panel_of(std::vector<double> doses) { return {"base", {}, daily, std::move(doses)}; }

}  // namespace

TEST(GridOptions, HoldsBothEndsWithoutAccumulatedRounding) {
  const std::vector<double> doses = GridOptions{0.1, 1.0, 0.1}.values();
  ASSERT_EQ(doses.size(), 10U);
  EXPECT_EQ(doses[2], 0.1 + 2 * 0.1);
  EXPECT_NEAR(doses.back(), 1.0, 1e-15);
  EXPECT_EQ((GridOptions{5.0, 12.0, 5.0}.values()), (std::vector<double>{5.0, 10.0}));
  EXPECT_EQ((GridOptions{5.0, 5.0, 1.0}.values()), (std::vector<double>{5.0}));
}

TEST(Decide, TakesTheFirstDoseThatReachesTheTarget) {
  PassRates rates{{0.1, 0.75, 0.9, 0.95}, {0.0, 0.7, 0.8, 1.0}};
  const Decision by_mean = decide(panel_of({1, 2, 3, 4}), "qcnn", rates, 0.9, Rule::mean);
  EXPECT_EQ(by_mean.minimal_dose, 3.0);  // exactly the target counts
  EXPECT_EQ(by_mean.pass_rate, 0.9);
  EXPECT_EQ(by_mean.pass_rate_below, 0.75);
  EXPECT_TRUE(by_mean.monotone);
  const Decision by_indicator = decide(panel_of({1, 2, 3, 4}), "qcnn", rates, 0.9, Rule::indicator);
  EXPECT_EQ(by_indicator.minimal_dose, 4.0);
}

TEST(Decide, SaysNoneOnThisGridAndHowCloseItCame) {
  PassRates rates{{0.1, 0.4}, {0.0, 0.3}};
  const Decision decision = decide(panel_of({1, 2}), "qcnn", rates, 0.9, Rule::mean);
  EXPECT_FALSE(decision.minimal_dose.has_value());
  EXPECT_EQ(decision.pass_rate, 0.4);
}

TEST(Decide, KnowsNothingBelowTheFirstDose) {
  PassRates rates{{0.95, 0.99}, {1.0, 1.0}};
  const Decision decision = decide(panel_of({1, 2}), "qcnn", rates, 0.9, Rule::mean);
  EXPECT_EQ(decision.minimal_dose, 1.0);
  EXPECT_TRUE(std::isnan(decision.pass_rate_below));
}

TEST(Decide, NoticesFallingPassRates) {
  PassRates rates{{0.5, 0.95, 0.6}, {0.5, unknown, 0.6}};
  EXPECT_FALSE(decide(panel_of({1, 2, 3}), "qcnn", rates, 0.9, Rule::mean).monotone);
  EXPECT_TRUE(decide(panel_of({1, 2, 3}), "qcnn", rates, 0.6, Rule::indicator).monotone);
}

// Twenty replicates 1..20: nearest ranks are the first and the nineteenth. Two that found no dose count as infinite.
TEST(Interval, IsTheNearestRank) {
  std::vector<std::optional<double>> doses;
  for (int i = 20; i >= 1; --i) doses.emplace_back(i);
  EXPECT_EQ(interval(doses).lower, 1.0);
  EXPECT_EQ(interval(doses).upper, 19.0);
  doses[0].reset();
  doses[1].reset();
  EXPECT_TRUE(std::isinf(interval(doses).upper));
}

}  // namespace titrant::dose
