#include "../../src/dose/units.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace titrant::dose {

// Every subject of every panel is worked on exactly once, in order, and the number of units is bounded for any cohort.
TEST(Units, CoverTheCohortWithABoundedNumber) {
  for (const std::size_t cohort : {1UL, 15UL, 16UL, 17UL, 2000UL, 8192UL, 8193UL, 1000000UL}) {
    const Units units(cohort, 6);
    EXPECT_LE(units.count(), most_blocks * 6);
    std::vector<std::size_t> next(6, 0);
    for (std::size_t unit = 0; unit < units.count(); ++unit) {
      std::size_t& begin = next[units.panel(unit)];
      units.for_each_chunk(unit, [&](parallel::Block chunk) {
        EXPECT_EQ(chunk.begin, begin);
        EXPECT_GT(chunk.size(), 0U);
        EXPECT_LE(chunk.size(), chunk_size);
        begin = chunk.end;
      });
    }
    EXPECT_EQ(next, std::vector<std::size_t>(6, cohort));
  }
}

// Whatever the number of ranks, their contiguous ranges of units give each panel contiguous subjects that meet.
TEST(Units, GiveEveryRankContiguousSubjectsOfEachPanel) {
  for (const std::size_t panels : {1UL, 3UL, 6UL}) {
    const Units units(1000, panels);
    for (const std::size_t ranks : {1UL, 2UL, 3UL, 7UL, 500UL}) {
      for (std::size_t p = 0; p < panels; ++p) {
        std::size_t next = 0;
        for (std::size_t r = 0; r < ranks; ++r) {
          const parallel::Block mine = parallel::block_of(units.count(), ranks, r);
          const parallel::Block subjects = units.subjects_of(mine, p);
          std::size_t expected = 0;
          for (std::size_t unit = mine.begin; unit < mine.end; ++unit) {
            if (units.panel(unit) == p) expected += units.subjects(unit).size();
          }
          EXPECT_EQ(subjects.size(), expected);
          if (expected == 0) continue;
          EXPECT_EQ(subjects.begin, next);
          next = subjects.end;
        }
        EXPECT_EQ(next, 1000U);
      }
    }
  }
}

}  // namespace titrant::dose
