#include "../../src/classifier/readout_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "titrant/classifier/readout.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

std::vector<double> at(const std::vector<double>& p_one, double scale, double offset) {
  std::vector<double> p;
  for (const double one : p_one) p.push_back(sigmoid(scale * (2.0 * one - 1.0) + offset));
  return p;
}

// Noise that shrinks and moves <Z> = 1 - 2 P(1) linearly is undone exactly by another line.
TEST(ReadoutFit, FindsTheLineThatMadeTheProbabilities) {
  const std::vector<double> ideal = {0.02, 0.2, 0.35, 0.5, 0.7, 0.97};
  std::vector<double> noisy;
  for (const double one : ideal) noisy.push_back(0.03 + 0.8 * one);  // 2 P - 1 -> 0.8 (2 P - 1) - 0.14
  for (const auto& [scale, offset] : {std::pair{6.0, 0.0}, std::pair{-2.0, 1.0}, std::pair{25.0, -4.0}}) {
    const Line line = fitted_line(noisy, at(ideal, scale, offset));
    EXPECT_NEAR(line.scale, scale / 0.8, 1e-6 * std::abs(scale));
    EXPECT_NEAR(line.offset, offset + 0.14 * scale / 0.8, 1e-6 * std::abs(scale));
  }
}

// Where all P(1) are the same, the mean of the wanted probabilities is the best there is.
TEST(ReadoutFit, IsLevelWhereNothingTellsExamplesApart) {
  const std::vector<double> same = {0.5, 0.5, 0.5};
  const Line line = fitted_line(same, std::vector<double>{0.1, 0.2, 0.6});
  EXPECT_NEAR(sigmoid(line.offset), 0.3, 1e-9);
  EXPECT_NEAR(line.scale, 0.0, 1e-9);
}

// Probabilities of exactly 0 and 1 have no finite best line: the fit ends where they are met to rounding.
TEST(ReadoutFit, EndsWherePredictionsAreCertain) {
  const std::vector<double> p_one = {0.1, 0.2, 0.8, 0.9};
  const std::vector<double> wanted = {0.0, 0.0, 1.0, 1.0};
  const Line line = fitted_line(p_one, wanted);
  const std::vector<double> p = at(p_one, line.scale, line.offset);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(p[i], wanted[i], 1e-11);
}

TEST(ReadoutFit, SaysWhereItDoesNotArrive) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(fitted_line(std::vector<double>{0.1, nan}, std::vector<double>{0.2, 0.5}), NumericalError);
  EXPECT_THROW(fitted_line(std::vector<double>{0.1, 0.4}, std::vector<double>{0.2, nan}), NumericalError);
}

}  // namespace
}  // namespace titrant::classifier
