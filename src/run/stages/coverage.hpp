#pragma once

#include <vector>

#include "titrant/run/results.hpp"

namespace titrant::run {

/// Counts how many of the intervals [simulated trial] of a cell hold the true dose (mg; infinite: none on the grid),
/// ends included; an infinite end is "above the grid" and holds an infinite dose. Trials without an interval (NaN) do
/// not count, and of a cell whose truth is not known (NaN) none does.
CoverageRow coverage_of(const dose::Decision& cell, double truth, std::vector<dose::Interval> intervals);

/// The true minimal dose of a cell by the mechanistic answers `truth` of the models that trials are simulated from, by
/// the mean rule; infinite where there is none on the grid, NaN where the answers lack the cell.
double true_dose(const std::vector<dose::Decision>& truth, const dose::Decision& cell);

}  // namespace titrant::run
