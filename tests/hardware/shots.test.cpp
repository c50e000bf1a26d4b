#include "titrant/hardware/shots.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "synthetic_scheme.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::hardware {
namespace {

using protocol::Direction;
using testing::ElementsAre;

TEST(Bracket, HoldsTheAnswerItsNeighboursAndTheNextFailingDose) {
  const Promise middle{{1, 2, 3, 4, 5, 6, 7}, 3};
  EXPECT_THAT(bracket(middle, Direction::rising), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(bracket(middle, Direction::falling), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(bracket(middle, Direction::rising, 2), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(bracket({{1, 2, 3}, 0}, Direction::rising), ElementsAre(0, 1));
  EXPECT_THAT(bracket({{1, 2, 3}, 2}, Direction::rising), ElementsAre(0, 1, 2));
}

TEST(Promise, IsKeptOneStepToBothSides) {
  const Promise promise{{1, 2, 3, 4, 5, 6, 7}, 3};
  const std::vector<double> doses = {2, 3, 4, 5};
  EXPECT_FALSE(keeps(promise, doses, Direction::rising, 0));
  for (const std::size_t place : {1U, 2U, 3U}) EXPECT_TRUE(keeps(promise, doses, Direction::rising, place));
  EXPECT_FALSE(keeps(promise, doses, Direction::rising, std::nullopt));
  // None, where the doses end with the grid and its last one answers: one step beyond.
  EXPECT_TRUE(keeps({{1, 2, 3}, 2}, {1, 2, 3}, Direction::rising, std::nullopt));
  EXPECT_FALSE(keeps({{1, 2, 3}, 1}, {1, 2, 3}, Direction::rising, std::nullopt));
  EXPECT_TRUE(keeps({{1, 2, 3}, 0}, {1, 2, 3}, Direction::falling, std::nullopt));
}

/// Mean and standard deviation of the estimates of many runs, [dose].
struct Simulated {
  std::vector<double> mean;
  std::vector<double> deviation;
};

Simulated simulated(const SyntheticQuestion& question, std::size_t runs) {
  const std::size_t doses = question.scheme.doses.size();
  std::vector<double> sum(doses, 0.0);
  std::vector<double> squares(doses, 0.0);
  for (std::size_t run = 0; run < runs; ++run) {
    core::Stream stream(5, core::Purpose::test, run);
    std::vector<Counted> counts;
    for (std::size_t k = 0; k < question.recorded.size(); ++k) {
      const std::uint64_t shots = question.scheme.circuits[k].shots;
      counts.push_back({shots, stream.binomial(static_cast<std::uint32_t>(shots), question.recorded[k])});
    }
    const std::optional<Estimate> found = estimate(question.scheme, counts);
    for (std::size_t d = 0; d < doses; ++d) {
      sum[d] += found->attainment[d];
      squares[d] += found->attainment[d] * found->attainment[d];
    }
  }
  Simulated result;
  const auto n = static_cast<double>(runs);
  for (std::size_t d = 0; d < doses; ++d) {
    result.mean.push_back(sum[d] / n);
    result.deviation.push_back(std::sqrt(squares[d] / n - result.mean[d] * result.mean[d]));
  }
  return result;
}

// Against brute force, for few and for many shots. 2,000 runs know a standard deviation to 1.6 % (3 of these: 5 %, and
// the delta method of the line 5 %), and a mean to 0.022 deviations (4 of these: 0.1).
TEST(Shots, HaveTheMeanAndDeviationOfSimulatedRuns) {
  for (const auto& [shots, calibration] : {std::pair{100U, 1500U}, std::pair{3000U, 20000U}}) {
    SyntheticQuestion question = synthetic_question(12, {0.25, 0.45}, {0.01, 0.04});
    give_shots(question.scheme, shots, calibration);
    const ShotPlan plan = judge_shots(question.scheme, question.recorded, question.promise, shots, calibration);
    const Simulated runs = simulated(question, 2000);
    for (std::size_t d = 0; d < question.scheme.doses.size(); ++d) {
      EXPECT_NEAR(runs.deviation[d] / plan.deviation[d], 1.0, 0.1) << shots << " shots, dose " << d;
      EXPECT_NEAR(runs.mean[d], plan.attainment[d], 0.1 * plan.deviation[d]) << shots << " shots, dose " << d;
    }
  }
}

TEST(Shots, AreTheFewestOfTheirLadder) {
  SyntheticQuestion question = synthetic_question(12, {0.25, 0.45}, {0.01, 0.04});
  const ShotPlan plan = plan_shots(question.scheme, question.recorded, question.promise, 32, 10'000'000);
  EXPECT_LE(plan.risk, 0.05);
  EXPECT_GT(plan.question, 32U);
  // Steps of the ladder are a tenth; a quarter fewer of both must be too few.
  const ShotPlan fewer = judge_shots(question.scheme, question.recorded, question.promise, plan.question * 3 / 4,
                                     plan.calibration * 3 / 4);
  EXPECT_GT(fewer.risk, 0.05);
}

// 95 % of runs keep the promise: of a plan that is just good enough, one test in 200 would see fewer than 182 (binomial
// distribution); the seed is fixed.
TEST(Shots, KeepThePromiseInSimulatedRuns) {
  for (const auto direction : {Direction::rising, Direction::falling}) {
    for (const auto& [noise, error] : {std::pair{CalibrationLine{0.0, 1.0}, quantum::ReadoutError{}},
                                       std::pair{CalibrationLine{0.4, 0.2}, quantum::ReadoutError{0.02, 0.05}}}) {
      SyntheticQuestion question = synthetic_question(12, noise, error, 0.8, direction);
      const ShotPlan plan = plan_shots(question.scheme, question.recorded, question.promise, 32, 10'000'000);
      give_shots(question.scheme, plan.question, plan.calibration);
      EXPECT_GE(simulate_runs(question.scheme, question.recorded, question.promise, 3, 200), 182U);
    }
  }
}

TEST(Shots, RefuseWhatTheyCannotPromise) {
  SyntheticQuestion question = synthetic_question(12, {0.25, 0.45}, {0.01, 0.04});
  const auto message = [&](std::uint64_t most) -> std::string {
    try {
      plan_shots(question.scheme, question.recorded, question.promise, 32, most);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message(33), testing::HasSubstr("Expected more shots (--most-shots)"));
  // A noise that no line undoes: questions come out as on a dose much higher.
  for (std::size_t k = 0; k < question.recorded.size(); ++k)
    if (question.scheme.circuits[k].role == Role::question) question.recorded[k] += 0.15;
  EXPECT_THAT(message(100'000'000), testing::HasSubstr("More shots do not help"));
  for (double& share : question.recorded) share = 0.5;
  EXPECT_THAT(message(1000), testing::HasSubstr("leaves nothing of the answer"));
}

TEST(Shots, OfSimulatedRunsAreReproducible) {
  SyntheticQuestion question = synthetic_question(6, {0.25, 0.45}, {});
  give_shots(question.scheme, 60, 60);
  const std::size_t kept = simulate_runs(question.scheme, question.recorded, question.promise, 3, 100);
  EXPECT_EQ(kept, simulate_runs(question.scheme, question.recorded, question.promise, 3, 100));
  EXPECT_LT(kept, 100U);  // far too few shots
}

}  // namespace
}  // namespace titrant::hardware
