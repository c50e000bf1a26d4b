#include "titrant/store/chunk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <utility>

using testing::ElementsAre;
using titrant::store::chunk_shape;
using titrant::store::row_slices;

TEST(ChunkShape, KeepsSmallDatasetsWhole) {
  EXPECT_THAT(chunk_shape({3}, 8), ElementsAre(3));
  EXPECT_THAT(chunk_shape({256, 256}, 8), ElementsAre(256, 256));  // 512 KiB
}

TEST(ChunkShape, HalvesTheLongestAxis) {
  EXPECT_THAT(chunk_shape({1'000'000, 64}, 8), ElementsAre(977, 64));  // 10 halvings of a million
  EXPECT_THAT(chunk_shape({80, 2000}, 8), ElementsAre(80, 500));
  EXPECT_THAT(chunk_shape({257, 256}, 8), ElementsAre(129, 256));
  EXPECT_THAT(chunk_shape({2}, 1'000'000), ElementsAre(1));  // a cell larger than a chunk
}

TEST(ChunkShape, StaysBetweenAQuarterAndHalfAMebibyte) {
  for (std::size_t subjects = 70'000; subjects < 5'000'000; subjects = subjects * 3 / 2) {
    const std::vector<std::size_t> chunk = chunk_shape({subjects, 7, 3}, 8);
    const std::size_t bytes = std::accumulate(chunk.begin(), chunk.end(), std::size_t{8}, std::multiplies<>());
    EXPECT_LE(bytes, 512U * 1024U);
    EXPECT_GE(bytes, 256U * 1024U);
  }
}

TEST(RowSlices, CoverTheRowsOnceWithoutSharingAChunk) {
  for (const std::size_t begin : {0U, 5U, 10U, 137U}) {
    for (const std::size_t count : {0U, 1U, 9U, 100U, 1001U}) {
      for (const std::size_t limit : {10U, 33U, 500U}) {
        std::size_t next = begin;
        auto last_chunk = static_cast<std::size_t>(-1);
        for (const auto& slice : row_slices({begin, count}, limit, 10)) {
          EXPECT_EQ(slice.begin, next);
          EXPECT_LE(slice.count, limit);
          EXPECT_GT(slice.count, 0U);
          EXPECT_NE(slice.begin / 10, last_chunk);
          next = slice.begin + slice.count;
          last_chunk = (next - 1) / 10;
        }
        EXPECT_EQ(next, begin + count);
      }
    }
  }
}

TEST(RowSlices, GoOnWhereAChunkExceedsTheLimit) {
  std::size_t rows = 0;
  for (const auto& slice : row_slices({3, 20}, 4, 100)) rows += slice.count;
  EXPECT_EQ(rows, 20U);
  EXPECT_EQ(row_slices({3, 20}, 4, 100).size(), 5U);
}
