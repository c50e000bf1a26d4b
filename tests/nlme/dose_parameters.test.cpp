#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pk_fits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/pkpd/concentration.hpp"

/// \file
/// Fits of how much of a dose enters and how: bioavailability, rates and durations of infusions, absorption of other
/// kinds.

namespace titrant::nlme {

namespace {

using pkpd::Dose;
using pkpd::DoseInto;
using pkpd::InfusionBy;
using tests::message_of;
using tests::named;

/// CL 5 L/h, V 50 L, with parameters of the doses besides; 6 % error.
pkpd::PopulationModel truth_with(std::vector<pkpd::ParameterModel> others) {
  pkpd::PopulationModel truth;
  truth.parameters = {{"clearance", 5.0, 0.25, {}}, {"volume", 50.0, 0.2, {}}};
  truth.parameters.insert(truth.parameters.end(), others.begin(), others.end());
  truth.error.proportional = 0.06;
  return truth;
}

/// Fifty subjects of a model, each with these doses.
trial::Trial simulated(const pkpd::PopulationModel& truth, const std::vector<Dose>& doses) {
  trial::Trial trial;
  trial.source = "simulated";
  for (std::uint64_t number = 0; number < 50; ++number) {
    core::Stream stream(11, core::Purpose::test, number);
    const pkpd::Individual individual = pkpd::individual(truth, {}, pkpd::draw_etas(truth, stream));
    trial::Subject& subject = trial.subjects.emplace_back();
    subject.id = std::to_string(number + 1);
    subject.doses = doses;
    subject.dose = doses.front().amount;
    const std::vector<double> times = {0.5, 1.0, 2.0, 3.0, 4.0, 5.5, 7.0, 9.0, 12.0, 23.9, 25.0, 28.0, 36.0, 47.0};
    const std::vector<double> c = pkpd::concentration(individual, doses, times);
    for (std::size_t j = 0; j < times.size(); ++j) {
      if (!(c[j] > 0.0)) continue;  // before the lag
      subject.concentrations.push_back({.time = times[j], .value = c[j] * (1.0 + 0.06 * stream.normal())});
    }
  }
  return trial;
}

PkOptions options_of(const pkpd::PopulationModel& truth) {
  PkOptions options;
  options.structure = StructureChoice::one_compartment;
  options.error = ErrorKind::proportional;
  options.covariates.clear();
  options.variability.clear();
  for (const pkpd::ParameterModel& one : truth.parameters) {
    if (one.omega > 0.0) options.variability.push_back(one.name);
  }
  options.starts = 1;
  return options;
}

void expect_found(const pkpd::PopulationModel& truth, const std::vector<Dose>& doses, const PkOptions& options) {
  const PkFit fit = fit_pk({}, simulated(truth, doses), options, 1);
  EXPECT_TRUE(fit.best.converged);
  EXPECT_EQ(fit.best.population.parameters.size(), truth.parameters.size());
  EXPECT_EQ(fit.best.model.absorption, truth.absorption);
  for (const pkpd::ParameterModel& one : truth.parameters) {
    const Estimate& estimate = named(fit.best, one.name);
    // 3.5 standard errors, as of other simulated trials (pk_fits.hpp).
    EXPECT_NEAR(estimate.value, one.typical, 3.5 * estimate.standard_error) << one.name;
    EXPECT_LT(estimate.standard_error, 0.15 * one.typical) << one.name;
  }
}

const pkpd::Scale share = {.kind = pkpd::Scale::Kind::logit, .lower = 0.0, .upper = 1.0};
const std::vector<Dose> both_routes = {{.amount = 100.0}, {.time = 24.0, .amount = 60.0, .into = DoseInto::central}};

}  // namespace

TEST(DoseParameters, BioavailabilityFollowsFromBothRoutes) {
  const pkpd::PopulationModel truth =
      truth_with({{"absorption_rate", 0.8, 0.3, {}}, {"bioavailability", 0.6, 0.4, {}, share}});
  PkOptions options = options_of(truth);
  options.bioavailability = true;
  expect_found(truth, both_routes, options);
}

// With absorbed doses alone it must be known: clearance and volume are then those of the drug itself.
TEST(DoseParameters, BioavailabilityIsNotIdentifiedByOneRoute) {
  const pkpd::PopulationModel truth =
      truth_with({{"absorption_rate", 0.8, 0.3, {}}, {"bioavailability", 0.6, 0.0, {}, share}});
  PkOptions options = options_of(truth);
  options.bioavailability = true;
  const trial::Trial oral = simulated(truth, {both_routes[0]});
  EXPECT_THAT(message_of<ConfigError>([&] { fit_pk({}, oral, options, 1); }),
              testing::StartsWith("pk.bioavailability: all doses of this trial are absorbed, and their concentrations "
                                  "tell no more than clearances and volumes over the bioavailability (CL/F, V/F)"));
  const trial::Trial intravenous = simulated(truth, {both_routes[1]});
  EXPECT_THAT(message_of<ConfigError>([&] { fit_pk({}, intravenous, options, 1); }),
              testing::HasSubstr("pk.bioavailability: no dose of this trial is absorbed"));
  options.fixed = {{"bioavailability", 1.2}};
  EXPECT_EQ(message_of<ConfigError>([&] { fit_pk({}, oral, options, 1); }),
            "pk.fixed: bioavailability is 1.2; it must be between 0 and 1");

  options.fixed = {{"bioavailability", 0.6}};
  const PkFit known = fit_pk({}, oral, options, 1);
  options.fixed.clear();
  options.bioavailability = false;
  const PkFit in_full = fit_pk({}, oral, options, 1);
  EXPECT_NEAR(known.best.objective, in_full.best.objective, 1e-3);
  for (const char* name : {"clearance", "volume"}) {
    EXPECT_NEAR(named(known.best, name).value, 0.6 * named(in_full.best, name).value,
                2e-3 * named(known.best, name).value)
        << name;
  }
}

TEST(DoseParameters, DurationsAndRatesOfInfusionsAreFound) {
  const Dose modelled{.amount = 100.0, .interval = 24.0, .additional = 1, .into = DoseInto::central};
  Dose dose = modelled;
  dose.infusion = InfusionBy::modelled_duration;
  const pkpd::PopulationModel by_duration = truth_with({{"input_duration", 4.5, 0.2, {}}});
  expect_found(by_duration, {dose}, options_of(by_duration));
  dose.infusion = InfusionBy::modelled_rate;
  const pkpd::PopulationModel by_rate = truth_with({{"input_rate", 16.0, 0.2, {}}});
  expect_found(by_rate, {dose}, options_of(by_rate));
}

// RATE -2 into the depot: zero-order release, then first-order absorption.
TEST(DoseParameters, ReleaseIntoTheDepotIsFound) {
  const pkpd::PopulationModel truth = truth_with({{"absorption_rate", 0.9, 0.0, {}}, {"input_duration", 3.5, 0.2, {}}});
  expect_found(truth, {{.amount = 100.0, .infusion = InfusionBy::modelled_duration}}, options_of(truth));
}

TEST(DoseParameters, ZeroOrderAbsorptionIsFound) {
  pkpd::PopulationModel truth = truth_with({{"lag", 0.4, 0.0, {}}, {"absorption_duration", 4.2, 0.2, {}}});
  truth.absorption = {pkpd::AbsorptionKind::zero_order};
  PkOptions options = options_of(truth);
  options.absorption = AbsorptionChoice::zero_order;
  options.lag = true;
  expect_found(truth, {{.amount = 100.0, .interval = 24.0, .additional = 1}}, options);
}

TEST(DoseParameters, TransitCompartmentsAreFound) {
  pkpd::PopulationModel truth = truth_with({{"absorption_rate", 0.35, 0.2, {}}, {"mean_transit_time", 1.6, 0.2, {}}});
  truth.absorption = {pkpd::AbsorptionKind::transit, 3};
  PkOptions options = options_of(truth);
  options.absorption = AbsorptionChoice::transit;
  expect_found(truth, {{.amount = 100.0, .interval = 24.0, .additional = 1}}, options);
}

TEST(DoseParameters, AbsorptionVariesByDefaultWhateverItIs) {
  pkpd::PopulationModel truth = truth_with({{"absorption_duration", 4.2, 0.2, {}}});
  truth.absorption = {pkpd::AbsorptionKind::zero_order};
  PkOptions options = options_of(truth);
  options.variability = PkOptions{}.variability;
  options.absorption = AbsorptionChoice::zero_order;
  const PkFit fit = fit_pk({}, simulated(truth, {{.amount = 100.0}}), options, 1);
  EXPECT_EQ(fit.best.population.eta_parameters().size(), 3U);
}

TEST(DoseParameters, WhatTheModelLacksIsRefused) {
  const pkpd::PopulationModel truth = truth_with({{"absorption_rate", 0.8, 0.3, {}}});
  PkOptions options = options_of(truth);
  const trial::Trial oral = simulated(truth, {both_routes[0]});
  const trial::Trial intravenous = simulated(truth, {both_routes[1]});
  const auto refusal = [&](const trial::Trial& trial, AbsorptionChoice absorption) {
    PkOptions asked = options;
    asked.absorption = absorption;
    return message_of<ConfigError>([&] { fit_pk({}, trial, asked, 1); });
  };
  EXPECT_EQ(refusal(oral, AbsorptionChoice::none),
            "pk.absorption: none, where doses of this trial are absorbed; expected auto, or data.route: iv");
  EXPECT_EQ(refusal(intravenous, AbsorptionChoice::zero_order),
            "pk.absorption: no dose of this trial is absorbed: all enter the central compartment (data.route); "
            "expected auto or none");
  PkOptions fixed = options;
  fixed.fixed = {{"input_rate", 3.0}};
  EXPECT_EQ(message_of<ConfigError>([&] { fit_pk({}, oral, fixed, 1); }),
            "pk.fixed: input_rate: no dose of this trial leaves its rate to the model (RATE -1); leave it out");

  trial::Trial released = oral;
  for (trial::Subject& subject : released.subjects) subject.doses[0].infusion = InfusionBy::modelled_duration;
  released.subjects.resize(1);
  PkOptions zero_order = options;
  zero_order.variability = {"clearance"};
  zero_order.absorption = AbsorptionChoice::zero_order;
  EXPECT_EQ(message_of<DataError>([&] { fit_pk({}, released, zero_order, 1); }),
            "simulated: subject 1 at 0 h: an infusion into the depot, which a model of zero-order absorption does not "
            "have; expected pk.absorption: first_order, or doses without RATE and DUR");
  zero_order.absorption = AbsorptionChoice::transit;
  EXPECT_THAT(message_of<DataError>([&] { fit_pk({}, released, zero_order, 1); }),
              testing::HasSubstr("an infusion into the depot, which doses reach through transit compartments alone"));
  released.subjects[0].doses.push_back(
      {.time = 24.0, .amount = 10.0, .into = DoseInto::central, .infusion = InfusionBy::modelled_duration});
  EXPECT_EQ(message_of<DataError>([&] { fit_pk({}, released, options, 1); }),
            "simulated: subject 1 at 24 h: RATE -2 into both compartments, depot and central, where the model has one "
            "duration; expected the numbers of the infusion for one of them");
}

}  // namespace titrant::nlme
