#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::tests {

inline std::vector<pkpd::CovariateEffect> weight_effect(double exponent) {
  return {{.covariate = "weight", .kind = pkpd::EffectKind::power, .coefficient = exponent, .reference = 70.0}};
}

inline pkpd::PopulationModel one_compartment_truth() {
  return {{.structure = pkpd::Structure::one_compartment,
           .parameters = {{.name = "absorption_rate", .typical = 0.8, .omega = 0.4, .effects = {}},
                          {.name = "clearance", .typical = 6.0, .omega = 0.3, .effects = weight_effect(0.75)},
                          {.name = "volume", .typical = 90.0, .omega = 0.2, .effects = weight_effect(1.0)}},
           .error = {.additive = 0.5, .proportional = 0.12}}};
}

inline pkpd::PopulationModel two_compartment_truth() {
  pkpd::PopulationModel truth = one_compartment_truth();
  truth.structure = pkpd::Structure::two_compartment;
  truth.parameters.push_back(
      {.name = "intercompartmental_clearance", .typical = 12.0, .omega = 0.0, .effects = weight_effect(0.75)});
  truth.parameters.push_back(
      {.name = "peripheral_volume", .typical = 200.0, .omega = 0.0, .effects = weight_effect(1.0)});
  return truth;
}

/// A trial of three doses given five times a day apart, with rich sampling after the first and the last.
inline trial::Trial simulated_trial(const pkpd::PopulationModel& truth, std::size_t subjects, std::uint64_t seed) {
  const std::vector<double> times = {0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 96.5, 98.0, 104.0, 120.0, 144.0, 192.0};
  const std::vector<double> doses = {2.0, 5.0, 20.0};
  trial::Trial trial;
  trial.source = "simulated";
  for (std::size_t i = 0; i < subjects; ++i) {
    core::Stream stream(seed, core::Purpose::test, i);
    trial::Subject subject;
    subject.id = std::to_string(i + 1);
    subject.covariates = {{"weight", stream.uniform(50.0, 100.0)}, {"comed", i % 2 == 0 ? 0.0 : 1.0}};
    subject.dose = doses[i % doses.size()];
    for (int day = 0; day < 5; ++day) {
      pkpd::Dose dose;
      dose.time = 24.0 * day;
      dose.amount = subject.dose;
      subject.doses.push_back(dose);
    }
    std::vector<double> etas;
    for (const pkpd::ParameterModel& parameter : truth.parameters) {
      if (parameter.omega > 0.0) etas.push_back(parameter.omega * stream.normal());
    }
    const pkpd::Individual individual = pkpd::individual(truth, subject.covariates, etas);
    const std::vector<double> exact = pkpd::concentration(individual, subject.doses, times);
    const pkpd::ErrorModel own = pkpd::draw_error(truth.error, stream);
    for (std::size_t j = 0; j < times.size(); ++j) {
      trial::Observation observation;
      observation.time = times[j];
      observation.value = exact[j] + std::sqrt(own.variance(exact[j])) * stream.normal();
      subject.concentrations.push_back(observation);
    }
    trial.subjects.push_back(subject);
  }
  return trial;
}

}  // namespace titrant::tests
