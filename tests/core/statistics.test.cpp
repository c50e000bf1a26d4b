#include "titrant/core/statistics.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <map>

using namespace titrant::core;
using testing::ElementsAre;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST(Statistics, MediansOfOddAndEvenCounts) {
  EXPECT_EQ(median({3.0, 1.0, 2.0}), 2.0);
  EXPECT_EQ(median({4.0, 1.0, 2.0, 3.0}), 2.5);
  EXPECT_EQ(lower_median({4.0, 1.0, 2.0, 3.0}), 2.0);
  EXPECT_EQ(upper_median({4.0, 1.0, 2.0, 3.0}), 3.0);
  EXPECT_EQ(lower_median({7.0}), 7.0);
  EXPECT_EQ(upper_median({7.0}), 7.0);
  const double largest = std::numeric_limits<double>::max();
  EXPECT_EQ(median({largest, largest}), largest) << "no overflow of a sum";
}

// R: quantile(c(1, 2, 4, 8), c(0, 0.1, 0.5, 0.9, 1)) is 1.0 1.3 3.0 6.8 8.0.
TEST(Statistics, QuantilesInterpolateAsRDoes) {
  const std::vector<double> values = {8.0, 2.0, 1.0, 4.0};
  EXPECT_DOUBLE_EQ(quantile(values, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(quantile(values, 0.1), 1.3);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 3.0);
  EXPECT_DOUBLE_EQ(quantile(values, 0.9), 6.8);
  EXPECT_DOUBLE_EQ(quantile(values, 1.0), 8.0);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

// R: quantile(c(1, 2, 4, 8), c(0, 0.25, 0.26, 0.5, 0.95), type = 1) is 1 1 2 2 8.
TEST(Statistics, NearestRanksAreValuesAsInR) {
  const std::vector<double> values = {8.0, 2.0, 1.0, 4.0};
  EXPECT_EQ(nearest_rank(values, 0.0), 1.0);
  EXPECT_EQ(nearest_rank(values, 0.25), 1.0);
  EXPECT_EQ(nearest_rank(values, 0.26), 2.0);
  EXPECT_EQ(nearest_rank(values, 0.5), 2.0);
  EXPECT_EQ(nearest_rank(values, 0.95), 8.0);
  EXPECT_TRUE(std::isnan(nearest_rank({}, 0.5)));
}

TEST(Statistics, LeavesOutWhatIsNoNumber) {
  EXPECT_THAT(without_nan({nan_value, 2.0, nan_value, 1.0}), ElementsAre(2.0, 1.0));
}

// Each of the six orders of three in a sixth of the cases: 6,000 trials, a standard deviation of 29.
TEST(Statistics, ShufflesEveryOrderAlike) {
  Stream stream(1, Purpose::split, 0);
  std::map<std::vector<std::size_t>, int> seen;
  for (int trial = 0; trial < 6000; ++trial) {
    std::vector<std::size_t> list = {0, 1, 2};
    shuffle(list, stream);
    ++seen[list];
  }
  ASSERT_EQ(seen.size(), 6U);
  for (const auto& [order, count] : seen) EXPECT_NEAR(count, 1000, 150);
}
