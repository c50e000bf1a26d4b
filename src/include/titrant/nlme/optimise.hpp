#pragma once

#include <span>
#include <string>
#include <vector>

#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/optimiser_options.hpp"

namespace titrant::nlme {

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
