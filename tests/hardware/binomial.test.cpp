#include "titrant/hardware/binomial.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace titrant::hardware {
namespace {

// (n g(x/n) - ...) of g(f) = f is f itself, and of f^2 it is x (x - 1) / (n (n - 1)), whose mean is p^2 exactly.
TEST(Jackknife, OfALineIsTheLineAndOfASquareHasNoBias) {
  for (std::uint64_t n : {2U, 3U, 17U}) {
    for (std::uint64_t x = 0; x <= n; ++x) {
      const auto shots = static_cast<double>(n);
      const auto ones = static_cast<double>(x);
      EXPECT_NEAR(jackknife(x, n, [](double f) { return 3.0 * f - 1.0; }), 3.0 * ones / shots - 1.0, 1e-12);
      EXPECT_NEAR(jackknife(x, n, [](double f) { return f * f; }), ones * (ones - 1.0) / (shots * (shots - 1.0)),
                  1e-12);
    }
    EXPECT_NEAR(jackknife_moments(n, 0.3, [](double f) { return f * f; }).mean, 0.09, 1e-12);
  }
}

/// Probabilities of 0 .. n ones by the recursion of Pascal's triangle.
std::vector<double> pascal(std::size_t n, double p) {
  std::vector<double> row = {1.0};
  for (std::size_t k = 0; k < n; ++k) {
    std::vector<double> next(row.size() + 1, 0.0);
    for (std::size_t x = 0; x < row.size(); ++x) {
      next[x] += (1.0 - p) * row[x];
      next[x + 1] += p * row[x];
    }
    row = std::move(next);
  }
  return row;
}

TEST(JackknifeMoments, AreThoseOfTheBinomialDistribution) {
  const OfShare steep = [](double f) { return 1.0 / (1.0 + std::exp(-20.0 * (f - 0.4))); };
  for (const double p : {0.02, 0.35, 0.5, 0.99}) {
    for (const std::size_t n : {2U, 32U, 150U}) {
      const std::vector<double> weights = pascal(n, p);
      double mean = 0.0;
      double squares = 0.0;
      for (std::size_t x = 0; x <= n; ++x) {
        const double value = jackknife(x, n, steep);
        mean += weights[x] * value;
        squares += weights[x] * value * value;
      }
      const Moments moments = jackknife_moments(n, p, steep);
      EXPECT_NEAR(moments.mean, mean, 1e-10) << p << " " << n;
      EXPECT_NEAR(moments.variance, squares - mean * mean, 1e-10) << p << " " << n;
    }
  }
}

// At the seam both ways agree: the delta method neglects terms of 1/n^2, here with g'' g' / n below 1e-3 of either.
TEST(JackknifeMoments, AgreeWhereTheSumEnds) {
  const OfShare smooth = [](double f) { return 1.0 / (1.0 + std::exp(-8.0 * (f - 0.4))); };
  const Moments summed = jackknife_moments(2000, 0.6, smooth);
  const Moments delta = jackknife_moments(2001, 0.6, smooth);
  EXPECT_NEAR(summed.mean, delta.mean, 1e-5);
  EXPECT_NEAR(summed.variance / delta.variance, 1.0, 0.01);
}

TEST(JackknifeMoments, OfACertainOutcomeDoNotVary) {
  const OfShare line = [](double f) { return 2.0 * f; };
  EXPECT_EQ(jackknife_moments(50, 1.0, line).mean, 2.0);
  EXPECT_EQ(jackknife_moments(50, 0.0, line).variance, 0.0);
}

}  // namespace
}  // namespace titrant::hardware
