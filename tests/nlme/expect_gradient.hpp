#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "titrant/nlme/objective.hpp"

namespace titrant::tests {

/// Central differences of the objective, whose etas are found anew at each point.
inline void expect_gradient_by_differences(nlme::Objective& objective, const std::vector<double>& x,
                                           double relative_tolerance) {
  const nlme::Evaluation evaluation = objective.evaluate(x);
  double scale = 0.0;
  for (const double slope : evaluation.gradient) scale = std::max(scale, std::abs(slope));
  constexpr double step = 1e-4;
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::vector<double> above = x;
    std::vector<double> below = x;
    above[i] += step;
    below[i] -= step;
    const std::vector<nlme::Evaluation> around = objective.evaluate_around({above, below});
    const double expected = (around[0].value - around[1].value) / (2.0 * step);
    EXPECT_NEAR(evaluation.gradient[i], expected, relative_tolerance * scale)
        << objective.layout().coordinates()[i].name;
  }
}

}  // namespace titrant::tests
