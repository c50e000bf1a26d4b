#include "titrant/hardware/estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "synthetic_scheme.hpp"
#include "titrant/core/error.hpp"

namespace titrant::hardware {
namespace {

// A share of ones f0 is recorded as e (1 - f0) + (1 - e') f0: the correction undoes that.
TEST(Readout, IsCorrectedByTheInverseOfTheConfusionMatrix) {
  const quantum::ReadoutError error{0.03, 0.08};
  for (const double share : {0.0, 0.25, 1.0}) {
    const double recorded = error.one_given_zero * (1.0 - share) + (1.0 - error.zero_given_one) * share;
    EXPECT_NEAR(corrected(recorded, error), share, 1e-15);
  }
  EXPECT_NEAR(corrected(0.0, error), -0.03 / 0.89, 1e-15);  // by chance outside: not clipped
  EXPECT_NEAR(amplification(error), 1.0 / 0.89, 1e-15);
  EXPECT_THROW(corrected(0.5, {0.6, 0.4}), NumericalError);
}

TEST(CalibrationLine, IsFoundWithItsDependenceOnEachShare) {
  const std::vector<double> p = {0.2, 0.4, 0.9};
  const std::vector<double> weights = {1.0, 3.0, 2.0};
  std::vector<double> shares;
  for (const double one : p) shares.push_back(0.25 + 0.4 * one);
  const FittedLine fitted = fit_line(p, shares, weights);
  EXPECT_NEAR(fitted.line.level, 0.25, 1e-14);
  EXPECT_NEAR(fitted.line.slope, 0.4, 1e-14);
  for (std::size_t c = 0; c < p.size(); ++c) {  // linear in the shares: a difference is the derivative
    std::vector<double> moved = shares;
    moved[c] += 0.125;
    const FittedLine other = fit_line(p, moved, weights);
    EXPECT_NEAR((other.line.level - fitted.line.level) / 0.125, fitted.level_by[c], 1e-13);
    EXPECT_NEAR((other.line.slope - fitted.line.slope) / 0.125, fitted.slope_by[c], 1e-13);
  }
  const std::vector<double> same = {0.5, 0.5, 0.5};
  EXPECT_THROW(fit_line(same, shares, weights), NumericalError);
}

TEST(CalibrationLine, IsAnotherScaleAndOffset) {
  const classifier::Readout readout{classifier::ReadoutKind::sigmoid, 6.0, 0.5};
  const CalibrationLine line{0.3, 0.45};
  const double scale = readout.scale / line.slope;
  const double offset = readout.offset + readout.scale * ((1.0 - 2.0 * line.level) / line.slope - 1.0);
  for (const double share : {0.2, 0.5, 0.8})
    EXPECT_NEAR(probability_of(readout, line, share), classifier::sigmoid(scale * (2.0 * share - 1.0) + offset), 1e-14);
}

std::vector<Counted> expected_counts(const SyntheticQuestion& question, std::uint64_t shots) {
  std::vector<Counted> counts;
  for (const double p : question.recorded)
    counts.push_back({shots, static_cast<std::uint64_t>(std::llround(p * static_cast<double>(shots)))});
  return counts;
}

TEST(Estimate, OfVeryManyShotsIsTheExactAttainment) {
  for (const auto direction : {protocol::Direction::rising, protocol::Direction::falling}) {
    const SyntheticQuestion question = synthetic_question(15, {0.28, 0.4}, {0.02, 0.05}, 0.8, direction);
    const std::optional<Estimate> found = estimate(question.scheme, expected_counts(question, 1'000'000'000));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->subjects, 15U);
    EXPECT_NEAR(found->line.level, 0.28, 1e-6);
    EXPECT_NEAR(found->line.slope, 0.4, 1e-6);
    const std::vector<std::size_t> places = bracket(question.promise, direction);
    for (std::size_t d = 0; d < places.size(); ++d)
      EXPECT_NEAR(found->attainment[d], question.exact[places[d]], 1e-6);  // shares are rounded to 1e-9
    ASSERT_TRUE(found->place.has_value());
    EXPECT_EQ(question.scheme.doses[*found->place], question.promise.grid[question.promise.answer]);
  }
}

TEST(Estimate, LeavesOutSubjectsThatLackADose) {
  const SyntheticQuestion question = synthetic_question(5, {0.0, 1.0}, {});
  std::vector<Counted> counts = expected_counts(question, 1'000'000);
  const std::size_t last = counts.size() - 1;
  counts[last] = {1, 1};  // one shot is none
  const std::optional<Estimate> found = estimate(question.scheme, counts);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->subjects, 4U);
  double sum = 0.0;
  for (std::size_t k = 0; k <= last; ++k) {
    const PlannedCircuit& circuit = question.scheme.circuits[k];
    if (circuit.role == Role::question && circuit.subject != 4 && circuit.dose == question.scheme.doses[1])
      sum += question.scheme.readout.probability(circuit.p_one);
  }
  EXPECT_NEAR(found->attainment[1], sum / 4.0, 1e-4);
}

TEST(Estimate, NeedsCalibrationAndASubject) {
  const SyntheticQuestion question = synthetic_question(3, {0.0, 1.0}, {});
  std::vector<Counted> counts = expected_counts(question, 10'000);
  std::vector<Counted> no_calibration = counts;
  std::vector<Counted> no_subject = counts;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (question.scheme.circuits[k].role == Role::calibration) no_calibration[k] = {};
    if (question.scheme.circuits[k].role == Role::question) no_subject[k] = {};
  }
  EXPECT_TRUE(estimate(question.scheme, counts).has_value());
  EXPECT_FALSE(estimate(question.scheme, no_calibration).has_value());
  EXPECT_FALSE(estimate(question.scheme, no_subject).has_value());
  for (std::size_t k = 0; k < counts.size(); ++k)  // P(1) turned round: a slope below 0 is no signal
    counts[k].ones = counts[k].shots - counts[k].ones;
  EXPECT_FALSE(estimate(question.scheme, counts).has_value());
}

}  // namespace
}  // namespace titrant::hardware
