#include "titrant/nlme/layout.hpp"

#include <fmt/format.h>

#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/nlme/random_effects.hpp"

namespace titrant::nlme {

namespace {

constexpr double typical_range = 8.0;  // on the transformed scale: a factor of 3,000 either way
constexpr double slope_range = 10.0;
constexpr double omega_lower = 1e-3;
constexpr double omega_upper = 5.0;
constexpr double largest_correlation = 0.999;
constexpr double exponent_lower = 0.01;
constexpr double exponent_upper = 3.0;

Coordinate around(Coordinate coordinate, double value, double range) {
  coordinate.lower = value - range;
  coordinate.upper = value + range;
  return coordinate;
}

/// Adds the coordinates of the random effects, in the order of RandomEffects.
void add_random_effects(const Population& initial, std::vector<Coordinate>& coordinates) {
  std::size_t number = 0;
  const auto add_omega = [&](Role role, std::size_t place, bool fixed) {
    const std::size_t own = number++;
    if (fixed) return;
    coordinates.push_back(
        {.name = fmt::format("{}.{}", role == Role::omega ? "omega" : "occasion_omega", initial.parameters[place].name),
         .units = "1",
         .role = role,
         .parameter = place,
         .number = own,
         .lower = std::log(omega_lower),
         .upper = std::log(omega_upper)});
  };
  for (const std::size_t place : initial.eta_parameters()) {
    add_omega(Role::omega, place, initial.parameters[place].omega_fixed);
  }
  for (const std::size_t response : initial.error_etas()) {
    const ResponseError& error = initial.errors[response];
    const std::size_t own = number++;
    if (error.omega_fixed) continue;
    coordinates.push_back({.name = error_omega_name(error),
                           .units = "1",
                           .role = Role::error_omega,
                           .number = own,
                           .response = response,
                           .lower = std::log(omega_lower),
                           .upper = std::log(omega_upper)});
  }
  for (std::size_t b = 0; b < initial.blocks.size(); ++b) {
    const OmegaBlock& block = initial.blocks[b];
    for (std::size_t row = 1; row < block.parameters.size(); ++row) {
      for (std::size_t column = 0; column < row; ++column) {
        const std::size_t own = number++;
        if (block.fixed) continue;
        coordinates.push_back({.name = correlation_name(initial, block, row, column),
                               .units = "1",
                               .role = Role::correlation,
                               .parameter = block.parameters[row],
                               .number = own,
                               .block = b,
                               .row = row,
                               .column = column,
                               .other = block.parameters[column],
                               .lower = -std::atanh(largest_correlation),
                               .upper = std::atanh(largest_correlation)});
      }
    }
  }
  for (const std::size_t place : initial.occasion_parameters()) {
    add_omega(Role::occasion_omega, place, initial.parameters[place].occasion_omega_fixed);
  }
}

}  // namespace

std::string correlation_name(const Population& population, const OmegaBlock& block, std::size_t row,
                             std::size_t column) {
  return fmt::format("correlation.{}.{}", population.parameters[block.parameters[column]].name,
                     population.parameters[block.parameters[row]].name);
}

std::string error_name(const ResponseError& error, Role role) {
  const bool of_log = error.model.form == pkpd::ErrorForm::log_normal;
  const char* term = role == Role::additive   ? "additive"
                     : role == Role::exponent ? "exponent"
                     : of_log                 ? "log_normal"
                                              : "proportional";
  return error.name.empty() ? fmt::format("error.{}", term) : fmt::format("error.{}.{}", error.name, term);
}

std::string error_eta_name(const ResponseError& error) {
  return error.name.empty() ? error_word : fmt::format("{}.{}", error_word, error.name);
}

std::string error_omega_name(const ResponseError& error) { return fmt::format("omega.{}", error_eta_name(error)); }

std::string error_units(const ResponseError& error, Role role) {
  if (role == Role::additive) return error.units;
  const bool of_power = role == Role::proportional && error.model.form == pkpd::ErrorForm::power;
  return of_power ? fmt::format("{}^(1 - exponent)", error.units) : "1";
}

std::array<ErrorNumber, 3> error_numbers(ResponseError& error) {
  return {ErrorNumber{Role::additive, error.model.additive, error.additive_fixed},
          ErrorNumber{Role::exponent, error.model.exponent, error.exponent_fixed},
          ErrorNumber{Role::proportional, error.model.proportional, error.proportional_fixed}};
}

std::vector<std::string> error_names(ErrorKind kind) {
  ResponseError error;
  error.model.form = error_form(kind);
  std::vector<std::string> names;
  if (has_additive(kind)) names.push_back(error_name(error, Role::additive));
  if (kind == ErrorKind::power) names.push_back(error_name(error, Role::exponent));
  if (has_proportional(kind)) names.push_back(error_name(error, Role::proportional));
  return names;
}

Layout::Layout(const Population& initial) : initial_(initial) {
  for (std::size_t i = 0; i < initial.parameters.size(); ++i) {
    const Parameter& parameter = initial.parameters[i];
    if (!parameter.typical_fixed) {
      coordinates_.push_back(around({.name = parameter.name, .units = parameter.units, .parameter = i},
                                    parameter.scale.transform(parameter.typical), typical_range));
    }
    for (std::size_t k = 0; k < parameter.effects.size(); ++k) {
      const Effect& effect = parameter.effects[k];
      if (effect.fixed) continue;
      coordinates_.push_back(around({.name = fmt::format("{}.{}", parameter.name, effect.effect.covariate),
                                     .units = "1",
                                     .role = Role::coefficient,
                                     .parameter = i,
                                     .effect = k},
                                    effect_slope(effect.effect), slope_range));
    }
  }
  add_random_effects(initial, coordinates_);
  TITRANT_EXPECTS(!initial.errors.empty() && initial.errors.size() <= max_responses);
  for (std::size_t r = 0; r < initial.errors.size(); ++r) {
    const ResponseError& error = initial.errors[r];
    const auto add_error = [&](Role role, double value, bool fixed, double lower, double upper) {
      if (fixed || !(value > 0.0)) return;
      coordinates_.push_back({.name = error_name(error, role),
                              .units = error_units(error, role),
                              .role = role,
                              .response = r,
                              .lower = lower,
                              .upper = upper});
    };
    const auto add_size = [&](Role role, double value, bool fixed) {
      add_error(role, value, fixed, std::log(value) - typical_range, std::log(value) + typical_range);
    };
    add_size(Role::additive, error.model.additive, error.additive_fixed);
    add_error(Role::exponent, error.model.exponent, error.exponent_fixed, std::log(exponent_lower),
              std::log(exponent_upper));
    add_size(Role::proportional, error.model.proportional, error.proportional_fixed);
  }
}

std::vector<double> Layout::encode(const Population& population) const {
  std::vector<double> x;
  x.reserve(coordinates_.size());
  for (const Coordinate& coordinate : coordinates_) {
    const Parameter& parameter = population.parameters.at(coordinate.parameter);
    switch (coordinate.role) {
      case Role::typical:
        x.push_back(parameter.scale.transform(parameter.typical));
        break;
      case Role::coefficient:
        x.push_back(effect_slope(parameter.effects.at(coordinate.effect).effect));
        break;
      case Role::omega:
        x.push_back(std::log(parameter.omega));
        break;
      case Role::error_omega:
        x.push_back(std::log(population.errors.at(coordinate.response).model.omega));
        break;
      case Role::correlation:
        x.push_back(partial_coordinates(population.blocks.at(coordinate.block))
                        .at(OmegaBlock::pair(coordinate.row, coordinate.column)));
        break;
      case Role::occasion_omega:
        x.push_back(std::log(parameter.occasion_omega));
        break;
      case Role::additive:
        x.push_back(std::log(population.errors.at(coordinate.response).model.additive));
        break;
      case Role::proportional:
        x.push_back(std::log(population.errors.at(coordinate.response).model.proportional));
        break;
      case Role::exponent:
        x.push_back(std::log(population.errors.at(coordinate.response).model.exponent));
        break;
    }
  }
  return x;
}

Population Layout::decode(std::span<const double> x) const {
  TITRANT_EXPECTS(x.size() == size());
  Population population = initial_;
  std::vector<std::vector<double>> correlated(population.blocks.size());  // coordinates of free blocks
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Coordinate& coordinate = coordinates_[i];
    Parameter& parameter = population.parameters[coordinate.parameter];
    const double value = natural(i, x[i]);
    switch (coordinate.role) {
      case Role::typical:
        parameter.typical = value;
        break;
      case Role::coefficient:
        parameter.effects[coordinate.effect].effect.coefficient = value;
        break;
      case Role::omega:
        parameter.omega = value;
        break;
      case Role::error_omega:
        population.errors[coordinate.response].model.omega = value;
        break;
      case Role::correlation:
        correlated[coordinate.block].push_back(x[i]);
        break;
      case Role::occasion_omega:
        parameter.occasion_omega = value;
        break;
      case Role::additive:
        population.errors[coordinate.response].model.additive = value;
        break;
      case Role::proportional:
        population.errors[coordinate.response].model.proportional = value;
        break;
      case Role::exponent:
        population.errors[coordinate.response].model.exponent = value;
        break;
    }
  }
  for (std::size_t b = 0; b < correlated.size(); ++b) {
    OmegaBlock& block = population.blocks[b];
    if (!block.fixed) block.correlations = correlations_of(correlated[b], block.parameters.size());
  }
  return population;
}

double Layout::natural(std::size_t coordinate, double x) const {
  const Coordinate& which = coordinates_.at(coordinate);
  const Parameter& parameter = initial_.parameters[which.parameter];
  if (which.role == Role::typical) return parameter.scale.natural(x);
  if (which.role == Role::coefficient) return effect_coefficient(parameter.effects[which.effect].effect.kind, x);
  if (which.role == Role::correlation) return std::tanh(x);
  return std::exp(x);
}

double Layout::natural_derivative(std::size_t coordinate, double x) const {
  const Coordinate& which = coordinates_.at(coordinate);
  const Parameter& parameter = initial_.parameters[which.parameter];
  if (which.role == Role::typical) return parameter.scale.natural_derivative(x);
  if (which.role == Role::coefficient) {
    return parameter.effects[which.effect].effect.kind == pkpd::EffectKind::categorical ? std::exp(x) : 1.0;
  }
  if (which.role == Role::correlation) return 1.0 / (std::cosh(x) * std::cosh(x));
  return std::exp(x);
}

}  // namespace titrant::nlme
