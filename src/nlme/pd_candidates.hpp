#pragma once

#include <string>
#include <vector>

#include "pd_shape.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::nlme {

/// A fitted shape.
struct FittedShape {
  PdShape shape;
  Population population;
  double objective = 0.0;  ///< infinite where it could not be fitted
  std::size_t estimated = 0;
  double bic = 0.0;
  double aic = 0.0;
  bool converged = false;
};

/// A shape to be fitted and where from.
struct ShapeStart {
  PdShape shape;
  Population start;
};

/// Fits shapes side by side, each on one rank, from their starts and without standard errors; precise enough to rank
/// them. In the order given; the same bits on any number of ranks.
std::vector<FittedShape> fit_shapes(const parallel::Communicator& ranks, const PdModel& model,
                                    const std::vector<ShapeStart>& starts, const PdOptions& options);

/// As a row of the table of candidates.
PdCandidate row(const FittedShape& fitted, const std::string& step);

}  // namespace titrant::nlme
