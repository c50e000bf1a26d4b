#include "titrant/parallel/journal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/parallel/stop.hpp"
#include "titrant/parallel/work.hpp"
#include "world.hpp"

using titrant::parallel::Communicator;
using titrant::parallel::Interrupted;
using titrant::parallel::Journal;
using titrant::parallel::request_stop;
using titrant::parallel::run;
using titrant::parallel::run_together;
using titrant::parallel::SharedWork;
using titrant::parallel::Work;

namespace {

constexpr std::size_t units = 23;

// A computation of several calls in which each depends on the ones before, counting the units that were really
// computed.
struct Story {
  std::uint64_t computed = 0;
  std::size_t stop_at_call = 1000;  // asks for a stop in the middle of this call, on the last rank
  std::size_t stop_at_unit = 0;

  std::vector<double> tell(const Communicator& ranks) {
    double seed = 0.3;
    std::vector<double> all;
    for (std::size_t call = 0; call < 6; ++call) {
      const auto compute = [&](std::size_t unit, std::span<double> slot) {
        ++computed;
        slot[0] = std::sin(seed + static_cast<double>(unit));
        slot[1] = static_cast<double>(call);
        if (call == stop_at_call && unit == stop_at_unit) request_stop();
        if (call == 4 && unit == 11) throw titrant::NumericalError("unit 11 of call 4");
      };
      std::vector<double> slots;
      try {
        if (call % 3 == 2) {
          const auto shared = [&](std::size_t unit, const Communicator& team, std::span<double> slot) {
            slot[0] = run(team, Work{1, 2, [&](std::size_t, std::span<double> inner) { compute(unit, inner); }})[0];
          };
          slots = run(ranks, SharedWork{units, 2, 4, shared});
        } else if (call % 3 == 1) {
          slots = run_together(ranks, 2 * units, [&](const Communicator& same) {
            return run(same, Work{units, 2, compute});
          });
        } else {
          slots = run(ranks, Work{units, 2, compute});
        }
      } catch (const titrant::NumericalError&) {
        slots.assign(2, 0.25);
      }
      for (const double value : slots) seed += value;
      all.insert(all.end(), slots.begin(), slots.end());
    }
    return all;
  }
};

// A journal that keeps its last save on all ranks.
struct Kept {
  std::string text;
  std::shared_ptr<Journal> journal;

  explicit Kept(double interval = 1e9) {
    journal = std::make_shared<Journal>(
        Journal::Options{.interval = interval, .save = [this](std::string_view saved) { text = saved; }});
  }
  std::string last() {
    if (world().root()) journal->save();
    return world().broadcast(text);
  }
};

}  // namespace

TEST(Journal, GivesBackWhatItHasWithoutComputing) {
  Story undisturbed;
  const std::vector<double> expected = undisturbed.tell(world());
  Kept first;
  EXPECT_EQ(Story().tell(world().with(first.journal)), expected);

  Kept second;
  second.journal->load(world(), first.last());
  Story again;
  EXPECT_EQ(again.tell(world().with(second.journal)), expected);
  EXPECT_EQ(again.computed, 0U);
  EXPECT_TRUE(second.journal->replaying());
}

// Wherever it stops, what comes after goes on with the same numbers and does not do again what other ranks had
// finished.
TEST(Journal, GoesOnWhereverItWasStopped) {
  const std::vector<double> expected = Story().tell(world());
  for (std::size_t call = 0; call < 6; ++call) {
    for (const std::size_t unit : {std::size_t{0}, std::size_t{10}, units - 1}) {
      if (call == 4 && unit == 22) continue;  // the call has failed before
      Kept first;
      Story story;
      story.stop_at_call = call;
      story.stop_at_unit = unit;
      bool stopped = false;
      try {
        story.tell(world().with(first.journal));
      } catch (const Interrupted&) {
        stopped = true;
      }
      request_stop(false);
      EXPECT_TRUE(stopped) << call << " " << unit;

      Kept second;
      second.journal->load(world(), first.last());
      Story rest;
      EXPECT_EQ(rest.tell(world().with(second.journal)), expected) << call << " " << unit;
      EXPECT_FALSE(second.journal->replaying());
    }
  }
}

TEST(Journal, IsTheSameOnAnyNumberOfRanks) {
  Kept together;
  Story().tell(world().with(together.journal));
  const std::string text = together.last();
  // One process alone goes on from what all ranks have kept.
  std::string unused;
  const auto journal =
      std::make_shared<Journal>(Journal::Options{.save = [&](std::string_view saved) { unused = saved; }});
  const Communicator alone;
  journal->load(alone, text);
  Story again;
  EXPECT_EQ(again.tell(alone.with(journal)), Story().tell(alone));
  EXPECT_EQ(again.computed, 0U);
}

TEST(Journal, KeepsFinishedUnitsOfACall) {
  std::uint64_t computed = 0;
  const auto work = [&](std::size_t stop_at) {
    return Work{40, 1, [&computed, stop_at](std::size_t unit, std::span<double> slot) {
                  ++computed;
                  slot[0] = static_cast<double>(unit * unit);
                  if (unit == stop_at) request_stop();
                }};
  };
  Kept first;
  EXPECT_THROW(run(world().with(first.journal), work(20)), Interrupted);
  request_stop(false);
  const std::uint64_t before = world().sum(computed);
  EXPECT_GE(before, 1U);
  EXPECT_LE(before, 40U);
  computed = 0;
  Kept second;
  second.journal->load(world(), first.last());
  const std::vector<double> slots = run(world().with(second.journal), work(40));
  for (std::size_t unit = 0; unit < 40; ++unit) EXPECT_EQ(slots[unit], static_cast<double>(unit * unit));
  EXPECT_EQ(before + world().sum(computed), 40U);
}

TEST(Journal, StopsBeforeItsTimeIsOver) {
  const auto journal = std::make_shared<Journal>(Journal::Options{.seconds = 0.0});
  EXPECT_THROW(run(world().with(journal), Work{4, 1, [](std::size_t, std::span<double>) {}}), Interrupted);
  request_stop(false);
}

TEST(Journal, SavesFromTimeToTime) {
  Kept often(0.0);
  Story().tell(world().with(often.journal));
  EXPECT_EQ(often.text.empty(), !world().root());
}

TEST(Journal, RefusesAnotherComputation) {
  Kept first;
  run(world().with(first.journal), Work{4, 1, [](std::size_t, std::span<double>) {}});
  Kept second;
  second.journal->load(world(), first.last());
  EXPECT_THROW(run(world().with(second.journal), Work{5, 1, [](std::size_t, std::span<double>) {}}),
               titrant::StoreError);
}

TEST(Journal, RefusesTextsCutOffAnywhere) {
  Kept first;
  Story().tell(world().with(first.journal));
  const std::string text = first.last();
  std::size_t refused = 0;
  for (std::size_t size = 1; size < text.size(); size += 37) {
    Kept second;
    try {
      second.journal->load(world(), text.substr(0, size));
    } catch (const titrant::StoreError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, text.size() / 37 - 8);  // a cut between two of the six results is none
}

// Units that leave something behind are computed again, whatever a journal holds.
TEST(Journal, DoesNotSpareWhatLeavesMoreBehind) {
  std::uint64_t computed = 0;
  Work work{8, 1, [&](std::size_t, std::span<double>) { ++computed; }};
  work.leaves_more = true;
  Kept first;
  run(world().with(first.journal), work);
  Kept second;
  second.journal->load(world(), first.last());
  run(world().with(second.journal), work);
  EXPECT_EQ(world().sum(computed), 16U);
}
