#include "titrant/nlme/joint_blocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "expect_gradient.hpp"
#include "pd_trials.hpp"
#include "pk_fits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/joint_model.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/pd_model.hpp"

namespace titrant::nlme {

namespace {

constexpr pkpd::BiomarkerStructure joint_structure = pkpd::BiomarkerStructure::direct_inhibition;

/// The truth of the test trials with clearance and ic50 correlated.
pkpd::BiomarkerPopulation correlated_biomarker(double correlation) {
  pkpd::BiomarkerPopulation truth = tests::pd_test_biomarker(joint_structure);
  truth.pk_correlations = {{"clearance", "ic50", correlation}};
  return truth;
}

Parameter truth_of(const pkpd::ParameterModel& model) {
  Parameter parameter;
  parameter.name = model.name;
  parameter.scale = model.scale;
  parameter.typical = model.typical;
  parameter.omega = model.omega;
  return parameter;
}

/// All parameters of the test trials, with a block of clearance, volume, baseline and ic50.
Population joint_truth() {
  Population population;
  population.errors.clear();
  const pkpd::PopulationModel pk = tests::pd_test_pk();
  const pkpd::BiomarkerPopulation pd = tests::pd_test_biomarker(joint_structure);
  for (const auto& one : pk.parameters) population.parameters.push_back(truth_of(one));
  for (const auto& one : pd.parameters) population.parameters.push_back(truth_of(one));
  population.errors = {{.name = "concentration", .model = pk.error}, {.name = "biomarker", .model = pd.error}};
  population.blocks = {{.parameters = {1, 2, 3, 5}, .correlations = {0.3, -0.2, 0.1, 0.6, 0.2, -0.3}}};
  return population;
}

double objective_at(const SubjectModel& model, const Population& population) {
  Objective objective(parallel::Communicator{}, model, population);
  return objective.evaluate(objective.layout().encode(population)).value;
}

PdOptions joint_options() {
  PdOptions options = tests::true_pd_options(joint_structure);
  options.method = PdMethod::joint;
  options.joint_blocks = {{"pd.ic50", "pk.clearance"}};
  return options;
}

std::string problems_of(const PdOptions& options, const std::vector<std::string>& pk_variable,
                        const std::vector<std::vector<std::string>>& pk_blocks = {}) {
  core::Problems problems;
  check_joint_blocks(options, pk_variable, pk_blocks, problems);
  return tests::message_of<ConfigError>([&] { problems.throw_if_any<ConfigError>(); });
}

}  // namespace

TEST(JointBlocks, ObjectiveHasTheRightGradient) {
  const trial::Trial trial = tests::pd_test_trial(correlated_biomarker(0.6), 2, 5, {0.0, 3.0});
  const JointModel model(trial, pkpd::Structure::one_compartment, false, joint_structure);
  const Population population = joint_truth();
  Objective objective(parallel::Communicator{}, model, population);
  std::vector<double> x = objective.layout().encode(population);
  for (double& coordinate : x) coordinate += 0.05;
  tests::expect_gradient_by_differences(objective, x, 1e-5);
}

// What is known of a placebo subject's pharmacokinetics is normal given its biomarker: integrated out, nothing of it is
// left. 1e-6: two searches for etas.
TEST(JointBlocks, OfPlaceboSubjectsTheBiomarkerAloneCounts) {
  const trial::Trial trial = tests::pd_test_trial(correlated_biomarker(0.6), 6, 5, {0.0, 3.0});
  trial::Trial active = trial;
  trial::Trial placebo = trial;
  std::erase_if(active.subjects, [](const trial::Subject& one) { return !one.active(); });
  std::erase_if(placebo.subjects, [](const trial::Subject& one) { return one.active(); });
  const Population both = joint_truth();
  const auto joint = [&](const trial::Trial& data) {
    return objective_at(JointModel(data, pkpd::Structure::one_compartment, false, joint_structure), both);
  };
  Population alone;
  alone.parameters.assign(both.parameters.begin() + 3, both.parameters.end());
  alone.errors = {both.errors.back()};
  alone.blocks = {{.parameters = {0, 2}, .correlations = {-0.3}}};  // baseline and ic50, of the block above
  PopulationFit nobody;
  nobody.model = tests::pd_test_pk();
  for (auto& parameter : nobody.model.parameters) parameter.omega = 0.0;
  const PdModel pd(placebo, nobody, joint_structure);
  ASSERT_EQ(pd.subjects(), 6U);
  const double expected = objective_at(pd, alone);
  EXPECT_NEAR(joint(trial) - joint(active), expected, 1e-6 * std::abs(expected));
}

// A joint fit of a trial made with a correlation of 0.6, on which the PK's own block of clearance and volume is part of
// the larger one; 2 standard errors of the correlation, which a true program exceeds with one seed of twenty.
TEST(JointBlocks, TheCorrelationIsFound) {
  const trial::Trial trial = tests::pd_test_trial(correlated_biomarker(0.6), 20, 31);
  PkOptions pk_options = tests::pd_test_pk_options();
  pk_options.blocks = {{"clearance", "volume"}};
  const PopulationFit pk = fit_pk(parallel::Communicator{}, trial, pk_options, 1).best;
  PdOptions options = joint_options();
  options.joint_blocks = {{"pk.clearance", "pd.ic50", "pk.volume"}};
  const BiomarkerFit fit = fit_pd(parallel::Communicator{}, trial, pk, options, 1).best;
  EXPECT_TRUE(fit.converged) << fit.message;
  EXPECT_TRUE(fit.identified) << fit.message;
  EXPECT_TRUE(fit.remarks.empty());
  const Estimate& correlation = tests::estimate_of(fit, "correlation.clearance.ic50");
  EXPECT_NEAR(correlation.value, 0.6, 2.0 * correlation.standard_error);
  EXPECT_LT(correlation.standard_error, 0.15);
  const Estimate& none = tests::estimate_of(fit, "correlation.volume.ic50");
  EXPECT_NEAR(none.value, 0.0, 3.0 * none.standard_error);
  ASSERT_EQ(fit.population.blocks.size(), 1U);

  // Each model has its own part, and cohorts what lies between.
  ASSERT_TRUE(fit.pk);
  ASSERT_EQ(fit.pk->correlations.size(), 1U);
  EXPECT_EQ(fit.pk->correlations[0].value, tests::estimate_of(fit, "correlation.clearance.volume").value);
  EXPECT_TRUE(fit.model.correlations.empty());
  ASSERT_EQ(fit.model.pk_correlations.size(), 2U);
  EXPECT_EQ(fit.model.pk_correlations[0].first, "clearance");
  EXPECT_EQ(fit.model.pk_correlations[0].second, "ic50");
  EXPECT_EQ(fit.model.pk_correlations[0].value, correlation.value);
  core::Stream stream(3, core::Purpose::test, 0);
  const DrawnModels drawn = draw_model(fit, stream);
  ASSERT_EQ(drawn.pd.pk_correlations.size(), 2U);
  EXPECT_NE(drawn.pd.pk_correlations[0].value, correlation.value);

  // Refits begin and end there; the model without the correlation is nested in this one and far above.
  options.covariance = CovarianceKind::none;
  const BiomarkerFit again = refit_pd(parallel::Communicator{}, trial, pk, fit, options, 2);
  EXPECT_NEAR(again.objective, fit.objective, 1e-5 * std::abs(fit.objective));
  options.fixed = {{"correlation.clearance.ic50", 0.0},
                   {"correlation.ic50.volume", 0.0},
                   {"correlation.clearance.volume", fit.pk->correlations[0].value}};
  const BiomarkerFit apart = fit_pd(parallel::Communicator{}, trial, pk, options, 1).best;
  EXPECT_GT(apart.objective, fit.objective + 10.0);
  EXPECT_TRUE(tests::estimate_of(apart, "correlation.clearance.ic50").fixed);
}

TEST(JointBlocks, AMemberWithoutRandomEffectIsNamed) {
  const trial::Trial trial = tests::pd_test_trial(correlated_biomarker(0.6), 3, 31);
  PdOptions options = joint_options();
  options.joint_blocks = {{"pk.clearance", "pk.volume", "pd.imax"}};
  options.search.variability = true;  // so that it may name what does not vary in the end
  EXPECT_EQ(problems_of(options, {"clearance", "volume"}), "no error of that type");
  Population population = joint_truth();
  EXPECT_THAT(remarks_on_joint_blocks(options, population),
              testing::ElementsAre("pk_pd.omega.blocks: pd.imax has no random effect in this model, and is correlated "
                                   "with nothing"));
}

TEST(JointBlocks, RefusesWhatCannotBe) {
  using testing::HasSubstr;
  const std::vector<std::string> variable = {"clearance", "volume"};
  PdOptions options = joint_options();
  EXPECT_EQ(problems_of(options, variable), "no error of that type");
  EXPECT_THAT(problems_of(options, {"volume"}), HasSubstr("pk.clearance does not vary between subjects"));
  EXPECT_THAT(problems_of(options, variable, {{"clearance", "volume"}}),
              HasSubstr("[pd.ic50, pk.clearance] has members of the block [clearance, volume] of pk.omega.blocks, and "
                        "a parameter can be in one block: write [pd.ic50, pk.clearance, pk.volume], or take"));
  options.blocks = {{"baseline", "ic50"}};
  EXPECT_THAT(problems_of(options, variable), HasSubstr("of pd.omega.blocks"));
  options.joint_blocks = {{"pk.clearance", "pd.ic50", "pd.baseline"}};
  EXPECT_EQ(problems_of(options, variable), "no error of that type");
  options.blocks.clear();
  options.joint_blocks = {{"pk.clearance", "pd.ic50"}, {"pk.volume", "pd.ic50"}};
  EXPECT_THAT(problems_of(options, variable), HasSubstr("pd.ic50 is named twice"));
  options.joint_blocks = {{"pk.clearance", "pk.volume"}};
  EXPECT_THAT(problems_of(options, variable), HasSubstr("no parameter of the biomarker; write it as pk.omega.blocks"));
  options.joint_blocks = {{"pk.clearance", "pd.imax"}};
  EXPECT_THAT(problems_of(options, variable), HasSubstr("pd.imax does not vary between subjects"));
  options.joint_blocks = {{"pk.clearance"}};
  EXPECT_THAT(problems_of(options, variable), HasSubstr("a block of 1 parameter"));
  options = joint_options();
  options.method = PdMethod::population;
  EXPECT_THAT(problems_of(options, variable), HasSubstr("write pk_pd.method: joint"));

  const trial::Trial trial = tests::pd_test_trial(correlated_biomarker(0.6), 2, 31, {0.0, 3.0});
  options = joint_options();
  options.joint_blocks.front().emplace_back("pk.volume");
  EXPECT_THAT(tests::message_of<ConfigError>([&] { expect_joint_subjects(options, trial); }),
              HasSubstr("a block of 3 random effects has 6 variances and correlations, and 2 subjects have"));
  options = joint_options();
  options.initial = {{"correlation.ic50.clearance", 1.5}};
  EXPECT_THAT(tests::message_of<ConfigError>([&] { fit_pd(parallel::Communicator{}, trial, {}, options, 1); }),
              HasSubstr("correlation.ic50.clearance is 1.5"));
}

}  // namespace titrant::nlme
