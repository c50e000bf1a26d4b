#include "titrant/hardware/answer.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "synthetic_scheme.hpp"

namespace titrant::hardware {
namespace {

std::vector<Counted> drawn_counts(const SyntheticQuestion& question, std::uint64_t run) {
  std::vector<Counted> counts;
  for (std::size_t k = 0; k < question.recorded.size(); ++k) {
    core::Stream stream(17, core::Purpose::test, run, static_cast<std::uint32_t>(k));
    const std::uint64_t shots = question.scheme.circuits[k].shots;
    counts.push_back({shots, stream.binomial(static_cast<std::uint32_t>(shots), question.recorded[k])});
  }
  return counts;
}

TEST(Answer, OfVeryManyShotsIsTheExactDoseWithAnIntervalOfOneDose) {
  SyntheticQuestion question = synthetic_question(15, {0.2, 0.5}, {0.01, 0.03});
  give_shots(question.scheme, 4'000'000, 4'000'000);
  const auto answer = answer_of(question.scheme, question.promise.grid, drawn_counts(question, 0), 1);
  ASSERT_TRUE(answer.has_value());
  const double exact = question.promise.grid[question.promise.answer];
  EXPECT_EQ(answer->dose, exact);
  EXPECT_EQ(answer->exact_dose, exact);
  EXPECT_EQ(answer->interval.lower, exact);
  EXPECT_EQ(answer->interval.upper, exact);
  EXPECT_FALSE(answer->open);
  EXPECT_NEAR(answer->readout_amplification, 1.0 / 0.96, 1e-12);
}

// A 90 % interval holds the exact dose of nearly all runs: doses are discrete, so it may hold it more often. Of 100
// runs fewer than 81 would be three standard deviations too few.
TEST(Answer, HasAnIntervalThatHoldsTheNoiseOfShots) {
  SyntheticQuestion question = synthetic_question(12, {0.2, 0.5}, {0.01, 0.03});
  give_shots(question.scheme, 150, 1200);
  const double exact = question.promise.grid[question.promise.answer];
  std::size_t held = 0;
  std::size_t wide = 0;
  for (std::uint64_t run = 0; run < 100; ++run) {
    const auto answer = answer_of(question.scheme, question.promise.grid, drawn_counts(question, run), run);
    ASSERT_TRUE(answer.has_value());
    held += answer->interval.lower <= exact && exact <= answer->interval.upper ? 1 : 0;
    wide += answer->interval.lower < answer->interval.upper ? 1 : 0;
  }
  EXPECT_GE(held, 81U);
  EXPECT_GE(wide, 50U);  // and so few shots do not tell the dose
}

TEST(Answer, SaysWhereTheDosesDoNotHoldIt) {
  SyntheticQuestion question = synthetic_question(10, {0.0, 1.0}, {});
  give_shots(question.scheme, 100'000, 100'000);
  std::vector<Counted> counts = drawn_counts(question, 0);
  std::vector<Counted> all = counts;
  std::vector<Counted> none = counts;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (question.scheme.circuits[k].role != Role::question) continue;
    all[k].ones = all[k].shots * 84 / 100;
    none[k].ones = none[k].shots / 5;
  }
  const auto passes = answer_of(question.scheme, question.promise.grid, all, 1);
  ASSERT_TRUE(passes.has_value());
  EXPECT_EQ(passes->dose, question.scheme.doses.front());
  EXPECT_TRUE(passes->open);
  const auto fails = answer_of(question.scheme, question.promise.grid, none, 1);
  ASSERT_TRUE(fails.has_value());
  EXPECT_FALSE(fails->dose.has_value());
  EXPECT_TRUE(std::isinf(fails->interval.upper));
}

}  // namespace
}  // namespace titrant::hardware
