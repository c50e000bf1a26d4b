#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>

#include "titrant/core/error.hpp"
#include "titrant/parallel/work.hpp"
#include "world.hpp"

using titrant::parallel::collectively;
using titrant::parallel::on_root;
using titrant::parallel::run;

namespace {

/// The message of the `ErrorType` that `action` throws on this rank.
template <class ErrorType, class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const ErrorType& error) {
    return error.what();
  }
  ADD_FAILURE() << "rank " << world().rank() << " met no error, or another one";
  return "";
}

template <class ErrorType>
void expect_type_survives() {
  const std::string message = message_of<ErrorType>([] {
    run(world(), {9,
                  1,
                  [](std::size_t unit, std::span<double>) {
                    if (unit == 7) throw ErrorType("unit " + std::to_string(unit));
                  },
                  {}});
  });
  EXPECT_EQ(message, "unit 7");
}

}  // namespace

TEST(Agreement, ErrorOfOneUnitReachesAllRanksWithItsType) {
  expect_type_survives<titrant::ConfigError>();
  expect_type_survives<titrant::DataError>();
  expect_type_survives<titrant::StoreError>();
  expect_type_survives<titrant::NumericalError>();
  expect_type_survives<titrant::Error>();
}

// An error from outside the project's own keeps its message, and is none of the project's kinds.
TEST(Agreement, ForeignErrorsKeepTheirMessage) {
  const std::string message =
      message_of<std::runtime_error>([] { on_root(world(), [] { throw std::out_of_range("beyond the end"); }); });
  EXPECT_EQ(message, "beyond the end");
  EXPECT_EQ(message_of<std::runtime_error>([] { on_root(world(), [] { throw 42; }); }), "an error of unknown type");
}

TEST(Agreement, EmptyMessageIsStillAnError) {
  EXPECT_EQ(message_of<titrant::DataError>([] { on_root(world(), [] { throw titrant::DataError(""); }); }), "");
}

// Every unit fails; which rank meets its failure first must not matter.
TEST(Agreement, LowestFailingUnitSpeaks) {
  const std::string message = message_of<titrant::NumericalError>([] {
    run(world(), {50,
                  1,
                  [](std::size_t unit, std::span<double>) {
                    if (unit >= 3) throw titrant::NumericalError("unit " + std::to_string(unit));
                  },
                  {}});
  });
  EXPECT_EQ(message, "unit 3");
}

TEST(Agreement, LowestFailingRankSpeaks) {
  const std::string message = message_of<titrant::StoreError>([] {
    collectively(world(), [] {
      if (world().rank() + 2 >= world().size()) throw titrant::StoreError("rank " + std::to_string(world().rank()));
    });
  });
  EXPECT_EQ(message, "rank " + std::to_string(world().size() >= 2 ? world().size() - 2 : 0));
}

TEST(Agreement, OnRootRunsOnRankZeroAlone) {
  std::uint64_t calls = 0;
  on_root(world(), [&] { ++calls; });
  EXPECT_EQ(calls, world().root() ? 1U : 0U);
  EXPECT_EQ(message_of<titrant::ConfigError>([] { on_root(world(), [] { throw titrant::ConfigError("no"); }); }), "no");
}

// After an agreed error the ranks are still in step.
TEST(Agreement, RanksGoOnTogetherAfterAnError) {
  EXPECT_THROW(on_root(world(), [] { throw titrant::ConfigError("no"); }), titrant::ConfigError);
  EXPECT_EQ(world().sum(1), world().size());
}

// A rank that waits elsewhere is missed within the time; one that comes is not.
TEST(Agreement, RanksKnowWhetherAllHaveComeToAnEnd) { EXPECT_TRUE(world().all_arrive(30.0)); }
