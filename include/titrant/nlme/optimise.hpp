#pragma once

#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "titrant/nlme/objective.hpp"

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

/// Where it stopped.
struct Optimum {
  std::vector<double> x;
  Evaluation evaluation;     ///< at x
  Objective::Memory memory;  ///< of the objective there
  int evaluations = 0;
  bool converged = false;
  std::string message;  ///< in words, where it did not converge
};

/// The box the optimiser stays in: [coordinate]. Where lower equals upper, the coordinate is held.
struct Box {
  std::vector<double> lower;
  std::vector<double> upper;
};
Box box(const Layout& layout);

/// Minimises the objective from `start` by sequential quadratic programming (NLopt's SLSQP), in coordinates scaled by
/// the subjects' gradients. The objective then remembers the etas at the optimum. Every rank takes the same steps.
/// With a constraint, which `start` must satisfy, only points that satisfy it are returned. Throws NumericalError where
/// the objective has no finite value at `start`.
Optimum minimise(Objective& objective, const std::vector<double>& start, const Box& box,
                 const OptimiserOptions& options, const Constraint& constraint = {});

}  // namespace titrant::nlme
