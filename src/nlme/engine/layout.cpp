#include "titrant/nlme/layout.hpp"

#include <fmt/format.h>

#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr double typical_range = 8.0;  // on the transformed scale: a factor of 3,000 either way
constexpr double slope_range = 10.0;
constexpr double omega_lower = 1e-3;
constexpr double omega_upper = 5.0;

Coordinate around(Coordinate coordinate, double value, double range) {
  coordinate.lower = value - range;
  coordinate.upper = value + range;
  return coordinate;
}

}  // namespace

std::string error_name(const ResponseError& error, Role role) {
  const char* term = role == Role::additive ? "additive" : "proportional";
  return error.name.empty() ? fmt::format("error.{}", term) : fmt::format("error.{}.{}", error.name, term);
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
  const std::vector<std::size_t> eta_parameters = initial.eta_parameters();
  for (std::size_t k = 0; k < eta_parameters.size(); ++k) {
    const Parameter& parameter = initial.parameters[eta_parameters[k]];
    if (parameter.omega_fixed) continue;
    coordinates_.push_back({.name = fmt::format("omega.{}", parameter.name),
                            .units = "1",
                            .role = Role::omega,
                            .parameter = eta_parameters[k],
                            .eta = k,
                            .lower = std::log(omega_lower),
                            .upper = std::log(omega_upper)});
  }
  TITRANT_EXPECTS(!initial.errors.empty() && initial.errors.size() <= max_responses);
  for (std::size_t r = 0; r < initial.errors.size(); ++r) {
    const ResponseError& error = initial.errors[r];
    if (!error.additive_fixed && error.model.additive > 0.0) {
      coordinates_.push_back(around(
          {.name = error_name(error, Role::additive), .units = error.units, .role = Role::additive, .response = r},
          std::log(error.model.additive), typical_range));
    }
    if (!error.proportional_fixed && error.model.proportional > 0.0) {
      coordinates_.push_back(around(
          {.name = error_name(error, Role::proportional), .units = "1", .role = Role::proportional, .response = r},
          std::log(error.model.proportional), typical_range));
    }
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
      case Role::additive:
        x.push_back(std::log(population.errors.at(coordinate.response).model.additive));
        break;
      case Role::proportional:
        x.push_back(std::log(population.errors.at(coordinate.response).model.proportional));
        break;
    }
  }
  return x;
}

Population Layout::decode(std::span<const double> x) const {
  TITRANT_EXPECTS(x.size() == size());
  Population population = initial_;
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
      case Role::additive:
        population.errors[coordinate.response].model.additive = value;
        break;
      case Role::proportional:
        population.errors[coordinate.response].model.proportional = value;
        break;
    }
  }
  return population;
}

double Layout::natural(std::size_t coordinate, double x) const {
  const Coordinate& which = coordinates_.at(coordinate);
  const Parameter& parameter = initial_.parameters[which.parameter];
  if (which.role == Role::typical) return parameter.scale.natural(x);
  if (which.role == Role::coefficient) return effect_coefficient(parameter.effects[which.effect].effect.kind, x);
  return std::exp(x);
}

double Layout::natural_derivative(std::size_t coordinate, double x) const {
  const Coordinate& which = coordinates_.at(coordinate);
  const Parameter& parameter = initial_.parameters[which.parameter];
  if (which.role == Role::typical) return parameter.scale.natural_derivative(x);
  if (which.role == Role::coefficient) {
    return parameter.effects[which.effect].effect.kind == pkpd::EffectKind::categorical ? std::exp(x) : 1.0;
  }
  return std::exp(x);
}

}  // namespace titrant::nlme
