#include "titrant/protocol/population.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::protocol {

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
