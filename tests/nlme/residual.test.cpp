#include "titrant/nlme/residual.hpp"

#include <gtest/gtest.h>

#include <cmath>

using titrant::nlme::residual_term;
using titrant::nlme::ResidualTerm;
using titrant::pkpd::ErrorModel;

namespace {

const ErrorModel residual_error{.additive = 0.3, .proportional = 0.2};
constexpr double observed = 2.7;
constexpr double predicted = 1.9;
constexpr double step = 1e-5;
constexpr double tolerance = 1e-8;  // truncation step^2 = 1e-10 times third derivatives of order 10

ResidualTerm at(double prediction) { return residual_term(observed, prediction, residual_error); }

/// The error model with log additive or log proportional moved.
ErrorModel moved(std::size_t which, double by) {
  ErrorModel error = residual_error;
  (which == 0 ? error.additive : error.proportional) *= std::exp(by);
  return error;
}

}  // namespace

TEST(Residual, IsMinusTwiceTheNormalLogDensityWithoutItsConstant) {
  const double variance = 0.3 * 0.3 + 0.2 * 0.2 * predicted * predicted;
  const double difference = observed - predicted;
  EXPECT_NEAR(at(predicted).value, difference * difference / variance + std::log(variance), 1e-14);
}

TEST(Residual, WeightIsTheInformationAboutThePrediction) {
  // Half the expectation of the curvature over y = f + sqrt(v) z: by three-point Gauss-Hermite quadrature, exact for
  // the quadratic that the curvature is in z.
  const double sd = std::sqrt(residual_error.variance(predicted));
  const double node = std::sqrt(3.0);
  double expectation = 2.0 / 3.0 * residual_term(predicted, predicted, residual_error).curvature;
  for (const double z : {-node, node}) {
    expectation += residual_term(predicted + sd * z, predicted, residual_error).curvature / 6.0;
  }
  EXPECT_NEAR(at(predicted).weight, 0.5 * expectation, 1e-12);
}

TEST(Residual, DerivativesByThePrediction) {
  const ResidualTerm above = at(predicted + step);
  const ResidualTerm below = at(predicted - step);
  EXPECT_NEAR(at(predicted).slope, (above.value - below.value) / (2.0 * step), tolerance);
  EXPECT_NEAR(at(predicted).curvature, (above.slope - below.slope) / (2.0 * step), tolerance);
  EXPECT_NEAR(at(predicted).weight_slope, (above.weight - below.weight) / (2.0 * step), tolerance);
}

TEST(Residual, DerivativesByTheError) {
  for (std::size_t which = 0; which < 2; ++which) {
    const ResidualTerm above = residual_term(observed, predicted, moved(which, step));
    const ResidualTerm below = residual_term(observed, predicted, moved(which, -step));
    const ResidualTerm term = at(predicted);
    EXPECT_NEAR(term.value_by_error[which], (above.value - below.value) / (2.0 * step), tolerance);
    EXPECT_NEAR(term.slope_by_error[which], (above.slope - below.slope) / (2.0 * step), tolerance);
    EXPECT_NEAR(term.weight_by_error[which], (above.weight - below.weight) / (2.0 * step), tolerance);
  }
}
