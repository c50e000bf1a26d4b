#include "titrant/nlme/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "pk_fits.hpp"
#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"

namespace {

using ::testing::HasSubstr;
using titrant::nlme::ErrorKind;
using titrant::nlme::fit_pk;
using titrant::nlme::PkFit;
using titrant::nlme::PkOptions;
using titrant::nlme::PopulationFit;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::pkpd::PopulationModel;
using titrant::tests::expect_near_truth;
using titrant::tests::message_of;
using titrant::tests::named;
using titrant::tests::one_compartment_truth;
using titrant::tests::options_for;
using titrant::tests::simulated_trial;
using titrant::tests::two_compartment_truth;
using titrant::trial::Trial;

}  // namespace

TEST(FitPk, RecoversOneCompartment) {
  const Trial trial = simulated_trial(one_compartment_truth(), 60, 101);
  const PkFit fit = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1);
  EXPECT_TRUE(fit.best.converged) << fit.best.message;
  EXPECT_EQ(fit.best.standard_error_method, "sandwich");
  expect_near_truth(fit.best, one_compartment_truth());
}

TEST(FitPk, RecoversTwoCompartments) {
  const Trial trial = simulated_trial(two_compartment_truth(), 60, 102);
  const PkFit fit = fit_pk(Communicator{}, trial, options_for(StructureChoice::two_compartment), 1);
  EXPECT_TRUE(fit.best.converged) << fit.best.message;
  expect_near_truth(fit.best, two_compartment_truth());
}

TEST(FitPk, AutomaticFindsTheStructureOfTheData) {
  for (const PopulationModel& truth : {one_compartment_truth(), two_compartment_truth()}) {
    const PkFit fit =
        fit_pk(Communicator{}, simulated_trial(truth, 24, 103), options_for(StructureChoice::automatic), 1);
    EXPECT_EQ(fit.best.model.structure, truth.structure);
    ASSERT_EQ(fit.candidates.size(), 2U);
    EXPECT_LE(fit.best.bic, std::min(fit.candidates[0].bic, fit.candidates[1].bic));
    EXPECT_THAT(fit.reason, HasSubstr("lower BIC"));
    // The larger structure contains the smaller one, so that its likelihood is no worse.
    EXPECT_LE(fit.candidates[1].objective, fit.candidates[0].objective + 1e-2);
  }
}

TEST(FitPk, InformationCriteriaFollowFromTheObjective) {
  const Trial trial = simulated_trial(one_compartment_truth(), 12, 104);
  const PopulationFit fit = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1).best;
  EXPECT_EQ(fit.observations, 12U * 13U);
  EXPECT_EQ(fit.estimated, 8U);  // three typical values, three omegas, two errors
  const double n = 156.0;
  EXPECT_NEAR(fit.minus_two_log_likelihood, fit.objective + n * std::log(2.0 * std::numbers::pi), 1e-9);
  EXPECT_NEAR(fit.aic - fit.minus_two_log_likelihood, 16.0, 1e-9);
  EXPECT_NEAR(fit.bic - fit.minus_two_log_likelihood, 8.0 * std::log(n), 1e-9);
  EXPECT_EQ(fit.covariance.size(), 64U);
  EXPECT_EQ(fit.etas.size(), 12U);
  EXPECT_EQ(fit.shrinkage.size(), 3U);
}

// A tenfold dose with tenfold concentrations is the same experiment in other units.
TEST(FitPk, IsInvariantUnderTheUnitOfAmount) {
  Trial trial = simulated_trial(one_compartment_truth(), 12, 105);
  PkOptions options = options_for(StructureChoice::one_compartment);
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  for (auto& subject : trial.subjects) {
    for (auto& dose : subject.doses) dose.amount *= 10.0;
    for (auto& observation : subject.concentrations) observation.value *= 10.0;
  }
  const PopulationFit scaled = fit_pk(Communicator{}, trial, options, 1).best;
  for (const char* name : {"absorption_rate", "clearance", "volume", "omega.clearance", "error.proportional"}) {
    EXPECT_NEAR(named(scaled, name).value, named(fit, name).value, 1e-5 * named(fit, name).value) << name;
  }
  EXPECT_NEAR(named(scaled, "error.additive").value, 10.0 * named(fit, "error.additive").value, 1e-3);
  // Each density is divided by 10.
  EXPECT_NEAR(scaled.objective, fit.objective + 2.0 * 156.0 * std::log(10.0), 1e-6);
}

TEST(FitPk, StartsAgreeAndAreReported) {
  const Trial trial = simulated_trial(one_compartment_truth(), 24, 106);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.starts = 3;
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 7).best;
  ASSERT_EQ(fit.start_objectives.size(), 3U);
  for (const double objective : fit.start_objectives) EXPECT_NEAR(objective, fit.objective, 1e-2);
}

TEST(FitPk, HonoursFixedParameters) {
  const Trial trial = simulated_trial(one_compartment_truth(), 12, 107);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.fixed = {{"clearance", 5.5}, {"omega.absorption_rate", 0.25}, {"omega.volume", 0.0}, {"error.additive", 0.4}};
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_EQ(named(fit, "clearance").value, 5.5);
  EXPECT_TRUE(named(fit, "clearance").fixed);
  EXPECT_EQ(named(fit, "omega.absorption_rate").value, 0.25);
  EXPECT_EQ(named(fit, "error.additive").value, 0.4);
  EXPECT_EQ(fit.model.error.additive, 0.4);
  EXPECT_EQ(fit.eta_names, (std::vector<std::string>{"absorption_rate", "clearance"}));
  EXPECT_EQ(fit.estimated, 4U);  // absorption rate, volume, omega of clearance, proportional error
}

// A larger model cannot fit worse than one with a parameter fixed. With every third sample of this trial, the first
// descent ends with omega of absorption at almost nothing, 22 above the minimum: there its logarithm has no slope.
TEST(FitPk, ComesBackFromAVarianceLostOnTheWay) {
  Trial trial = simulated_trial(one_compartment_truth(), 24, 54);
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    std::vector<titrant::trial::Observation> kept;
    for (std::size_t j = 0; j < trial.subjects[i].concentrations.size(); ++j) {
      if ((i + j + 1) % 3 == 0) kept.push_back(trial.subjects[i].concentrations[j]);
    }
    trial.subjects[i].concentrations = kept;
  }
  PkOptions options = options_for(StructureChoice::one_compartment);
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  options.fixed = {{"omega.absorption_rate", 0.4}};
  const PopulationFit smaller = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_LE(fit.objective, smaller.objective);
  EXPECT_GT(named(fit, "omega.absorption_rate").value, 0.1);
}

TEST(FitPk, FitsALag) {
  PopulationModel truth = one_compartment_truth();
  truth.parameters.push_back({.name = "lag", .typical = 0.35, .omega = 0.0, .effects = {}});
  const Trial trial = simulated_trial(truth, 40, 108);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.lag = true;
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_NEAR(named(fit, "lag").value, 0.35, 3.5 * named(fit, "lag").standard_error);
  EXPECT_LT(named(fit, "lag").standard_error, 0.1);
}

TEST(FitPk, LeavesOutWhomItCannotUse) {
  Trial trial = simulated_trial(one_compartment_truth(), 12, 109);
  const PopulationFit fit = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1).best;
  titrant::trial::Subject placebo = trial.subjects[0];
  placebo.doses.clear();
  for (auto& observation : placebo.concentrations) observation.value = 0.0;
  titrant::trial::Observation before_dose;
  before_dose.time = 0.0;
  trial.subjects[3].concentrations.insert(trial.subjects[3].concentrations.begin(), before_dose);
  trial.subjects.insert(trial.subjects.begin() + 1, placebo);
  const PopulationFit with = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1).best;
  EXPECT_EQ(with.objective, fit.objective);
  EXPECT_EQ(with.subjects, (std::vector<std::size_t>{0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

TEST(FitPk, RefusesNamesTheModelDoesNotHave) {
  const Trial trial = simulated_trial(one_compartment_truth(), 3, 110);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.variability = {"clearence", "peripheral_volume"};
  options.covariates["volume"]["comed"] = titrant::pkpd::EffectKind::categorical;
  options.fixed = {{"error.additive", 0.1}, {"volume", -1.0}, {"volume.comed", -1.0}};
  options.error = ErrorKind::proportional;
  const std::string message = message_of<titrant::ConfigError>([&] { fit_pk(Communicator{}, trial, options, 1); });
  EXPECT_THAT(message, HasSubstr("did you mean clearance?"));
  EXPECT_THAT(message, HasSubstr("no parameter peripheral_volume"));
  EXPECT_THAT(message, HasSubstr("no parameter error.additive"));
  EXPECT_THAT(message, HasSubstr("volume is -1; it must be above 0"));
  EXPECT_THAT(message, HasSubstr("volume.comed is -1; it must be above -1"));
}

TEST(FitPk, NamesDataItCannotFit) {
  const PkOptions options = options_for(StructureChoice::one_compartment);
  Trial censored = simulated_trial(one_compartment_truth(), 3, 111);
  censored.subjects[2].concentrations[4].censored = true;
  censored.subjects[2].concentrations[4].value = 0.0;
  EXPECT_THAT(message_of<titrant::DataError>([&] { fit_pk(Communicator{}, censored, options, 1); }),
              HasSubstr("subject 3 at 8 h: a censored concentration needs a limit"));

  Trial missing = simulated_trial(one_compartment_truth(), 3, 111);
  missing.subjects[0].concentrations[1].value = std::nan("");
  EXPECT_THAT(message_of<titrant::DataError>([&] { fit_pk(Communicator{}, missing, options, 1); }),
              HasSubstr("subject 1 at 1 h: the concentration is nan"));

  Trial early = simulated_trial(one_compartment_truth(), 3, 112);
  early.subjects[1].concentrations[0].time = 0.0;
  PkOptions proportional = options;
  proportional.error = ErrorKind::proportional;
  early.subjects[1].concentrations[0].time = 0.5;
  early.subjects[1].concentrations[0].value = 0.0;
  EXPECT_THAT(message_of<titrant::DataError>([&] { fit_pk(Communicator{}, early, proportional, 1); }),
              HasSubstr("subject 2 at 0.5 h: the concentration is 0, which a proportional error gives to none"));

  Trial empty = simulated_trial(one_compartment_truth(), 3, 113);
  for (auto& subject : empty.subjects) subject.concentrations.clear();
  EXPECT_THAT(message_of<titrant::DataError>([&] { fit_pk(Communicator{}, empty, options, 1); }),
              HasSubstr("nothing to fit"));
}
