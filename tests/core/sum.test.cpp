#include "titrant/core/sum.hpp"

#include <gtest/gtest.h>

#include <vector>

using titrant::core::ordered_mean;
using titrant::core::ordered_sum;

TEST(OrderedSum, AddsEveryValueOnce) {
  for (const int count : {0, 1, 63, 64, 65, 128, 1000}) {
    std::vector<double> values;
    for (int i = 1; i <= count; ++i) values.push_back(i);
    EXPECT_EQ(ordered_sum(values), 0.5 * count * (count + 1)) << count;
  }
}

// Adding 1e-16 to 1 one at a time loses every addend; fixed blocks added pairwise keep most of them.
TEST(OrderedSum, KeepsSmallAddends) {
  std::vector<double> values(100001, 1e-16);
  values[0] = 1.0;
  EXPECT_NEAR(ordered_sum(values) - 1.0, 1e-11, 1e-13);
}

TEST(OrderedMean, RefusesNothing) { EXPECT_THROW(ordered_mean({}), std::logic_error); }
