#pragma once

#include <map>
#include <string>
#include <vector>

#include "pd_shape.hpp"
#include "titrant/nlme/side_by_side.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::nlme {

/// A fitted shape.
struct FittedShape : QuickFit {
  PdShape shape;
};

/// A shape to be fitted and where from.
struct ShapeStart {
  PdShape shape;
  Population start;
  bool exact = false;  ///< `start` is the shape's own population and is taken as it is; else its values are taken over
};

/// Fits shapes side by side, as fit_side_by_side does.
std::vector<FittedShape> fit_shapes(const parallel::Communicator& ranks, const PdModel& model,
                                    const std::vector<ShapeStart>& starts, const PdOptions& options);

/// Whether the models of `smaller` are models of `larger`: the same structure, the same or a constant baseline, no eta,
/// effect, free value or error term that the other has not.
bool is_nested(const PdShape& smaller, const PdShape& larger);

/// Fits again those of `fitted` that ended above a model nested in them, from that model's optimum, until none is above
/// one; returns the names of those that changed.
std::vector<std::string> restore_bounds(const parallel::Communicator& ranks, const PdModel& model,
                                        const PdOptions& options, std::map<std::string, FittedShape>& fitted);

/// As a row of the table of candidates.
PdCandidate row(const FittedShape& fitted, const std::string& step);

/// Adds a row, or replaces the numbers of the one with its description by lower ones: a model stands in the table once.
void add_row(std::vector<PdCandidate>& rows, PdCandidate row);

}  // namespace titrant::nlme
