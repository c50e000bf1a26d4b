#include "../../src/classifier/auxiliary_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "titrant/core/stream.hpp"

namespace titrant::classifier {
namespace {

using std::numbers::pi;

Ansatz ansatz(bool reuploading) {
  ClassifierOptions options;
  options.reuploading = reuploading;
  options.covariates = {{.name = "sex"}};
  return ansatz_of(options, 64);
}

// A trigonometric polynomial of degree three with these coefficients.
double polynomial(const std::vector<double>& c, double angle) {
  double sum = c[0];
  for (std::size_t j = 1; j <= 3; ++j) {
    const double multiple = static_cast<double>(j) * angle;
    sum += c[2 * j - 1] * std::cos(multiple) + c[2 * j] * std::sin(multiple);
  }
  return sum;
}

TEST(AuxiliaryGrid, InterpolatesTrigonometricPolynomialsExactly) {
  const AuxiliaryGrid grid(ansatz(true), 1);
  EXPECT_FALSE(grid.has_two_values());
  EXPECT_EQ(grid.nodes().size(), 8U);
  EXPECT_EQ(grid.components(), 7U);
  core::Stream stream(1, core::Purpose::test, 0);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> c(7);
    for (double& value : c) value = stream.normal();
    const double angle = stream.uniform(-7.0, 7.0);
    const Direction direction{std::cos(angle), std::sin(angle)};
    double interpolated = 0.0;
    for (std::size_t k = 0; k < 8; ++k) interpolated += grid.node_weight(k, direction) * polynomial(c, grid.nodes()[k]);
    EXPECT_NEAR(interpolated, polynomial(c, angle), 1e-13);
    EXPECT_NEAR(grid.sum(direction, c), polynomial(c, angle), 1e-13);
  }
}

// A covariate of 0 or 1 has the angle 0 or pi: one node, no mixture.
TEST(AuxiliaryGrid, ZeroAndPiAreNodes) {
  for (const bool reuploading : {false, true}) {
    const AuxiliaryGrid grid(ansatz(reuploading), 1);
    for (const double angle : {0.0, pi}) {
      std::size_t with_weight = 0;
      for (std::size_t k = 0; k < grid.nodes().size(); ++k) {
        const double weight = grid.node_weight(k, {std::cos(angle), std::sin(angle)});
        if (std::abs(weight) < 1e-15) continue;
        ++with_weight;
        EXPECT_NEAR(weight, 1.0, 1e-15);
        EXPECT_NEAR(grid.nodes()[k], angle, 1e-15);
      }
      EXPECT_EQ(with_weight, 1U);
    }
  }
}

// An indicator has two values however often it is uploaded.
TEST(AuxiliaryGrid, AnIndicatorHasTwoValues) {
  const AuxiliaryGrid grid(ansatz(true), 1, true);
  EXPECT_TRUE(grid.has_two_values());
  EXPECT_EQ(grid.nodes(), (std::vector<double>{0.0, pi}));
  EXPECT_EQ(grid.node_weight(1, {std::cos(pi), std::sin(pi)}), 1.0);
  EXPECT_EQ(grid.node_weight(0, {std::cos(pi), std::sin(pi)}), 0.0);
}

TEST(AuxiliaryGrid, WeightsOfAClassicalBitAreProbabilities) {
  const AuxiliaryGrid grid(ansatz(false), 0);
  EXPECT_TRUE(grid.has_two_values());
  const double angle = 1.1;
  const Direction direction{std::cos(angle), std::sin(angle)};
  EXPECT_NEAR(grid.node_weight(0, direction), std::pow(std::cos(angle / 2), 2), 1e-15);
  EXPECT_NEAR(grid.node_weight(1, direction), std::pow(std::sin(angle / 2), 2), 1e-15);
  EXPECT_NEAR(grid.sum(direction, std::vector<double>{0.3, 0.9}), 0.3 + 0.6 * std::pow(std::sin(angle / 2), 2), 1e-15);
}

}  // namespace
}  // namespace titrant::classifier
