#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "expect_gradient.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/nlme/joint_model.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/nlme/vpc.hpp"

/// \file
/// Joint models of every kind of biomarker, error, absorption, elimination and dose.

namespace titrant::nlme {

namespace {

using pkpd::BaselineModel;
using pkpd::BiomarkerStructure;

struct JointCase {
  std::string name;
  BiomarkerStructure structure = BiomarkerStructure::direct_inhibition;
  BaselineModel baseline = BaselineModel::constant;
  pkpd::ErrorModel pd_error = {};
  pkpd::ErrorModel pk_error = {.additive = 0.0, .proportional = 0.1};
  DoseForm form = {};
  pkpd::DoseInto into = pkpd::DoseInto::depot;
  pkpd::InfusionBy infusion = pkpd::InfusionBy::rate;
};

std::vector<JointCase> joint_cases() {
  using enum pkpd::AbsorptionKind;
  const pkpd::ErrorModel proportional = {.additive = 0.0, .proportional = 0.1};
  const pkpd::ErrorModel power = {
      .additive = 0.0, .proportional = 0.15, .form = pkpd::ErrorForm::power, .exponent = 0.8};
  const pkpd::ErrorModel log_normal = {.additive = 0.0, .proportional = 0.1, .form = pkpd::ErrorForm::log_normal};
  const pkpd::ErrorModel binary = {.additive = 0.0, .proportional = 0.0, .form = pkpd::ErrorForm::binary};
  return {
      {.name = "linear_power_saturable",
       .structure = BiomarkerStructure::direct_inhibition,
       .baseline = BaselineModel::linear,
       .pd_error = power,
       .form = {.elimination = pkpd::Elimination::michaelis_menten}},
      {.name = "exponential_log_normal_zero_order",
       .structure = BiomarkerStructure::turnover_inhibition,
       .baseline = BaselineModel::exponential,
       .pd_error = log_normal,
       .form = {.absorption = {zero_order}}},
      {.name = "circadian_transit",
       .structure = BiomarkerStructure::turnover_stimulation,
       .baseline = BaselineModel::circadian,
       .pd_error = proportional,
       .pk_error = log_normal,
       .form = {.absorption = {transit, 3}}},
      {.name = "tolerance_infused_both",
       .structure = BiomarkerStructure::tolerance_inhibition,
       .pd_error = proportional,
       .form = {.elimination = pkpd::Elimination::both},
       .into = pkpd::DoseInto::central,
       .infusion = pkpd::InfusionBy::duration},
      {.name = "precursor_log_normal_infusion_of_unknown_duration",
       .structure = BiomarkerStructure::precursor_stimulation,
       .pd_error = log_normal,
       .into = pkpd::DoseInto::central,
       .infusion = pkpd::InfusionBy::modelled_duration},
      {.name = "binary_bolus",
       .structure = BiomarkerStructure::effect_compartment_stimulation,
       .pd_error = binary,
       .pk_error = power,
       .into = pkpd::DoseInto::central},
  };
}

/// 1 or 3 mg a day for four days, or placebo; no sampling time is where a modelled input ends.
trial::Trial planned_trial(const JointCase& one, std::size_t subjects) {
  trial::Trial trial;
  trial.source = "planned";
  for (std::size_t i = 0; i < subjects; ++i) {
    trial::Subject& subject = trial.subjects.emplace_back();
    subject.id = std::to_string(i + 1);
    subject.dose = std::vector<double>{0.0, 1.0, 3.0}[i % 3];
    for (const double time : {0.0, 12.0, 26.5, 51.0, 74.0, 80.0, 96.0, 120.0}) {
      subject.biomarkers.push_back({.time = time, .value = 1.0});
    }
    if (subject.dose == 0.0) continue;
    for (const double time : {0.0, 24.0, 48.0, 72.0}) {
      pkpd::Dose dose{.time = time, .amount = subject.dose};
      dose.into = one.into;
      dose.infusion = one.infusion;
      if (one.infusion == pkpd::InfusionBy::duration) dose.rate = subject.dose / 2.0;
      subject.doses.push_back(dose);
    }
    for (const double time : {1.1, 5.0, 23.0, 73.2, 78.0, 95.0, 118.0}) {
      subject.concentrations.push_back({.time = time, .value = 1.0});
    }
  }
  return trial;
}

/// Values and standard deviations of etas by name.
const std::map<std::string, std::pair<double, double>>& joint_values() {
  static const std::map<std::string, std::pair<double, double>> values = {
      {"absorption_rate", {0.6, 0.0}},
      {"absorption_duration", {3.1, 0.1}},
      {"mean_transit_time", {2.3, 0.2}},
      {"input_duration", {2.3, 0.1}},
      {"clearance", {80.0, 0.3}},
      {"volume", {1000.0, 0.2}},
      {"maximum_elimination_rate", {0.2, 0.3}},
      {"michaelis_constant", {1.5, 0.0}},
      {"baseline", {10.0, 0.2}},
      {"kout", {0.1, 0.0}},
      {"imax", {0.8, 0.0}},
      {"ic50", {0.8, 0.3}},
      {"hill", {1.0, 0.0}},
      {"ke0", {0.1, 0.0}},
      {"ktol", {0.05, 0.0}},
      {"tol50", {1.2, 0.0}},
      {"kp", {0.06, 0.0}},
      {"baseline_slope", {0.003, 0.0}},
      {"baseline_amplitude", {0.3, 0.0}},
      {"baseline_phase", {8.0, 2.0}},
  };
  return values;
}

Parameter joint_parameter(std::string_view name, const JointCase& one) {
  Parameter parameter;
  parameter.name = name;
  std::tie(parameter.typical, parameter.omega) = joint_values().at(parameter.name);
  const bool binary = one.pd_error.form == pkpd::ErrorForm::binary;
  if (name == "baseline" && binary) parameter.typical = 0.3;
  if (name == "imax" && !pkpd::inhibits(one.structure)) parameter.typical = 2.0;
  const bool share = name == "baseline_amplitude" || (name == "baseline" && binary) ||
                     (name == "imax" && pkpd::inhibits(one.structure) && !binary);
  if (share) parameter.scale = {.kind = Scale::Kind::logit, .lower = 0.0, .upper = 1.0};
  if (name == "baseline_slope") parameter.scale = {.kind = Scale::Kind::linear, .lower = 0.0, .upper = 1e-3};
  if (name == "baseline_phase") parameter.scale = {.kind = Scale::Kind::linear, .lower = 0.0, .upper = 1.0};
  return parameter;
}

/// The model of a case with its data, simulated from the values above.
struct JointExample {
  trial::Trial trial;
  Population population;
  pkpd::PopulationModel pk;
  pkpd::BiomarkerPopulation pd;
};

JointExample joint_example(const JointCase& one, std::size_t subjects) {
  JointExample example;
  const trial::Trial planned = planned_trial(one, subjects);
  const PkModel concentrations(planned, pkpd::Structure::one_compartment, false, ErrorKind::proportional, one.form);
  for (const pkpd::PkParameter which : concentrations.parameters()) {
    const Parameter parameter = joint_parameter(pkpd::pk_parameter_names.at(static_cast<std::size_t>(which)), one);
    example.population.parameters.push_back(parameter);
    example.pk.parameters.push_back(parameter_model(parameter));
  }
  for (const pkpd::BiomarkerParameter which : pkpd::parameters_of(one.structure, one.baseline)) {
    const Parameter parameter =
        joint_parameter(pkpd::biomarker_parameter_names.at(static_cast<std::size_t>(which)), one);
    example.population.parameters.push_back(parameter);
    example.pd.parameters.push_back(parameter_model(parameter));
  }
  example.pk.structure = pkpd::Structure::one_compartment;
  example.pk.absorption = one.form.absorption;
  example.pk.elimination = one.form.elimination;
  example.pk.error = one.pk_error;
  example.pd.structure = one.structure;
  example.pd.baseline = one.baseline;
  example.pd.error = one.pd_error;
  example.population.baseline = one.baseline;
  example.population.absorption = one.form.absorption;
  example.population.errors = {{.name = "concentration", .model = one.pk_error},
                               {.name = "biomarker", .model = one.pd_error}};
  example.trial = simulate_again(planned, example.pk, &example.pd, 5, 1);
  return example;
}

class JointModelOf : public testing::TestWithParam<JointCase> {};

}  // namespace

// 2e-5 of the largest derivative: where C is integrated, differences of it are right to about that.
TEST_P(JointModelOf, ObjectiveHasTheRightGradient) {
  const JointCase& one = GetParam();
  JointExample example = joint_example(one, 2);
  const JointModel model(example.trial, pkpd::Structure::one_compartment, false, one.structure,
                         error_kind(one.pk_error), one.form, one.baseline,
                         one.pd_error.form == pkpd::ErrorForm::binary);
  Objective objective(parallel::Communicator{}, model, example.population);
  std::vector<double> x = objective.layout().encode(example.population);
  for (double& coordinate : x) coordinate += 0.02;
  tests::expect_gradient_by_differences(objective, x, 2e-5);
}

// Clearance differs from occasion to occasion, and with a weight that changes; on the second occasion a steady state.
TEST(JointModels, FollowsOccasionsAndCovariatesThatChange) {
  for (const BiomarkerStructure structure :
       {BiomarkerStructure::direct_inhibition, BiomarkerStructure::turnover_inhibition}) {
    const JointCase one{.name = "changing", .structure = structure, .pd_error = {.additive = 0.0, .proportional = 0.1}};
    JointExample example = joint_example(one, 3);
    for (trial::Subject& subject : example.trial.subjects) {
      subject.covariates = {{"visit", 1.0}, {"weight", 80.0}};
      subject.changes = {{40.0, {{"visit", 2.0}, {"weight", 80.0}}}, {60.0, {{"visit", 2.0}, {"weight", 70.0}}}};
    }
    example.trial.subjects.back().doses[2].steady_state = true;
    example.trial.subjects.back().doses[2].interval = 24.0;
    Parameter& clearance = example.population.parameters[1];
    ASSERT_EQ(clearance.name, "clearance");
    clearance.occasion_omega = 0.2;
    clearance.effects = {
        {{.covariate = "weight", .kind = pkpd::EffectKind::power, .coefficient = 0.75, .reference = 70.0}, false}};
    example.population.occasion = "visit";
    const JointModel model(example.trial, pkpd::Structure::one_compartment, false, structure, ErrorKind::proportional,
                           {}, BaselineModel::constant, false, "visit");
    Objective objective(parallel::Communicator{}, model, example.population);
    std::vector<double> x = objective.layout().encode(example.population);
    for (double& coordinate : x) coordinate += 0.02;
    tests::expect_gradient_by_differences(objective, x, 2e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(JointModels, JointModelOf, testing::ValuesIn(joint_cases()),
                         [](const auto& which) { return which.param.name; });

}  // namespace titrant::nlme
