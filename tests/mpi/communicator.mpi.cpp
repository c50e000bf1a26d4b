#include "titrant/parallel/communicator.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "world.hpp"

namespace {

std::vector<double> block_of_rank(std::size_t rank) {
  std::vector<double> mine;
  for (std::size_t i = 0; i < rank % 3; ++i) mine.push_back(100.0 * static_cast<double>(rank) + static_cast<double>(i));
  return mine;
}

std::string text_of_rank(std::size_t rank) {
  std::string text;
  text.assign(rank % 4, static_cast<char>('a' + rank));
  return text;
}

}  // namespace

// The first rank is busy elsewhere for half a second; the others wait for it and leave the processor to whom it serves.
TEST(Communicator, WaitsAsleep) {
  const auto now = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  const std::clock_t used = std::clock();
  if (world().root()) std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const double came = now();
  world().barrier_asleep();
  const double left = now();
  EXPECT_LT(static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC, 0.1);
  for (const double one : world().gather(std::array{came})) EXPECT_LE(one, left);  // ranks share one clock
}

TEST(Communicator, RanksAreNumberedOnce) {
  const std::vector<double> ranks = world().gather(std::array{static_cast<double>(world().rank())});
  ASSERT_EQ(ranks.size(), world().size());
  for (std::size_t r = 0; r < ranks.size(); ++r) EXPECT_EQ(ranks[r], static_cast<double>(r));
  EXPECT_EQ(world().root(), world().rank() == 0);
}

// Blocks of 0, 1 and 2 values: the first rank holds nothing.
TEST(Communicator, GathersBlocksOfAnySizeInRankOrder) {
  std::vector<double> expected;
  for (std::size_t r = 0; r < world().size(); ++r) {
    for (const double value : block_of_rank(r)) expected.push_back(value);
  }
  EXPECT_EQ(world().gather(block_of_rank(world().rank())), expected);
}

TEST(Communicator, GathersNothingFromRanksThatHoldNothing) {
  EXPECT_TRUE(world().gather(std::vector<double>()).empty());
}

TEST(Communicator, GathersTextsWithEmptyOnes) {
  std::vector<std::string> expected;
  for (std::size_t r = 0; r < world().size(); ++r) expected.push_back(text_of_rank(r));
  EXPECT_EQ(world().gather(text_of_rank(world().rank())), expected);
}

TEST(Communicator, BroadcastsTextsFromEveryRank) {
  const std::string mine = "rank " + std::to_string(world().rank());
  for (std::size_t root = 0; root < world().size(); ++root) {
    EXPECT_EQ(world().broadcast(mine, root), "rank " + std::to_string(root));
  }
}

TEST(Communicator, BroadcastsEmptyLongAndBinaryTexts) {
  const std::string with_zero("a\0b", 3);
  for (const std::string& text : {std::string(), std::string(100000, 'x'), with_zero}) {
    EXPECT_EQ(world().broadcast(world().root() ? text : "something else"), text);
  }
}

TEST(Communicator, BroadcastsValuesFromTheLastRank) {
  const std::size_t last = world().size() - 1;
  std::vector<double> values = {static_cast<double>(world().rank()), 0.1 * static_cast<double>(world().rank())};
  world().broadcast(values, last);
  EXPECT_EQ(values, (std::vector<double>{static_cast<double>(last), 0.1 * static_cast<double>(last)}));
  world().broadcast(std::span<double>(), last);
}

// 2^53 + 1 is no double: the reductions must stay in integers.
TEST(Communicator, ReducesIntegersExactly) {
  const std::uint64_t large = (std::uint64_t{1} << 53U) + 1;
  const std::uint64_t rank = world().rank();
  const std::uint64_t size = world().size();
  EXPECT_EQ(world().sum(large + rank), size * large + size * (size - 1) / 2);
  EXPECT_EQ(world().maximum(large + rank), large + size - 1);
  EXPECT_EQ(world().minimum(large + rank), large);
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(world().minimum(world().root() ? largest - 1 : largest), largest - 1);
}

TEST(Communicator, HasAHandleOnlyUnderMpi) {
  EXPECT_NE(world().handle(), nullptr);
  EXPECT_EQ(titrant::parallel::Communicator().handle(), nullptr);
  EXPECT_EQ(titrant::parallel::Communicator().size(), 1U);
}

TEST(Communicator, SplitsIntoGroups) {
  const titrant::parallel::Communicator odd_or_even = world().split(world().rank() % 2);
  EXPECT_EQ(odd_or_even.rank(), world().rank() / 2);
  EXPECT_EQ(odd_or_even.sum(1), odd_or_even.size());
  EXPECT_EQ(odd_or_even.maximum(world().rank()) % 2, world().rank() % 2);
  const titrant::parallel::Communicator alone = world().split(world().rank());
  EXPECT_EQ(alone.size(), 1U);
  EXPECT_TRUE(odd_or_even.all_arrive(60.0));
}
