#include "titrant/protocol/population.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

#include "titrant/core/error.hpp"

using namespace titrant::protocol;

namespace {

const std::vector<double> shares = {1e-6, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0 - 1e-6};

Population with(const std::vector<std::string>& covariates, const std::vector<Correlation>& correlations) {
  Population population;
  population.name = "x";
  for (const std::string& name : covariates) population.covariates.emplace_back(name, Distribution());
  population.correlations = correlations;
  return population;
}

}  // namespace

TEST(Distribution, QuantilesOfNormalOnesAreThoseOfBoost) {
  const boost::math::normal normal(80.0, 15.0);
  const Distribution one = Distribution::of("normal", 80.0, 15.0);
  for (const double u : shares) EXPECT_NEAR(one.quantile(u), boost::math::quantile(normal, u), 1e-9) << u;
}

TEST(Distribution, QuantilesOfLogNormalOnesAreThoseOfBoost) {
  const boost::math::lognormal log_normal(std::log(45.0), 0.3);
  const Distribution one = Distribution::of("log_normal", 45.0, 0.3);
  EXPECT_NEAR(one.quantile(0.5), 45.0, 1e-12) << "the median";
  for (const double u : shares) EXPECT_NEAR(one.quantile(u), boost::math::quantile(log_normal, u), 1e-9) << u;
}

// The share below the quantile u of a distribution that is cut off is u of the mass between the ends.
TEST(Distribution, WhatIsCutOffIsSharedOutBetweenTheEnds) {
  const auto expect_shares = [](const Distribution& one, const auto& whole) {
    const double below = boost::math::cdf(whole, one.low);
    const double mass = boost::math::cdf(whole, one.high) - below;
    double last = one.low;
    for (const double u : shares) {
      const double value = one.quantile(u);
      EXPECT_NEAR((boost::math::cdf(whole, value) - below) / mass, u, 1e-10);
      EXPECT_GT(value, last);
      last = value;
    }
    EXPECT_LT(last, one.high);
  };
  Distribution normal = Distribution::of("normal", 80.0, 15.0);
  normal.low = 75.0;
  normal.high = 150.0;
  expect_shares(normal, boost::math::normal(80.0, 15.0));
  Distribution log_normal = Distribution::of("log_normal", 45.0, 0.3);
  log_normal.low = 30.0;
  log_normal.high = 50.0;
  expect_shares(log_normal, boost::math::lognormal(std::log(45.0), 0.3));
  log_normal.low = 0.0;
  expect_shares(log_normal, boost::math::lognormal(std::log(45.0), 0.3));
}

// Far above the mean the mass is known from above only: 1 less a share near 1 has no digits left.
TEST(Distribution, WhatIsCutOffFarAboveTheMeanIsSharedOutToo) {
  const boost::math::normal whole(80.0, 15.0);
  const auto above = [&](double value) { return boost::math::cdf(boost::math::complement(whole, value)); };
  Distribution one = Distribution::of("normal", 80.0, 15.0);
  one.low = 215.0;  // nine standard deviations
  one.high = 260.0;
  double last = one.low;
  for (const double u : shares) {
    const double value = one.quantile(u);
    EXPECT_NEAR((above(one.low) - above(value)) / (above(one.low) - above(one.high)), u, 1e-10);
    EXPECT_GT(value, last);
    last = value;
  }
  one.low = 1000.0;  // sixty: nothing that a double tells from 0
  one.high = 1001.0;
  EXPECT_EQ(one.quantile(0.5), 1000.0);
  one.low = -1001.0;
  one.high = -1000.0;
  EXPECT_EQ(one.quantile(0.5), -1000.0);
}

TEST(Distribution, UniformAndFixedOnes) {
  Distribution fixed;
  fixed.first = 70.0;
  for (const double u : shares) {
    EXPECT_EQ(Distribution::of("uniform", 50.0, 100.0).quantile(u), 50.0 + 50.0 * u);
    EXPECT_EQ(fixed.quantile(u), 70.0);
  }
}

TEST(Distribution, LevelsHaveTheirShares) {
  Distribution one;
  one.kind = Distribution::Kind::levels;
  one.shares = {{0.0, 0.25}, {1.0, 0.0}, {2.0, 0.75}};
  EXPECT_EQ(one.quantile(1e-9), 0.0);
  EXPECT_EQ(one.quantile(std::nextafter(0.25, 0.0)), 0.0);
  EXPECT_EQ(one.quantile(0.25), 2.0) << "a level without a share is nobody's";
  EXPECT_EQ(one.quantile(std::nextafter(1.0, 0.0)), 2.0);
  one.shares = {{0.0, 1.0 / 3.0}, {1.0, 1.0 / 3.0}, {2.0, 1.0 / 3.0 - 1e-12}};
  EXPECT_EQ(one.quantile(std::nextafter(1.0, 0.0)), 2.0) << "shares add up to 1 but for rounding";
}

TEST(CorrelationFactor, TimesItsTransposeIsTheMatrix) {
  const std::vector<Correlation> correlations = {{"a", "b", 0.4}, {"c", "a", -0.3}, {"d", "c", 0.7}};
  const std::vector<double> factor = correlation_factor(with({"a", "b", "c", "d"}, correlations));
  const std::vector<double> expected = {1, 0.4, -0.3, 0, 0.4, 1, 0, 0, -0.3, 0, 1, 0.7, 0, 0, 0.7, 1};
  ASSERT_EQ(factor.size(), 16U);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      double product = 0.0;
      for (std::size_t k = 0; k < 4; ++k) product += factor[i * 4 + k] * factor[j * 4 + k];
      EXPECT_NEAR(product, expected[i * 4 + j], 1e-15);
      if (j > i) {
        EXPECT_EQ(factor[i * 4 + j], 0.0);
      }
    }
  }
}

TEST(CorrelationFactor, OfTwoIsKnown) {
  const std::vector<double> factor = correlation_factor(with({"a", "b"}, {{"a", "b", 0.6}}));
  EXPECT_EQ(factor, (std::vector<double>{1.0, 0.0, 0.6, 0.8}));
  EXPECT_TRUE(correlation_factor(with({}, {})).empty());
}

TEST(CorrelationFactor, DoesNotExistWhereTheCorrelationsAreImpossible) {
  EXPECT_THROW(correlation_factor(with({"a", "b", "c"}, {{"a", "b", 0.9}, {"b", "c", 0.9}, {"a", "c", -0.9}})),
               titrant::ConfigError);
  EXPECT_THROW(correlation_factor(with({"a", "b", "c"}, {{"a", "b", 0.8}, {"b", "c", 0.6}, {"a", "c", 0.0}})),
               titrant::ConfigError)
      << "singular: 0.8^2 + 0.6^2 = 1";
  EXPECT_NO_THROW(correlation_factor(with({"a", "b", "c"}, {{"a", "b", 0.8}, {"b", "c", 0.59}, {"a", "c", 0.0}})));
  EXPECT_THROW(correlation_factor(with({"a"}, {{"a", "b", 0.5}})), titrant::ConfigError);
}
