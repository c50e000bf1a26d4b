#include "coverage.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace titrant::run {

CoverageRow coverage_of(const dose::Decision& cell, double truth, std::vector<dose::Interval> intervals) {
  CoverageRow row{cell, truth, 0, 0, std::move(intervals)};
  if (std::isnan(truth)) return row;
  for (const dose::Interval& interval : row.intervals) {
    if (std::isnan(interval.lower) || std::isnan(interval.upper)) continue;
    ++row.trials;
    if (interval.lower <= truth && truth <= interval.upper) ++row.covered;
  }
  return row;
}

double true_dose(const std::vector<dose::Decision>& truth, const dose::Decision& cell) {
  for (const dose::Decision& other : truth) {
    if (other.question != cell.question || other.rule != dose::Rule::mean) continue;
    if (!std::isnan(other.answer())) return other.answer();
    return other.direction == protocol::Direction::falling ? dose::below_the_grid : dose::above_the_grid;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace titrant::run
