#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "titrant/nlme/fit_pd.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::tests {

/// Concentrations of about 0.3 to 4 ng/mL at 1 to 10 mg a day, fitted in no time.
inline pkpd::PopulationModel pd_test_pk() {
  return {{.structure = pkpd::Structure::one_compartment,
           .parameters = {{.name = "absorption_rate", .typical = 0.6, .omega = 0.0, .effects = {}},
                          {.name = "clearance", .typical = 80.0, .omega = 0.3, .effects = {}},
                          {.name = "volume", .typical = 2000.0, .omega = 0.2, .effects = {}}},
           .error = {.additive = 0.01, .proportional = 0.1}}};
}

inline nlme::PkOptions pd_test_pk_options() {
  nlme::PkOptions options;
  options.structure = nlme::StructureChoice::one_compartment;
  options.starts = 1;
  options.variability = {"clearance", "volume"};
  options.covariates.clear();
  options.covariance = nlme::CovarianceKind::none;
  return options;
}

inline pkpd::BiomarkerPopulation pd_test_biomarker(pkpd::BiomarkerStructure structure) {
  pkpd::BiomarkerPopulation model;
  model.structure = structure;
  model.error = {.additive = 0.2, .proportional = 0.08};
  const bool inhibits = pkpd::inhibits(structure);
  for (const pkpd::BiomarkerParameter which : pkpd::parameters_of(structure)) {
    using enum pkpd::BiomarkerParameter;
    pkpd::ParameterModel parameter;
    parameter.name = pkpd::biomarker_parameter_names.at(static_cast<std::size_t>(which));
    if (which == baseline) parameter.typical = 10.0;
    if (which == kout || which == ke0 || which == ktol || which == kp) parameter.typical = 0.04;
    if (which == imax) parameter.typical = inhibits ? 0.9 : 3.0;
    if (which == imax && inhibits) parameter.scale.kind = pkpd::Scale::Kind::logit;
    if (which == ic50) parameter.typical = 1.2;
    if (which == baseline) parameter.omega = 0.2;
    if (which == ic50) parameter.omega = 0.3;
    model.parameters.push_back(parameter);
  }
  model.parameters.front().effects = {
      {.covariate = "comed", .kind = pkpd::EffectKind::categorical, .coefficient = -0.25, .reference = 0.0}};
  return model;
}

/// Four groups, placebo among them, sampled before the first dose, through the course and after it.
inline trial::Trial pd_test_trial(const pkpd::BiomarkerPopulation& biomarker, int subjects_per_group,
                                  std::uint64_t seed, std::vector<double> doses = {0.0, 1.0, 3.0, 10.0}) {
  trial::TrialDesign design;
  design.dose_groups = std::move(doses);
  design.subjects_per_group = subjects_per_group;
  design.half = "comed";
  design.doses = 7;
  design.concentration_times = {1.0, 4.0, 24.0, 96.0, 145.0, 150.0, 168.0, 216.0};
  design.biomarker_times = {0.0, 12.0, 24.0, 48.0, 96.0, 144.0, 150.0, 156.0, 168.0, 192.0, 240.0, 312.0};
  return trial::simulate_trial(design, pd_test_pk(), biomarker, seed);
}

inline nlme::PopulationFit pd_test_pk_fit(const trial::Trial& trial) {
  return nlme::fit_pk(parallel::Communicator{}, trial, pd_test_pk_options(), 1).best;
}

/// No search: the true model of pd_test_biomarker, one start.
inline nlme::PdOptions true_pd_options(pkpd::BiomarkerStructure structure) {
  nlme::PdOptions options;
  options.automatic = false;
  options.structure = structure;
  options.covariates = {{"baseline", {{"comed", pkpd::EffectKind::categorical}}}};
  options.search.enabled = false;
  options.search.variability = false;
  options.starts = 1;
  return options;
}

inline const nlme::Estimate& estimate_of(const nlme::FitSummary& fit, const std::string& name) {
  for (const nlme::Estimate& estimate : fit.estimates) {
    if (estimate.name == name) return estimate;
  }
  throw std::out_of_range(name);
}

}  // namespace titrant::tests
