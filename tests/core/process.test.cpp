#include "titrant/core/process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

namespace titrant::core {
namespace {

using Reason = ProcessEnd::Reason;

ProcessEnd shell(const std::string& script) { return run({{"sh", "-c", script}, current_environment()}); }

TEST(Process, GivesExitCodeAndWhatWasSaid) {
  const ProcessEnd end = shell("echo said; echo complained >&2; exit 3");
  EXPECT_EQ(end.reason, Reason::exited);
  EXPECT_EQ(end.code, 3);
  EXPECT_FALSE(end.well());
  EXPECT_EQ(end.output, "said\ncomplained\n");
  EXPECT_TRUE(shell("exit 0").well());
}

TEST(Process, TellsASignalFromAnExit) {
  const ProcessEnd end = shell("kill -KILL $$");
  EXPECT_EQ(end.reason, Reason::signal);
  EXPECT_EQ(end.code, SIGKILL);
}

TEST(Process, SaysThatThereIsNoSuchProgram) {
  const ProcessEnd end = run({{"no-such-program-anywhere"}, current_environment()});
  EXPECT_EQ(end.reason, Reason::not_found);
  EXPECT_EQ(run({{"/"}, current_environment()}).reason, Reason::not_found);
}

TEST(Process, HasTheEnvironmentThatItWasGivenAndNothingToRead) {
  const ProcessEnd end = run({{"/bin/sh", "-c", "echo \"$ONE,$HOME\"; cat"}, {"ONE=1"}});
  EXPECT_EQ(end.output, "1,\n");
  EXPECT_TRUE(end.well());
}

// A pipe holds 64 KiB: a program that says more would wait for ever if nobody read.
TEST(Process, KeepsTheEndOfALongOutput) {
  const ProcessEnd end = shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i + 1)); done; echo end");
  EXPECT_TRUE(end.well());
  EXPECT_EQ(end.output.size(), 65536U);
  EXPECT_TRUE(end.output.ends_with("0123456789\nend\n"));
}

TEST(Process, IsEndedWhenItsTimeIsOver) {
  const auto start = std::chrono::steady_clock::now();
  const ProcessEnd end = run({{"sh", "-c", "echo begun; exec sleep 60"}, current_environment(), 0.2});
  EXPECT_EQ(end.reason, Reason::time);
  EXPECT_EQ(end.output, "begun\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Process, IsEndedByForceWhereItDoesNotObey) {
  const ProcessEnd end = run({{"sh", "-c", "trap '' TERM; while :; do sleep 1; done"}, current_environment(), 0.2});
  EXPECT_EQ(end.reason, Reason::time);
}

TEST(Process, IsEndedWhenNobodyWantsItAnyMore) {
  int asked = 0;
  Process process{{"sleep", "60"}, current_environment()};
  process.give_up = [&] { return ++asked == 3; };
  EXPECT_EQ(run(process).reason, Reason::given_up);
}

// What this process ignores or blocks must not make another deaf: a child that cannot be interrupted, for one.
TEST(Process, DoesNotInheritIgnoredOrBlockedSignals) {
  const auto before = std::signal(SIGUSR1, SIG_IGN);
  sigset_t set;
  sigset_t old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, &old);
  const ProcessEnd ignored = shell("kill -USR1 $$; echo deaf");
  const ProcessEnd blocked = shell("kill -USR2 $$; echo deaf");
  sigprocmask(SIG_SETMASK, &old, nullptr);
  std::signal(SIGUSR1, before);
  EXPECT_EQ(ignored.code, SIGUSR1);
  EXPECT_EQ(blocked.code, SIGUSR2);
}

}  // namespace
}  // namespace titrant::core
