#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "expect_gradient.hpp"
#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/joint_model.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/pkpd/varying.hpp"
#include "titrant/trial/individual.hpp"

// Covariates that change in time, in fits of concentrations.
namespace {

using titrant::nlme::Objective;
using titrant::nlme::Parameter;
using titrant::nlme::PkModel;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

/// Everybody's weight falls at 50 h, and comed begins or ends at 100 h in every other subject.
titrant::trial::Trial changing_trial(std::size_t subjects) {
  titrant::trial::Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), subjects, 4);
  for (std::size_t i = 0; i < subjects; ++i) {
    titrant::trial::Subject& subject = trial.subjects[i];
    titrant::pkpd::Covariates later = subject.covariates;
    later["weight"] *= 0.9;
    subject.changes.push_back({50.0, later});
    if (i % 2 == 0) {
      later["comed"] = 1.0 - later["comed"];
      subject.changes.push_back({100.0, later});
    }
  }
  return trial;
}

Population population_with(bool weight_fixed) {
  Population population;
  const auto power = [](double exponent) {
    return titrant::pkpd::CovariateEffect{"weight", titrant::pkpd::EffectKind::power, exponent, 70.0};
  };
  population.parameters = {
      {.name = "absorption_rate", .units = "1/h", .scale = {}, .typical = 0.7, .omega = 0.3, .effects = {}},
      {.name = "clearance",
       .units = "L/h",
       .scale = {},
       .typical = 7.0,
       .omega = 0.25,
       .effects = {{power(0.75), weight_fixed}, {{"comed", titrant::pkpd::EffectKind::categorical, 0.3, 0.0}, false}}},
      {.name = "volume", .units = "L", .scale = {}, .typical = 80.0, .omega = 0.0, .effects = {{power(1.0), true}}}};
  population.errors.front().model = {.additive = 0.5, .proportional = 0.15};
  return population;
}

}  // namespace

TEST(TimeVaryingCovariates, PredictionsAreThoseOfTheChangingSubject) {
  const titrant::trial::Trial trial = changing_trial(4);
  const PkModel model(trial, titrant::pkpd::Structure::one_compartment, false);
  const Population population = population_with(true);
  titrant::pkpd::PopulationModel pk;  // of one compartment
  for (const Parameter& parameter : population.parameters) {
    titrant::pkpd::ParameterModel one{
        .name = parameter.name, .typical = parameter.typical, .omega = 0.0, .effects = {}};
    for (const auto& effect : parameter.effects) one.effects.push_back(effect.effect);
    pk.parameters.push_back(one);
  }
  const titrant::nlme::Design design(model, population);
  Population still = population;
  for (Parameter& parameter : still.parameters) parameter.omega = 0.0;
  const titrant::nlme::RandomEffects no_etas(still);
  ASSERT_EQ(no_etas.etas(0), 0U);
  for (std::size_t subject = 0; subject < 4; ++subject) {
    const std::vector<double> mean = design.mean(subject, population);
    const auto errors = titrant::nlme::observation_errors(model, subject, population);
    const auto problem = titrant::nlme::subject_problem(model, subject, population, mean, no_etas, errors, &design);
    titrant::nlme::Prediction prediction;
    ASSERT_TRUE(predict(problem, titrant::nlme::SmallVector::Zero(0), prediction));
    const std::vector<double> expected =
        titrant::pkpd::concentration(titrant::trial::varying_individual(pk, trial.subjects[subject], {}),
                                     trial.subjects[subject].doses, model.times(subject));
    for (std::size_t j = 0; j < expected.size(); ++j) EXPECT_NEAR(prediction.value[j] / expected[j], 1.0, 1e-12);
  }
}

TEST(TimeVaryingCovariates, ObjectiveHasItsExactGradient) {
  const titrant::trial::Trial trial = changing_trial(6);
  const PkModel model(trial, titrant::pkpd::Structure::one_compartment, false);
  for (const bool weight_fixed : {true, false}) {
    const Population population = population_with(weight_fixed);
    Objective objective(Communicator{}, model, population);
    titrant::tests::expect_gradient_by_differences(objective, objective.layout().encode(population), 1e-5);
  }
}

// Changes that no effect sees leave the closed form alone, bit by bit.
TEST(TimeVaryingCovariates, ChangesThatNothingUsesAreNone) {
  titrant::trial::Trial trial = changing_trial(3);
  Population population = population_with(true);
  for (Parameter& parameter : population.parameters) parameter.effects.clear();
  const auto value = [&] {
    const PkModel model(trial, titrant::pkpd::Structure::one_compartment, false);
    Objective objective(Communicator{}, model, population);
    return objective.evaluate(objective.layout().encode(population)).value;
  };
  const double with_changes = value();
  for (titrant::trial::Subject& subject : trial.subjects) subject.changes.clear();
  EXPECT_EQ(value(), with_changes);
}
