#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "pk_fits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/nlme/vpc.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/trial/individual.hpp"

/// \file
/// Fits of trials whose parameters are correlated or change between occasions: the truth within its errors, and what
/// cannot be fitted.

namespace titrant::nlme {

namespace {

using tests::message_of;
using tests::named;

/// One compartment, CL and V correlated, CL different on each occasion where `kappa` is above 0.
pkpd::PopulationModel variable_truth(double correlation, double kappa) {
  pkpd::PopulationModel truth;
  truth.structure = pkpd::Structure::one_compartment;
  truth.parameters = {{.name = "clearance", .typical = 5.0, .omega = 0.3, .effects = {}},
                      {.name = "volume", .typical = 50.0, .omega = 0.25, .effects = {}}};
  truth.parameters[0].occasion_omega = kappa;
  truth.error = {.additive = 0.0, .proportional = 0.08};
  if (correlation != 0.0) truth.correlations = {{"clearance", "volume", correlation}};
  if (kappa > 0.0) truth.occasion = "occasion";
  return truth;
}

/// Boluses at 0, 96 and 192 h, each an occasion.
trial::Trial trial_of_occasions(const pkpd::PopulationModel& truth, std::size_t subjects) {
  trial::Trial trial;
  trial.source = "simulated";
  for (std::size_t i = 0; i < subjects; ++i) {
    core::Stream stream(17, core::Purpose::test, i);
    trial::Subject& subject = trial.subjects.emplace_back();
    subject.id = std::to_string(i + 1);
    subject.dose = 100.0;
    subject.covariates = {{"occasion", 1.0}};
    for (int occasion = 0; occasion < 3; ++occasion) {
      const double start = 96.0 * occasion;
      pkpd::Dose dose{.time = start, .amount = 100.0};
      dose.into = pkpd::DoseInto::central;
      subject.doses.push_back(dose);
      if (occasion > 0) subject.changes.push_back({start, {{"occasion", 1.0 + occasion}}});
      for (const double after : {0.5, 2.0, 6.0, 12.0, 24.0}) subject.concentrations.push_back({.time = start + after});
    }
    std::vector<double> etas = pkpd::draw_etas(truth, stream);
    for (int occasion = 0; occasion < 3; ++occasion) {
      for (const double kappa : pkpd::draw_kappas(truth.parameters, stream)) etas.push_back(kappa);
    }
    std::vector<double> times;
    for (const trial::Observation& one : subject.concentrations) times.push_back(one.time);
    const std::vector<double> c =
        pkpd::concentration(trial::varying_individual(truth, subject, etas), subject.doses, times);
    for (std::size_t j = 0; j < c.size(); ++j) {
      subject.concentrations[j].value = c[j] * (1.0 + truth.error.proportional * stream.normal());
    }
  }
  return trial;
}

PkOptions variable_options() {
  PkOptions options;
  options.structure = StructureChoice::one_compartment;
  options.error = ErrorKind::proportional;
  options.variability = {"clearance", "volume"};
  options.covariates.clear();
  options.starts = 1;
  return options;
}

PkOptions with_occasions() {
  PkOptions options = variable_options();
  options.occasion = "occasion";
  options.occasion_variability = {"clearance"};
  return options;
}

TEST(VariabilityFit, FindsTheCorrelationOfClearanceAndVolume) {
  const pkpd::PopulationModel truth = variable_truth(0.7, 0.0);
  const trial::Trial trial = trial_of_occasions(truth, 60);
  PkOptions options = variable_options();
  options.blocks = {{"volume", "clearance"}};
  const PkFit fit = fit_pk(parallel::Communicator{}, trial, options, 1);
  EXPECT_TRUE(fit.best.converged) << fit.best.message;
  const Estimate& correlation = named(fit.best, "correlation.clearance.volume");
  EXPECT_NEAR(correlation.value, 0.7, 3.5 * correlation.standard_error);
  EXPECT_LT(correlation.standard_error, 0.15);
  EXPECT_NEAR(named(fit.best, "omega.clearance").value, 0.3, 3.5 * named(fit.best, "omega.clearance").standard_error);
  ASSERT_EQ(fit.best.model.correlations.size(), 1U);
  EXPECT_EQ(fit.best.model.correlations[0].value, correlation.value);
  EXPECT_EQ(fit.best.estimated, 6U);

  const PkFit apart = fit_pk(parallel::Communicator{}, trial, variable_options(), 1);
  EXPECT_GT(apart.best.objective, fit.best.objective + 10.0);
  // A correlation that is held at what was found gives the same optimum; at 0, that without the block.
  options.fixed = {{"correlation.volume.clearance", 0.0}};
  EXPECT_NEAR(fit_pk(parallel::Communicator{}, trial, options, 1).best.objective, apart.best.objective, 1e-3);
}

TEST(VariabilityFit, TellsOccasionsFromSubjects) {
  const pkpd::PopulationModel truth = variable_truth(0.0, 0.2);
  const trial::Trial trial = trial_of_occasions(truth, 40);
  const PkFit fit = fit_pk(parallel::Communicator{}, trial, with_occasions(), 1);
  EXPECT_TRUE(fit.best.converged) << fit.best.message;
  for (const auto& [name, value] :
       {std::pair("clearance", 5.0), std::pair("volume", 50.0), std::pair("omega.clearance", 0.3),
        std::pair("omega.volume", 0.25), std::pair("occasion_omega.clearance", 0.2),
        std::pair("error.proportional", 0.08)}) {
    EXPECT_NEAR(named(fit.best, name).value, value, 3.5 * named(fit.best, name).standard_error) << name;
    EXPECT_LT(named(fit.best, name).standard_error, 0.3 * value) << name;
  }
  EXPECT_EQ(fit.best.eta_names, (std::vector<std::string>{"clearance", "volume"}));
  EXPECT_EQ(fit.best.occasion_eta_names, std::vector<std::string>{"clearance"});
  ASSERT_EQ(fit.best.etas.front().size(), 2U + 3U);
  EXPECT_LT(fit.best.occasion_shrinkage.at(0), 0.5);
  EXPECT_GT(fit.best.occasion_shrinkage.at(0), -0.2);
  // Without occasions what they do goes to the residual error.
  const PkFit without = fit_pk(parallel::Communicator{}, trial, variable_options(), 1);
  EXPECT_GT(without.best.objective, fit.best.objective + 100.0);
  EXPECT_GT(named(without.best, "error.proportional").value, 0.1);

  // Simulated again, the trial has the same spread between occasions of a subject.
  double squares = 0.0;
  std::size_t count = 0;
  for (std::size_t number = 0; number < 40; ++number) {
    const trial::Trial again = simulate_again(trial, fit.best.model, nullptr, 3, number);
    for (const trial::Subject& subject : again.subjects) {
      // log(C(24) / C(2)) is -22 CL / V: relative to the subject's mean, the spread of kappa is that of CL.
      std::vector<double> slopes;
      for (std::size_t occasion = 0; occasion < 3; ++occasion) {
        slopes.push_back(
            std::log(subject.concentrations[5 * occasion + 1].value / subject.concentrations[5 * occasion + 4].value));
      }
      const double mean = (slopes[0] + slopes[1] + slopes[2]) / 3.0;
      for (const double slope : slopes) squares += std::pow(slope / mean - 1.0, 2) / 2.0;
      ++count;
    }
  }
  const double expected = std::sqrt(std::pow(named(fit.best, "occasion_omega.clearance").value, 2) +
                                    2.0 * std::pow(0.08 / (22.0 * 5.0 / 50.0), 2));
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(count)), expected, 0.1 * expected);
}

// The visit is the same in all subjects as they begin, and differs within each of them.
TEST(VariabilityFit, FindsAnEffectThatDiffersWithinSubjectsAlone) {
  trial::Trial trial = trial_of_occasions(variable_truth(0.0, 0.0), 30);
  for (trial::Subject& subject : trial.subjects) {
    subject.covariates["treated"] = 0.0;
    for (std::size_t i = 0; i < subject.changes.size(); ++i) {
      subject.changes[i].covariates["treated"] = i == 0 ? 1.0 : 0.0;
    }
    // Treatment doubles what is measured between 96 and 192 h: as if doses were absorbed into half the volume.
    for (trial::Observation& one : subject.concentrations) {
      if (one.time > 96.0 && one.time < 192.0) one.value *= 2.0;
    }
  }
  PkOptions options = variable_options();
  options.covariates = {{"volume", {{"treated", pkpd::EffectKind::categorical}}},
                        {"clearance", {{"treated", pkpd::EffectKind::categorical}}}};
  const PkFit fit = fit_pk(parallel::Communicator{}, trial, options, 1);
  for (const char* name : {"volume.treated", "clearance.treated"}) {
    EXPECT_NEAR(named(fit.best, name).value, -0.5, 4.0 * named(fit.best, name).standard_error) << name;
    EXPECT_LT(named(fit.best, name).standard_error, 0.05) << name;
  }
}

TEST(VariabilityFit, RefusesWhatCannotBeTold) {
  const trial::Trial trial = trial_of_occasions(variable_truth(0.0, 0.2), 8);
  const auto refused = [](const trial::Trial& of, const PkOptions& options) {
    return message_of<ConfigError>([&] { fit_pk(parallel::Communicator{}, of, options, 1); });
  };
  PkOptions options = variable_options();
  options.structure = StructureChoice::two_compartment;
  options.variability = {"clearance", "volume", "intercompartmental_clearance", "peripheral_volume"};
  options.blocks = {options.variability};
  EXPECT_THAT(refused(trial, options), testing::HasSubstr("a block of 4 random effects has 10 variances and "
                                                          "correlations, and 8 subjects"));
  options = variable_options();
  options.blocks = {{"clearance", "absorption_rate"}, {"volume"}};
  EXPECT_THAT(refused(trial, options), testing::AllOf(testing::HasSubstr("absorption_rate does not vary"),
                                                      testing::HasSubstr("a block of 1 parameter")));
  options.blocks = {{"clearance", "volume"}};
  options.initial = {{"correlation.clearance.volume", 1.0}};
  EXPECT_THAT(refused(trial, options), testing::HasSubstr("must be between -1 and 1"));
  options = variable_options();
  options.occasion_variability = {"clearance"};
  EXPECT_THAT(refused(trial, options), testing::HasSubstr("pk.occasions: column is missing"));

  trial::Trial unknown = trial;
  unknown.subjects[3].covariates.clear();
  for (trial::CovariateChange& change : unknown.subjects[3].changes) change.covariates.clear();
  EXPECT_THAT(message_of<DataError>([&] { fit_pk(parallel::Communicator{}, unknown, with_occasions(), 1); }),
              testing::HasSubstr("subject 4: no record has a value of occasion"));
  options = variable_options();
  options.absorption = AbsorptionChoice::transit;
  EXPECT_THAT(refused(trial, options), testing::HasSubstr("pk.absorption: no dose of this trial is absorbed"));

  trial::Trial once = trial;  // one observation an occasion
  for (trial::Subject& subject : once.subjects) {
    subject.concentrations = {subject.concentrations[1], subject.concentrations[7], subject.concentrations[12]};
  }
  EXPECT_THAT(refused(once, with_occasions()), testing::HasSubstr("each occasion has one concentration"));
  for (trial::Subject& subject : once.subjects) subject.changes.clear();
  EXPECT_THAT(refused(once, with_occasions()), testing::HasSubstr("more than one occasion"));
}

}  // namespace

}  // namespace titrant::nlme
