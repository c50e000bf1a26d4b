#include "titrant/classifier/covariate_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

std::size_t inputs_of(const std::vector<CovariateInput>& covariates, const std::string& name) {
  return static_cast<std::size_t>(std::count_if(covariates.begin(), covariates.end(),
                                                [&](const CovariateInput& other) { return other.name == name; }));
}

}  // namespace

double CovariateInput::input(double x) const {
  if (kind == Kind::indicator) return x == value ? 1.0 : 0.0;
  const double ratio = x / value;
  return 2.0 / std::numbers::pi * std::atan(ratio * ratio);
}

std::vector<std::string> input_names(const std::vector<CovariateInput>& covariates) {
  std::vector<std::string> names;
  for (const CovariateInput& one : covariates) {
    const bool single = inputs_of(covariates, one.name) == 1;
    names.push_back(single ? one.name : fmt::format("{}_{:g}", one.name, one.value));
  }
  return names;
}

void check_inputs(const std::vector<CovariateInput>& covariates) {
  std::vector<std::string> names = input_names(covariates);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end())
    throw ConfigError(fmt::format("classifier.covariates: {} is there twice; name each once", *twice));
  for (const CovariateInput& one : covariates) {
    if (one.kind == CovariateInput::Kind::indicator) continue;
    if (!(one.value > 0.0) || !std::isfinite(one.value)) {
      throw ConfigError(fmt::format("classifier.covariates: the reference of {} is {}; it must be positive and finite",
                                    one.name, one.value));
    }
    if (!(one.high > one.low) || !std::isfinite(one.high - one.low)) {
      throw ConfigError(
          fmt::format("classifier.covariates: {} ranges from {} to {} in the trial; a continuous covariate must vary, "
                      "so leave it out",
                      one.name, one.low, one.high));
    }
  }
}

}  // namespace titrant::classifier
