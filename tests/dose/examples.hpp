#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "titrant/dose/attainment.hpp"
#include "titrant/dose/cohort.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/protocol/protocol.hpp"

/// \file
/// Regimens, populations and endpoints in one line each.

namespace titrant::dose {

inline protocol::Regimen regimen_of(std::string name, double interval, std::vector<double> doses) {
  protocol::Regimen regimen;
  regimen.name = std::move(name);
  regimen.interval = interval;
  regimen.doses = std::move(doses);
  return regimen;
}

inline protocol::Regimen every_day(double from, double to, double step) {
  return regimen_of("daily", 24.0, protocol::even_doses(from, to, step));
}

inline protocol::Regimen every_week(double from, double to, double step) {
  return regimen_of("weekly", 168.0, protocol::even_doses(from, to, step));
}

inline protocol::Distribution uniform(double from, double to) {
  return protocol::Distribution::of("uniform", from, to);
}

inline protocol::Distribution normal(double mean, double sd, double low = -std::numeric_limits<double>::infinity(),
                                     double high = std::numeric_limits<double>::infinity()) {
  protocol::Distribution distribution = protocol::Distribution::of("normal", mean, sd);
  distribution.low = low;
  distribution.high = high;
  return distribution;
}

/// 1 in a share of the population, 0 in the others.
inline protocol::Distribution share(double of_ones) {
  protocol::Distribution distribution;
  distribution.kind = protocol::Distribution::Kind::levels;
  distribution.shares = {{1.0, of_ones}, {0.0, 1.0 - of_ones}};
  return distribution;
}

inline VirtualPopulation population_of(std::string name,
                                       std::vector<std::pair<std::string, protocol::Distribution>> covariates) {
  VirtualPopulation population;
  population.definition.name = std::move(name);
  population.definition.covariates = std::move(covariates);
  return population;
}

/// Weights and a share with co-medication, as the models of the tests need them.
inline VirtualPopulation weights(std::string name, double from, double to, double comed = 0.5) {
  return population_of(std::move(name), {{"weight", uniform(from, to)}, {"comed", share(comed)}});
}

inline VirtualPopulation rows_of(std::string name, std::vector<pkpd::Covariates> rows) {
  VirtualPopulation population;
  population.definition.name = std::move(name);
  population.definition.source = protocol::Population::Source::trial;
  population.rows = std::move(rows);
  return population;
}

inline protocol::Endpoint endpoint_named(std::string name, protocol::Quantity of, protocol::Values values,
                                         bool steady_state) {
  protocol::Endpoint endpoint;
  endpoint.name = std::move(name);
  endpoint.of = of;
  endpoint.values = values;
  endpoint.steady_state = steady_state;
  return endpoint;
}

/// Latent biomarker below a limit over an interval at steady state.
inline protocol::Endpoint steady_below(double limit, std::string name = "steady") {
  protocol::Endpoint endpoint =
      endpoint_named(std::move(name), protocol::Quantity::biomarker, protocol::Values::latent, true);
  endpoint.limits.below = limit;
  return endpoint;
}

/// Measured biomarker below a limit on the last day of three weeks.
inline protocol::Endpoint control_below(double limit, std::vector<double> times = {480.0, 492.0, 504.0}) {
  protocol::Endpoint endpoint =
      endpoint_named("control", protocol::Quantity::biomarker, protocol::Values::measured, false);
  endpoint.from = 480.0;
  endpoint.to = 504.0;
  endpoint.times = std::move(times);
  endpoint.limits.below = limit;
  return endpoint;
}

/// Latent concentration over an interval at steady state.
inline protocol::Endpoint concentration(std::string name, std::optional<double> below, std::optional<double> above) {
  protocol::Endpoint endpoint =
      endpoint_named(std::move(name), protocol::Quantity::concentration, protocol::Values::latent, true);
  endpoint.limits.below = below;
  endpoint.limits.above = above;
  return endpoint;
}

/// Every question about these panels and endpoints.
inline std::vector<protocol::Question> all_questions(const std::vector<Panel>& panels,
                                                     const std::vector<ResolvedEndpoint>& endpoints,
                                                     const std::vector<double>& targets) {
  std::vector<protocol::Question> questions;
  for (const ResolvedEndpoint& endpoint : endpoints) {
    for (const Panel& panel : panels) {
      for (const double target : targets) {
        questions.push_back({panel.population.definition.name, panel.regimen.name, endpoint.name(), target});
      }
    }
  }
  return questions;
}

}  // namespace titrant::dose
