#include "titrant/parallel/partition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

using titrant::parallel::Block;
using titrant::parallel::block_of;
using titrant::parallel::group_count;

TEST(Partition, BlocksCoverAllUnitsInOrderAndDifferByAtMostOne) {
  for (const std::size_t units : {0U, 1U, 2U, 5U, 16U, 17U, 1000U}) {
    for (const std::size_t ranks : {1U, 2U, 3U, 4U, 7U, 16U, 64U}) {
      std::size_t next = 0;
      std::size_t smallest = units;
      std::size_t largest = 0;
      for (std::size_t rank = 0; rank < ranks; ++rank) {
        const Block block = block_of(units, ranks, rank);
        EXPECT_EQ(block.begin, next);
        EXPECT_LE(block.begin, block.end);
        next = block.end;
        smallest = std::min(smallest, block.size());
        largest = std::max(largest, block.size());
      }
      EXPECT_EQ(next, units);
      EXPECT_LE(largest - smallest, 1U) << units << " units on " << ranks << " ranks";
    }
  }
}

TEST(Partition, RefusesARankThatDoesNotExist) { EXPECT_THROW(block_of(10, 4, 4), std::logic_error); }

// Six trainings that four ranks could share each: two groups of two on four ranks take 3 x 2 parts, four groups of one
// 2 x 4.
TEST(Partition, GroupsShareWhatDoesNotDivideIntoWholeUnits) {
  EXPECT_EQ(group_count(6, 1, 4), 1U);
  EXPECT_EQ(group_count(6, 4, 4), 2U);
  EXPECT_EQ(group_count(6, 4, 1), 4U);
  EXPECT_EQ(group_count(6, 24, 4), 6U);
  EXPECT_EQ(group_count(8, 4, 4), 4U);  // divides as it is: no rank has to talk
  EXPECT_EQ(group_count(1, 8, 4), 1U);
  EXPECT_EQ(group_count(0, 8, 4), 1U);
  for (std::size_t units = 1; units < 20; ++units) {
    for (std::size_t ranks = 1; ranks < 20; ++ranks) {
      const std::size_t groups = group_count(units, ranks, 4);
      EXPECT_GE(groups, 1U);
      EXPECT_LE(groups, std::min(units, ranks));
    }
  }
}
