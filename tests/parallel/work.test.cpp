#include "titrant/parallel/work.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/core/error.hpp"

using testing::ElementsAre;
using titrant::parallel::Communicator;
using titrant::parallel::run;
using titrant::parallel::run_sum;

namespace {

void number_and_square(std::size_t unit, std::span<double> slot) {
  slot[0] = static_cast<double>(unit);
  slot[1] = static_cast<double>(unit * unit);
}

}  // namespace

TEST(SerialWork, FillsSlotsInUnitOrder) {
  EXPECT_THAT(run(Communicator(), {3, 2, number_and_square, {}}), ElementsAre(0, 0, 1, 1, 2, 4));
}

TEST(SerialWork, SlotsBeginAtZero) {
  EXPECT_THAT(run(Communicator(), {2, 2, [](std::size_t, std::span<double>) {}, {}}), ElementsAre(0, 0, 0, 0));
}

// Sums of 0 .. n - 1 and of their squares, exact in doubles.
TEST(SerialWork, SumsEachEntryOverUnits) {
  EXPECT_THAT(run_sum(Communicator(), {1000, 2, number_and_square, {}}), ElementsAre(499500.0, 332833500.0));
  EXPECT_THAT(run_sum(Communicator(), {0, 2, number_and_square, {}}), ElementsAre(0.0, 0.0));
}

// Without other ranks nothing was agreed on: the error is an ordinary one of the same kind.
TEST(SerialWork, StopsAtTheFirstUnitThatThrows) {
  std::size_t computed = 0;
  try {
    run(Communicator(), {10,
                         1,
                         [&](std::size_t unit, std::span<double>) {
                           if (unit == 4) throw titrant::DataError("unit 4");
                           ++computed;
                         },
                         {}});
    FAIL() << "no error";
  } catch (const titrant::DataError& error) {
    EXPECT_STREQ(error.what(), "unit 4");
  }
  EXPECT_EQ(computed, 4U);
}
