#include "estimates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/random_effects.hpp"

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

double shrinkage_of(std::vector<double> etas, double omega) {
  if (etas.size() < 2) return not_available;
  const double mean = core::ordered_mean(etas);
  for (double& value : etas) value = (value - mean) * (value - mean);
  const double variance = core::ordered_sum(etas) / (static_cast<double>(etas.size()) - 1.0);
  return 1.0 - std::sqrt(variance) / omega;
}

}  // namespace

std::vector<double> shrinkage(const std::vector<std::vector<double>>& etas, const Population& population) {
  std::vector<double> result;
  const std::vector<std::size_t> places = population.eta_parameters();
  for (std::size_t k = 0; k < places.size(); ++k) {
    std::vector<double> column;
    column.reserve(etas.size());
    for (const std::vector<double>& of_subject : etas) column.push_back(of_subject[k]);
    result.push_back(shrinkage_of(std::move(column), population.parameters[places[k]].omega));
  }
  return result;
}

std::vector<double> error_shrinkage(const std::vector<std::vector<double>>& etas, const Population& population) {
  std::vector<double> result;
  const std::vector<std::size_t> places = population.error_etas();
  for (std::size_t k = 0; k < places.size(); ++k) {
    std::vector<double> column;
    for (const std::vector<double>& of_subject : etas) column.push_back(of_subject[k]);
    result.push_back(shrinkage_of(std::move(column), population.errors[places[k]].model.omega));
  }
  return result;
}

std::vector<double> occasion_shrinkage(const std::vector<std::vector<double>>& etas, const Population& population) {
  std::vector<double> result;
  const std::size_t lasting = population.eta_parameters().size();
  const std::vector<std::size_t> places = population.occasion_parameters();
  for (std::size_t k = 0; k < places.size(); ++k) {
    std::vector<double> column;
    for (const std::vector<double>& of_subject : etas) {
      for (std::size_t i = lasting + k; i < of_subject.size(); i += places.size()) column.push_back(of_subject[i]);
    }
    result.push_back(shrinkage_of(std::move(column), population.parameters[places[k]].occasion_omega));
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

namespace {

/// The place of a coordinate among the free ones; none: it is not free.
std::optional<Eigen::Index> place_among(const std::vector<std::size_t>& free, std::size_t coordinate) {
  const auto place = std::find(free.begin(), free.end(), coordinate);
  if (place == free.end()) return std::nullopt;
  return place - free.begin();
}

/// The correlations of a block: standard errors by the delta method, intervals by Fisher's transformation.
void add_correlations(const Layout& layout, const std::vector<double>& x, const Population& population, std::size_t b,
                      const Eigen::MatrixXd& covariance, const std::vector<std::size_t>& free,
                      std::vector<Estimate>& result) {
  const OmegaBlock& block = population.blocks[b];
  const std::size_t members = block.parameters.size();
  std::vector<std::size_t> coordinates;  // of the pairs
  std::vector<double> values;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const Coordinate& one = layout.coordinates()[i];
    if (one.role != Role::correlation || one.block != b) continue;
    coordinates.push_back(i);
    values.push_back(x[i]);
  }
  const Eigen::MatrixXd derivatives = block.fixed ? Eigen::MatrixXd() : correlation_derivatives(values, members);
  for (std::size_t row = 1; row < members; ++row) {
    for (std::size_t column = 0; column < row; ++column) {
      const std::size_t pair = OmegaBlock::pair(row, column);
      const double value = block.correlations[pair];
      Estimate estimate = fixed_estimate(correlation_name(population, block, row, column), "1", value);
      estimate.fixed = block.fixed;
      double variance = 0.0;
      for (std::size_t k = 0; k < coordinates.size() && covariance.rows() > 0; ++k) {
        for (std::size_t l = 0; l < coordinates.size(); ++l) {
          const auto row_place = place_among(free, coordinates[k]);
          const auto column_place = place_among(free, coordinates[l]);
          if (!row_place || !column_place) continue;
          variance += derivatives(static_cast<Eigen::Index>(pair), static_cast<Eigen::Index>(k)) *
                      derivatives(static_cast<Eigen::Index>(pair), static_cast<Eigen::Index>(l)) *
                      covariance(*row_place, *column_place);
        }
      }
      if (variance > 0.0) {
        estimate.standard_error = std::sqrt(variance);
        estimate.rse = 100.0 * estimate.standard_error / std::abs(value);
        const double width = normal_quantile * estimate.standard_error / (1.0 - value * value);
        estimate.lower = std::tanh(std::atanh(value) - width);
        estimate.upper = std::tanh(std::atanh(value) + width);
      }
      result.push_back(estimate);
    }
  }
}

}  // namespace

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
      const std::optional<Eigen::Index> place = place_among(free, coordinate);
      if (place && covariance.rows() > 0) {
        const double error = std::sqrt(covariance(*place, *place));
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
  for (const std::size_t place : population.error_etas()) {
    add(error_omega_name(population.errors[place]), "1", population.errors[place].model.omega);
  }
  for (std::size_t b = 0; b < population.blocks.size(); ++b) {
    add_correlations(layout, x, population, b, covariance, free, result);
  }
  for (const std::size_t place : population.occasion_parameters()) {
    const Parameter& parameter = population.parameters[place];
    add(fmt::format("occasion_omega.{}", parameter.name), "1", parameter.occasion_omega);
  }
  for (const ResponseError& error : population.errors) {
    const auto add_error = [&](Role role, double value) {
      if (value > 0.0) add(error_name(error, role), error_units(error, role), value);
    };
    add_error(Role::additive, error.model.additive);
    add_error(Role::exponent, error.model.exponent);
    add_error(Role::proportional, error.model.proportional);
  }
  return result;
}

std::vector<double> covariance_of(const std::vector<std::vector<double>>& draws) {
  TITRANT_EXPECTS(draws.size() > 1);
  const std::size_t size = draws.front().size();
  const auto total = static_cast<double>(draws.size());
  std::vector<double> mean(size, 0.0);
  for (const std::vector<double>& x : draws) {
    for (std::size_t i = 0; i < size; ++i) mean[i] += x[i] / total;
  }
  std::vector<double> covariance(size * size, 0.0);
  for (const std::vector<double>& x : draws) {
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t k = 0; k < size; ++k) {
        covariance[i * size + k] += (x[i] - mean[i]) * (x[k] - mean[k]) / (total - 1.0);
      }
    }
  }
  return covariance;
}

void take_intervals(const Layout& layout, const std::vector<std::vector<double>>& draws,
                    std::vector<Estimate>& estimates) {
  constexpr double tail = 0.025;
  std::vector<std::vector<double>> values(estimates.size());  // [estimate][draw]
  for (const std::vector<double>& x : draws) {
    const std::vector<Estimate> drawn = nlme::estimates(layout, x, layout.decode(x), {}, {});
    TITRANT_EXPECTS(drawn.size() == estimates.size());
    for (std::size_t i = 0; i < drawn.size(); ++i) values[i].push_back(drawn[i].value);
  }
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    Estimate& one = estimates[i];
    const auto [smallest, largest] = std::minmax_element(values[i].begin(), values[i].end());
    if (one.fixed || *smallest == *largest) continue;  // held
    const double mean = core::ordered_mean(values[i]);
    std::vector<double> squares;
    for (const double value : values[i]) squares.push_back((value - mean) * (value - mean));
    one.standard_error = std::sqrt(core::ordered_sum(squares) / (static_cast<double>(squares.size()) - 1.0));
    one.rse = 100.0 * one.standard_error / std::abs(one.value);
    one.lower = core::quantile(values[i], tail);
    one.upper = core::quantile(values[i], 1.0 - tail);
  }
}

}  // namespace titrant::nlme
