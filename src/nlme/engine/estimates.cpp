#include "estimates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/constants.hpp"
#include "titrant/core/sum.hpp"

namespace titrant::nlme {

namespace {

using core::not_available;
constexpr double normal_quantile = 1.959963984540054;  // 97.5 %

Estimate fixed_estimate(const std::string& name, const std::string& units, double value) {
  return {.name = name,
          .units = units,
          .value = value,
          .standard_error = not_available,
          .rse = not_available,
          .lower = not_available,
          .upper = not_available,
          .fixed = true};
}

}  // namespace

std::vector<double> shrinkage(const std::vector<std::vector<double>>& etas, const Population& population) {
  std::vector<double> result;
  const std::vector<std::size_t> places = population.eta_parameters();
  for (std::size_t k = 0; k < places.size(); ++k) {
    std::vector<double> column;
    column.reserve(etas.size());
    for (const std::vector<double>& of_subject : etas) column.push_back(of_subject[k]);
    if (column.size() < 2) {
      result.push_back(not_available);
      continue;
    }
    const double mean = core::ordered_mean(column);
    for (double& value : column) value = (value - mean) * (value - mean);
    const double variance = core::ordered_sum(column) / (static_cast<double>(column.size()) - 1.0);
    result.push_back(1.0 - std::sqrt(variance) / population.parameters[places[k]].omega);
  }
  return result;
}

std::vector<double> spread_covariance(const Eigen::MatrixXd& covariance, const std::vector<std::size_t>& free,
                                      std::size_t size) {
  std::vector<double> result(size * size, 0.0);
  const bool known = covariance.rows() == static_cast<Eigen::Index>(free.size());
  for (std::size_t k = 0; k < free.size(); ++k) {
    for (std::size_t l = 0; l < free.size(); ++l) {
      result[free[k] * size + free[l]] =
          known ? covariance(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l)) : not_available;
    }
  }
  return result;
}

std::vector<Estimate> estimates(const Layout& layout, const std::vector<double>& x, const Population& population,
                                const Eigen::MatrixXd& covariance, const std::vector<std::size_t>& free) {
  std::vector<Estimate> result;
  const auto add = [&](const std::string& name, const std::string& units, double value) {
    const auto found = std::find_if(layout.coordinates().begin(), layout.coordinates().end(),
                                    [&](const Coordinate& coordinate) { return coordinate.name == name; });
    Estimate estimate = fixed_estimate(name, units, value);
    if (found != layout.coordinates().end()) {
      estimate.fixed = false;
      const auto coordinate = static_cast<std::size_t>(found - layout.coordinates().begin());
      const auto place = std::find(free.begin(), free.end(), coordinate);
      if (place != free.end() && covariance.rows() > 0) {
        const auto k = static_cast<Eigen::Index>(place - free.begin());
        const double error = std::sqrt(covariance(k, k));
        const double centre = x[coordinate];
        estimate.standard_error = error * std::abs(layout.natural_derivative(coordinate, centre));
        estimate.rse = 100.0 * estimate.standard_error / std::abs(value);
        estimate.lower = layout.natural(coordinate, centre - normal_quantile * error);
        estimate.upper = layout.natural(coordinate, centre + normal_quantile * error);
      }
    }
    result.push_back(estimate);
  };
  for (const Parameter& parameter : population.parameters) {
    add(parameter.name, parameter.units, parameter.typical);
    for (const Effect& effect : parameter.effects) {
      add(fmt::format("{}.{}", parameter.name, effect.effect.covariate), "1", effect.effect.coefficient);
    }
  }
  for (const std::size_t place : population.eta_parameters()) {
    const Parameter& parameter = population.parameters[place];
    add(fmt::format("omega.{}", parameter.name), "1", parameter.omega);
  }
  for (const ResponseError& error : population.errors) {
    if (error.model.additive > 0.0) add(error_name(error, Role::additive), error.units, error.model.additive);
    if (error.model.proportional > 0.0) add(error_name(error, Role::proportional), "1", error.model.proportional);
  }
  return result;
}

}  // namespace titrant::nlme
