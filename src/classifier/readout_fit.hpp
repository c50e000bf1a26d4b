#pragma once

#include <span>

namespace titrant::classifier {

struct Line {
  double scale;
  double offset;
};

/// Scale and offset of p_i = sigmoid(scale (2 P_i(1) - 1) + offset) that minimise the cross-entropy
///
///     sum_i -wanted_i log p_i - (1 - wanted_i) log(1 - p_i),
///
/// which is convex in both: Newton's method from (0, 0), steps halved until they do not lead uphill (Boyd and
/// Vandenberghe 2004, algorithm 9.5). `wanted`: [example], in [0, 1]. Where P(1) is the same for all, the line is
/// level. Throws NumericalError where it does not arrive.
Line fitted_line(std::span<const double> p_one, std::span<const double> wanted);

}  // namespace titrant::classifier
