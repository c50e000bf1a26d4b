#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::trial {

namespace {

constexpr double reference_weight = 70.0;  // kg

/// Allometric scaling of clearances (3/4) and volumes (1): Anderson and Holford (2008), Annu Rev Pharmacol Toxicol
/// 48:303.
std::vector<pkpd::CovariateEffect> by_weight(double exponent) {
  return {{"weight", pkpd::EffectKind::power, exponent, reference_weight}};
}

}  // namespace

std::vector<protocol::CovariateSpec> NonmemFormat::usual_covariates() {
  return {{"weight", "BW", {}, std::nullopt}, {"comed", "COMED", {}, std::nullopt}};
}

protocol::Protocol default_protocol() {
  protocol::Protocol asked;
  asked.regimens = {{.name = "daily",
                     .interval = 24.0,
                     .doses = protocol::even_doses(0.5, 40.0, 0.5),
                     .loading = {},
                     .per = {},
                     .bands = {}},
                    {.name = "weekly",
                     .interval = 168.0,
                     .doses = protocol::even_doses(5.0, 300.0, 5.0),
                     .loading = {},
                     .per = {},
                     .bands = {}}};
  protocol::Endpoint control;
  control.name = "control";
  control.values = protocol::Values::measured;
  control.from = 480.0;
  control.to = 504.0;
  control.hours_given = true;
  control.limits.below = 3.3;
  asked.endpoints = {control};
  const auto population = [](const char* name, double from, double to, double share) {
    const auto weight = protocol::Distribution::of("uniform", from, to);
    protocol::Distribution comed;
    comed.kind = protocol::Distribution::Kind::levels;
    comed.share_of_second = share;
    protocol::Population one;
    one.name = name;
    one.covariates = {{"weight", weight}, {"comed", comed}};
    return one;
  };
  asked.populations = {population("base", 50.0, 100.0, 0.5), population("heavy", 70.0, 140.0, 0.5),
                       population("no_comed", 50.0, 100.0, 0.0)};
  asked.targets = {0.9, 0.75};
  return asked;
}

TrialDesign default_design() {
  TrialDesign design;
  design.half = "comed";
  design.concentration_times = {1,   2,   4,   8,   12,  24,  36,  48,  72,  168, 336,  480,
                                481, 482, 484, 488, 492, 504, 552, 600, 672, 840, 1008, 1176};
  design.biomarker_times = design.concentration_times;
  design.biomarker_times.insert(design.biomarker_times.begin(), 0.0);
  return design;
}

pkpd::PopulationModel default_population() {
  pkpd::PopulationModel model;
  model.structure = pkpd::Structure::two_compartment;
  model.parameters = {{"absorption_rate", 0.6, 0.3, {}},
                      {"clearance", 38.0, 0.3, by_weight(0.75)},
                      {"volume", 900.0, 0.25, by_weight(1.0)},
                      {"intercompartmental_clearance", 60.0, 0.0, by_weight(0.75)},
                      {"peripheral_volume", 2600.0, 0.0, by_weight(1.0)}};
  model.error = {0.003, 0.15};
  return model;
}

pkpd::BiomarkerPopulation default_biomarker() {
  pkpd::BiomarkerPopulation model;
  model.structure = pkpd::BiomarkerStructure::turnover_inhibition;
  model.parameters = {{"baseline", 11.0, 0.2, {{"comed", pkpd::EffectKind::categorical, -0.2, 0.0}}},
                      {"kout", 0.0173, 0.15, {}},  // half-life 40 h
                      {"imax", 0.98, 0.0, {}},
                      {"ic50", 1.2, 0.3, {}},
                      {"hill", 1.0, 0.0, {}}};
  model.error = {0.05, 0.08};
  return model;
}

Trial synthetic_trial(std::uint64_t seed) {
  return simulate_trial(default_design(), default_population(), default_biomarker(), seed);
}

}  // namespace titrant::trial
