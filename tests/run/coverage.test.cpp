#include "../../src/run/stages/coverage.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "titrant/core/constants.hpp"

namespace titrant::run {

namespace {

using titrant::core::infinity;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

dose::Decision cell_of(const std::string& regimen, double target, std::optional<double> minimal) {
  dose::Decision cell;
  cell.question = {"base", regimen, "control", target};
  cell.lowest = minimal;
  return cell;
}

}  // namespace

// Ends belong to the interval; trials without one do not count.
TEST(Coverage, CountsIntervalsThatHoldTheTruth) {
  const std::vector<dose::Interval> intervals = {{3.0, 5.0}, {5.0, 9.0},   {5.5, 9.0},
                                                 {1.0, 4.5}, {none, none}, {4.0, infinity}};
  const CoverageRow row = coverage_of(cell_of("daily", 0.9, 8.0), 5.0, intervals);
  EXPECT_EQ(row.truth, 5.0);
  EXPECT_EQ(row.trials, 5U);
  EXPECT_EQ(row.covered, 3U);
  EXPECT_EQ(row.intervals.size(), 6U);
}

// A true answer "none on the grid" is held by the intervals whose upper end is above the grid.
TEST(Coverage, OfATruthAboveTheGrid) {
  const std::vector<dose::Interval> intervals = {{3.0, 10.0}, {9.0, infinity}, {infinity, infinity}};
  const CoverageRow row = coverage_of(cell_of("daily", 0.9, 8.0), infinity, intervals);
  EXPECT_EQ(row.trials, 3U);
  EXPECT_EQ(row.covered, 2U);
}

TEST(Coverage, CountsNothingWhereTheTruthIsNotKnown) {
  const CoverageRow row = coverage_of(cell_of("daily", 0.9, 8.0), none, {{3.0, 10.0}});
  EXPECT_EQ(row.trials, 0U);
  EXPECT_EQ(row.covered, 0U);
}

// Intervals of known coverage: the truth is 50, interval i is [i, i + 20] for i = 0 .. 99, so that those with
// 30 <= i <= 50 hold it.
TEST(Coverage, IsTheShareOfAKnownFamilyOfIntervals) {
  std::vector<dose::Interval> intervals;
  for (int i = 0; i < 100; ++i) intervals.push_back({static_cast<double>(i), i + 20.0});
  const CoverageRow row = coverage_of(cell_of("weekly", 0.75, {}), 50.0, intervals);
  EXPECT_EQ(row.trials, 100U);
  EXPECT_EQ(row.covered, 21U);
}

TEST(TrueDose, IsThatOfTheSameCellByTheMeanRule) {
  dose::Decision indicator = cell_of("daily", 0.9, 7.0);
  indicator.rule = dose::Rule::indicator;
  const std::vector<dose::Decision> truth = {indicator, cell_of("weekly", 0.9, 60.0), cell_of("daily", 0.75, 5.0),
                                             cell_of("daily", 0.9, 8.0), cell_of("weekly", 0.95, {})};
  EXPECT_EQ(true_dose(truth, cell_of("daily", 0.9, 1.0)), 8.0);
  EXPECT_EQ(true_dose(truth, cell_of("daily", 0.75, 1.0)), 5.0);
  EXPECT_EQ(true_dose(truth, cell_of("weekly", 0.9, 1.0)), 60.0);
  EXPECT_EQ(true_dose(truth, cell_of("weekly", 0.95, 1.0)), infinity);
  EXPECT_TRUE(std::isnan(true_dose(truth, cell_of("weekly", 0.5, 1.0))));
}

// Where success falls with the dose the highest dose answers, and "none" lies below the grid.
TEST(TrueDose, OfAFallingQuestionIsTheHighest) {
  const auto falling = [](double target, std::optional<double> highest) {
    dose::Decision cell = cell_of("daily", target, 2.0);
    cell.direction = protocol::Direction::falling;
    cell.highest = highest;
    return cell;
  };
  const std::vector<dose::Decision> truth = {falling(0.9, 12.0), falling(0.95, {})};
  EXPECT_EQ(true_dose(truth, falling(0.9, 1.0)), 12.0);
  EXPECT_EQ(true_dose(truth, falling(0.95, 1.0)), 0.0);
}

}  // namespace titrant::run
