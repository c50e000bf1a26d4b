#include "titrant/nlme/joint_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "expect_gradient.hpp"
#include "pd_trials.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/pd_model.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace {

using namespace titrant;
using pkpd::BiomarkerStructure;
using testing::Each;

trial::Trial small_trial(BiomarkerStructure structure) {
  return tests::pd_test_trial(tests::pd_test_biomarker(structure), 2, 5, {0.0, 3.0});
}

nlme::Parameter as_parameter(const pkpd::ParameterModel& model, bool with_eta) {
  nlme::Parameter parameter;
  parameter.name = model.name;
  parameter.scale = model.scale;
  parameter.typical = model.typical;
  parameter.omega = with_eta ? model.omega : 0.0;
  return parameter;
}

/// The truth of the test trials as a population; `pk` and `pd`: the parameters it holds.
nlme::Population truth(BiomarkerStructure structure, bool pk, bool pd, bool pk_etas) {
  nlme::Population population;
  population.errors.clear();
  const pkpd::PopulationModel pk_model = tests::pd_test_pk();
  const pkpd::BiomarkerPopulation pd_model = tests::pd_test_biomarker(structure);
  if (pk) {
    for (const auto& one : pk_model.parameters) population.parameters.push_back(as_parameter(one, pk_etas));
    population.errors.push_back({.name = "concentration", .model = pk_model.error});
  }
  if (pd) {
    for (const auto& one : pd_model.parameters) population.parameters.push_back(as_parameter(one, true));
    population.errors.push_back({.name = "biomarker", .model = pd_model.error});
  }
  return population;
}

TEST(JointModel, HoldsBothKindsOfMeasurement) {
  trial::Trial trial = small_trial(BiomarkerStructure::turnover_inhibition);
  trial.subjects[2].biomarkers[3].censored = true;
  const nlme::JointModel model(trial, pkpd::Structure::one_compartment, false, BiomarkerStructure::turnover_inhibition);
  ASSERT_EQ(model.subjects(), 4U);
  EXPECT_THAT(model.responses(0), Each(1));  // placebo has its biomarker alone
  const auto responses = model.responses(2);
  EXPECT_EQ(std::count(responses.begin(), responses.end(), 0), 8);
  EXPECT_EQ(std::count(responses.begin(), responses.end(), 1), 12);
  ASSERT_EQ(model.censored(2).size(), 20U);
  EXPECT_EQ(model.censored(2)[8 + 3], 1);
  EXPECT_EQ(std::count(model.censored(2).begin(), model.censored(2).end(), 1), 1);
  EXPECT_TRUE(model.censored(3).empty());
  EXPECT_EQ(model.describe(2, 0), "synthetic: concentration of subject 3 at 1 h");
  EXPECT_EQ(model.describe(2, 8), "synthetic: biomarker of subject 3 at 0 h");
}

// Central differences with a relative step of 1e-5 are right to about 1e-9 of the largest derivative.
TEST(JointModel, GradientIsTheDerivativeOfTheValue) {
  for (const BiomarkerStructure structure : pkpd::all_biomarker_structures) {
    const trial::Trial trial = small_trial(structure);
    const nlme::JointModel model(trial, pkpd::Structure::one_compartment, false, structure);
    std::vector<double> parameters = {0.6, 80.0, 2000.0};
    for (const auto& one : tests::pd_test_biomarker(structure).parameters) parameters.push_back(one.typical);
    const std::size_t count = parameters.size();
    const std::size_t observations = model.observed(2).size();
    std::vector<double> value(observations);
    std::vector<double> gradient(observations * count);
    std::vector<double> unused(observations * count);
    model.predict(2, parameters, value, gradient);
    for (std::size_t p = 0; p < count; ++p) {
      const double step = 1e-5 * parameters[p];
      std::vector<double> above(observations);
      std::vector<double> below(observations);
      std::vector<double> moved = parameters;
      moved[p] += step;
      model.predict(2, moved, above, unused);
      moved[p] = parameters[p] - step;
      model.predict(2, moved, below, unused);
      for (std::size_t j = 0; j < observations; ++j) {
        const double relative = gradient[j * count + p] * parameters[p];
        EXPECT_NEAR(relative, (above[j] - below[j]) / (2e-5), 1e-6) << pkpd::name(structure) << " " << p << " " << j;
      }
    }
  }
}

TEST(JointModel, ObjectiveHasTheRightGradient) {
  const trial::Trial trial = small_trial(BiomarkerStructure::turnover_inhibition);
  const nlme::JointModel model(trial, pkpd::Structure::one_compartment, false, BiomarkerStructure::turnover_inhibition);
  const nlme::Population population = truth(BiomarkerStructure::turnover_inhibition, true, true, true);
  nlme::Objective objective(parallel::Communicator{}, model, population);
  std::vector<double> x = objective.layout().encode(population);
  for (double& coordinate : x) coordinate += 0.05;
  tests::expect_gradient_by_differences(objective, x, 1e-5);
}

// Without PK variability everybody has the typical exposure, and the likelihood is the product of those of the two
// separate models.
TEST(JointModel, SeparatesWhereNobodyDiffersInExposure) {
  const BiomarkerStructure structure = BiomarkerStructure::effect_compartment_stimulation;
  const trial::Trial trial = small_trial(structure);
  const nlme::Population both = truth(structure, true, true, false);
  const nlme::Population pk_alone = truth(structure, true, false, false);
  const nlme::Population pd_alone = truth(structure, false, true, false);
  const auto objective_of = [](const nlme::SubjectModel& model, const nlme::Population& population) {
    nlme::Objective objective(parallel::Communicator{}, model, population);
    return objective.evaluate(objective.layout().encode(population)).value;
  };
  nlme::PopulationFit typical;
  typical.model = tests::pd_test_pk();
  for (auto& parameter : typical.model.parameters) parameter.omega = 0.0;
  const nlme::JointModel joint(trial, pkpd::Structure::one_compartment, false, structure);
  const nlme::PkModel pk(trial, pkpd::Structure::one_compartment, false);
  const nlme::PdModel pd(trial, typical, structure);
  const double expected = objective_of(pk, pk_alone) + objective_of(pd, pd_alone);
  EXPECT_NEAR(objective_of(joint, both), expected, 1e-6 * std::abs(expected));  // two quadratures of 1e-7
}

}  // namespace
