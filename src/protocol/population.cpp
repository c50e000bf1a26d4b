#include "titrant/protocol/population.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"

namespace titrant::protocol {

namespace {

double standard_normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// Quantile of a normal distribution that is cut off at both ends.
double cut_normal(double mean, double sd, double low, double high, double u) {
  const double below = standard_normal_below((low - mean) / sd);
  const double within = standard_normal_below((high - mean) / sd) - below;
  const double share = below + u * within;
  if (share <= 0.0) return low;
  if (share >= 1.0) return high;
  return std::clamp(boost::math::quantile(boost::math::normal(mean, sd), share), low, high);
}

}  // namespace

Distribution::Distribution()
    : low(-std::numeric_limits<double>::infinity()), high(std::numeric_limits<double>::infinity()) {}

double Distribution::quantile(double u) const {
  TITRANT_EXPECTS(u > 0.0 && u < 1.0);
  switch (kind) {
    case Kind::fixed:
      return first;
    case Kind::uniform:
      return first + (second - first) * u;
    case Kind::normal:
      return cut_normal(first, second, low, high, u);
    case Kind::log_normal:
      return std::exp(cut_normal(std::log(first), second,
                                 low > 0.0 ? std::log(low) : -std::numeric_limits<double>::infinity(), std::log(high),
                                 u));
    case Kind::levels:
      break;
  }
  double sum = 0.0;
  for (const auto& [value, share] : shares) {
    sum += share;
    if (u < sum) return value;
  }
  return shares.back().first;  // shares add up to 1 but for rounding
}

std::vector<double> correlation_factor(const Population& population) {
  const std::size_t n = population.covariates.size();
  const auto place = [&](const std::string& name) {
    const auto found = std::find_if(population.covariates.begin(), population.covariates.end(),
                                    [&](const auto& one) { return one.first == name; });
    if (found == population.covariates.end()) {
      throw ConfigError(
          fmt::format("populations.{}.correlation: the covariate {} has no distribution here", population.name, name));
    }
    return static_cast<std::size_t>(found - population.covariates.begin());
  };
  std::vector<double> matrix(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] = 1.0;
  for (const Correlation& one : population.correlations) {
    const std::size_t i = place(one.first);
    const std::size_t j = place(one.second);
    if (i == j) {
      throw ConfigError(fmt::format("populations.{}.correlation: {} with itself", population.name, one.first));
    }
    matrix[i * n + j] = matrix[j * n + i] = one.coefficient;
  }
  std::vector<double> factor(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k) rest -= factor[i * n + k] * factor[j * n + k];
      constexpr double least = 1e-12;
      if (i == j && rest <= least) {
        throw ConfigError(fmt::format(
            "populations.{}.correlation: no covariates have such correlations (the matrix is not positive definite at "
            "{}); make them smaller",
            population.name, population.covariates[i].first));
      }
      factor[i * n + j] = i == j ? std::sqrt(rest) : rest / factor[j * n + j];
    }
  }
  return factor;
}

}  // namespace titrant::protocol
