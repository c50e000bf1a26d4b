#include "titrant/core/console.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "titrant/core/clock.hpp"

using namespace titrant::core;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

namespace {

/// Longer than a terminal's line stays as it is.
void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(250)); }

const std::string stamp = "[0-9]+-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z rank 3: ";

}  // namespace

TEST(Clock, WritesDurationsAsPeopleDo) {
  EXPECT_EQ(duration_text(12.34), "12.3 s");
  EXPECT_EQ(duration_text(245.0), "4 min 05 s");
  EXPECT_EQ(duration_text(119.9), "1 min 59 s");
  EXPECT_EQ(duration_text(7199.0), "1 h 59 min");
}

TEST(Console, StampsEveryLine) {
  std::ostringstream out;
  const Console console(out, true, false, 3);
  console.say("one\ntwo");
  EXPECT_THAT(out.str(), MatchesRegex(stamp + "one\n" + stamp + "two\n"));
  Progress progress(console, "Stage");
  progress.finish("done");
  EXPECT_THAT(out.str(), Not(HasSubstr("\033"))) << "stamped lines do not grow in place";
}

TEST(Console, SaysNothingWhereItIsQuiet) {
  std::ostringstream out;
  const Console console(out, true, true);
  Progress progress(console, "Stage");
  wait();
  progress.update(1, 2);
  pulse();
  progress.finish("done");
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, CountsUnitsWithRateAndRemainingTime) {
  std::ostringstream out;
  const Console console(out, true, false);
  Progress progress(console, "Stage", {4, 9});
  wait();
  progress.update(30, 120);
  EXPECT_THAT(out.str(), HasSubstr("Stage (stage 4 of 9): 30 of 120 (")) << out.str();
  EXPECT_THAT(out.str(), HasSubstr(" per second, "));
  progress.finish("done");
  EXPECT_THAT(out.str(), HasSubstr("Stage: done ("));
}

TEST(Progress, HearsPulsesFromBelow) {
  std::ostringstream out;
  const Console console(out, true, false);
  Progress progress(console, "Stage");
  wait();
  pulse();
  EXPECT_THAT(out.str(), ContainsRegex("Stage: [0-9.]+ s so far")) << "work goes on, nobody knows how far";
  pulse({1, 10, "steps"});
  wait();
  pulse({5, 10, "steps"});
  EXPECT_THAT(out.str(), HasSubstr("Stage: 5 of 10 steps (")) << out.str();
  wait();
  progress.update(1, 3);
  pulse({6, 10, "steps"});
  wait();
  pulse();
  EXPECT_THAT(out.str(), HasSubstr("Stage: 1 of 3 (")) << "units of the stage come before those of its parts";
}

TEST(Progress, IsHeardByTheInnermostAlone) {
  std::ostringstream outer_out;
  std::ostringstream inner_out;
  const Console outer_console(outer_out, true, false);
  const Console inner_console(inner_out, true, false);
  const Progress outer(outer_console, "Outer");
  const std::string before = outer_out.str();
  {
    const Progress inner(inner_console, "Inner");
    wait();
    pulse();
    EXPECT_THAT(inner_out.str(), HasSubstr("so far"));
    EXPECT_EQ(outer_out.str(), before);
  }
  pulse();
  EXPECT_THAT(outer_out.str(), HasSubstr("so far"));
}
