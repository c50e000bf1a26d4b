#include "titrant/parallel/work.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/core/error.hpp"
#include "world.hpp"

using titrant::parallel::block_of;
using titrant::parallel::Communicator;
using titrant::parallel::SharedWork;
using titrant::parallel::Work;

namespace {

// Values of very different size and sign, so that another order of addition gives other bits.
double awkward(std::size_t unit) {
  const auto x = static_cast<double>(unit);
  return std::pow(10.0, static_cast<double>(unit % 17) - 8.0) * (unit % 2 == 0 ? 1.0 : -1.0) / (x + 0.3);
}

Work awkward_work(std::size_t units) {
  return {units,
          2,
          [](std::size_t unit, std::span<double> slot) {
            slot[0] = awkward(unit);
            slot[1] = static_cast<double>(unit);
          },
          {}};
}

// Fewer units than ranks leave ranks without work; 0 leaves them all.
const std::vector<std::size_t> unit_counts = {0, 1, 2, 3, 7, 8, 9, 64, 65, 1000};

}  // namespace

TEST(Work, ReturnsSlotsInUnitOrderOnAllRanks) {
  for (const std::size_t units : unit_counts) {
    const std::vector<double> slots = run(world(), awkward_work(units));
    ASSERT_EQ(slots.size(), 2 * units);
    for (std::size_t unit = 0; unit < units; ++unit) {
      EXPECT_EQ(slots[2 * unit], awkward(unit));
      EXPECT_EQ(slots[2 * unit + 1], static_cast<double>(unit));
    }
  }
}

TEST(Work, SumsToTheSameBitsAsOneProcessAlone) {
  for (const std::size_t units : unit_counts) {
    EXPECT_EQ(run_sum(world(), awkward_work(units)), run_sum(Communicator(), awkward_work(units))) << units;
  }
}

TEST(Work, ComputesEveryUnitOnce) {
  std::uint64_t calls = 0;
  run(world(), {100, 1, [&](std::size_t, std::span<double>) { ++calls; }, {}});
  EXPECT_EQ(world().sum(calls), 100U);
}

TEST(Work, ReportsProgressOfItsOwnBlock) {
  std::size_t last = 0;
  std::size_t of = 0;
  run(world(), {13, 1, [](std::size_t, std::span<double>) {},
                [&](std::size_t done, std::size_t total) {
                  EXPECT_EQ(done, last + 1);
                  last = done;
                  of = total;
                }});
  const std::size_t mine = block_of(13, world().size(), world().rank()).size();
  EXPECT_EQ(last, mine);
  EXPECT_EQ(of, mine);
}

// Each unit is the sum of parts that its group computes together; whatever the groups, slots and bits are the same.
TEST(SharedWork, GroupsOfRanksComputeUnitsTogether) {
  for (const std::size_t units : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{6}, std::size_t{17}}) {
    for (const std::size_t shares : {std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
      const auto compute = [&](std::size_t unit, const Communicator& group, std::span<double> slot) {
        const Work parts{
            13, 1, [&](std::size_t part, std::span<double> out) { out[0] = awkward(unit * 13 + part); }, {}};
        slot[0] = run_sum(group, parts)[0];
        slot[1] = static_cast<double>(unit);
      };
      const SharedWork work{units, 2, shares, compute};
      const std::vector<double> slots = run(world(), work);
      EXPECT_EQ(slots, run(Communicator(), work));
      ASSERT_EQ(slots.size(), 2 * units);
      for (std::size_t unit = 0; unit < units; ++unit) EXPECT_EQ(slots[2 * unit + 1], static_cast<double>(unit));
    }
  }
}

TEST(SharedWork, ThrowsTheErrorOfTheLowestUnitOnAllRanks) {
  const auto compute = [](std::size_t unit, const Communicator& group, std::span<double>) {
    const Work parts{7,
                     1,
                     [&](std::size_t part, std::span<double>) {
                       if (unit >= 2 && part == 6) throw titrant::DataError("unit " + std::to_string(unit));
                     },
                     {}};
    run(group, parts);
  };
  for (const std::size_t shares : {std::size_t{1}, std::size_t{4}}) {
    try {
      run(world(), SharedWork{6, 1, shares, compute});
      ADD_FAILURE() << "nothing was thrown";
    } catch (const titrant::DataError& error) {
      EXPECT_STREQ(error.what(), "unit 2");
    }
  }
}
