#pragma once

#include <functional>
#include <limits>
#include <span>

namespace titrant::nlme {

/// When the optimiser stops.
struct OptimiserOptions {
  int evaluations = 500;    ///< most evaluations of the objective
  double tolerance = 1e-6;  ///< relative change of the objective
  /// a descent that is still above this value after `hopeless_after` evaluations is given up
  double hopeless_above = std::numeric_limits<double>::infinity();
  int hopeless_after = 15;
};

/// What a point must satisfy besides the box: value(x, gradient) <= 0. The gradient is [coordinate] and to be filled.
using Constraint = std::function<double(std::span<const double> x, std::span<double> gradient)>;

}  // namespace titrant::nlme
