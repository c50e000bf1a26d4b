#include "../../src/classifier/readout_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "titrant/classifier/readout.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

std::vector<double> at(const std::vector<double>& p_one, double scale, double offset) {
  std::vector<double> p;
  p.reserve(p_one.size());
  for (const double one : p_one) p.push_back(sigmoid(scale * (2.0 * one - 1.0) + offset));
  return p;
}

// Noise that shrinks and moves <Z> = 1 - 2 P(1) linearly is undone exactly by another line.
TEST(ReadoutFit, FindsTheLineThatMadeTheProbabilities) {
  const std::vector<double> ideal = {0.02, 0.2, 0.35, 0.5, 0.7, 0.97};
  std::vector<double> noisy;
  noisy.reserve(ideal.size());
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
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(p[i], wanted[i], 1e-9);
}

// At the minimum the residuals are orthogonal to 1 and to 2 P(1) - 1. Wanted values off any line, from few examples to
// many, and P(1) that hardly differ: the search must arrive although rounding hides the last gains of the
// cross-entropy.
TEST(ReadoutFit, ArrivesOnExamplesOfAnyNumber) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (std::size_t problem = 0; problem < 3000; ++problem) {
    const std::size_t count = 2 + problem % 60;
    const double width = std::pow(10.0, -4.0 * unit(random));
    std::vector<double> p_one(count);
    std::vector<double> wanted(count);
    for (double& one : p_one) one = 0.3 + width * 0.5 * unit(random);
    for (double& one : wanted) one = sigmoid(8.0 * unit(random) - 4.0);
    const Line line = fitted_line(p_one, wanted);
    const std::vector<double> p = at(p_one, line.scale, line.offset);
    double residual = 0.0;
    double moment = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      residual += p[i] - wanted[i];
      moment += (p[i] - wanted[i]) * (2.0 * p_one[i] - 1.0);
    }
    EXPECT_NEAR(residual / static_cast<double>(count), 0.0, 1e-7) << problem;
    EXPECT_NEAR(moment / static_cast<double>(count), 0.0, 1e-7) << problem;
  }
}

TEST(ReadoutFit, SaysWhereItDoesNotArrive) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(fitted_line(std::vector<double>{0.1, nan}, std::vector<double>{0.2, 0.5}), NumericalError);
  EXPECT_THROW(fitted_line(std::vector<double>{0.1, 0.4}, std::vector<double>{0.2, nan}), NumericalError);
}

}  // namespace
}  // namespace titrant::classifier
