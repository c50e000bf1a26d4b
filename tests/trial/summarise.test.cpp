#include <gtest/gtest.h>

#include <map>

#include "endpoints.hpp"
#include "titrant/trial/summary.hpp"

using titrant::tests::control;
using titrant::trial::Subject;
using titrant::trial::summarise;
using titrant::trial::Trial;
using titrant::trial::TrialSummary;

namespace {

/// Placebo, a subject on single doses with a gap, and one whose doses are additional ones.
Trial three_subjects() {
  Trial trial;
  trial.source = "three.csv";
  Subject placebo;
  placebo.covariates = {{"age", 30.0}, {"weight", 50.0}};
  placebo.biomarkers = {{.time = 490, .value = 9.0}};
  Subject single;
  single.dose = 5.0;
  single.covariates = {{"weight", 70.0}};
  single.doses = {
      {.time = 0, .amount = 5}, {.time = 24, .amount = 5}, {.time = 50, .reset = true}, {.time = 72, .amount = 2}};
  single.concentrations = {{.time = 1, .value = 4.0}, {.time = 2, .value = 0.1, .censored = true, .limit = 0.1}};
  Subject repeated;
  repeated.dose = 5.0;
  repeated.covariates = {{"weight", 70.0}};
  repeated.doses = {{.time = 10, .amount = 5, .interval = 12, .additional = 100}};
  repeated.concentrations = {{.time = 100, .value = 2.0}};
  repeated.biomarkers = {{.time = 490, .value = 1.0}, {.time = 600, .value = 5.0}};
  trial.subjects = {placebo, single, repeated};
  return trial;
}

}  // namespace

TEST(Summarise, CountsSubjectsAndTimes) {
  const TrialSummary summary = summarise(three_subjects(), {control()});
  EXPECT_EQ(summary.source, "three.csv");
  EXPECT_EQ(summary.subjects, 3);
  EXPECT_EQ(summary.active, 2);
  EXPECT_EQ(summary.placebo, 1);
  EXPECT_EQ(summary.first_time, 0.0);
  EXPECT_EQ(summary.last_time, 10.0 + 100 * 12.0);  // the last additional dose
  ASSERT_EQ(summary.outcomes.size(), 1U);
  EXPECT_EQ(summary.outcomes[0].without, 1);
}

TEST(Summarise, CountsOutcomesOfEndpointsThatLabelSubjects) {
  titrant::protocol::Endpoint latent = control();
  latent.values = titrant::protocol::Values::latent;
  titrant::protocol::Endpoint high = control();
  high.name = "high";
  high.limits.below.reset();
  high.limits.above = 8.0;
  const TrialSummary summary = summarise(three_subjects(), {latent, control(), high});
  ASSERT_EQ(summary.outcomes.size(), 2U) << "no value of the trial answers the latent one";
  EXPECT_EQ(summary.outcomes[0].endpoint, "control");
  EXPECT_EQ(summary.outcomes[0].description,
            "biomarker below 3.3 ng/mL, measured values, 480 to 504 h after the first dose");
  ASSERT_EQ(summary.outcomes[1].by_dose.size(), 2U);
  EXPECT_EQ(summary.outcomes[1].by_dose[0].successes, 1);
  EXPECT_EQ(summary.outcomes[1].by_dose[1].successes, 0);
  EXPECT_EQ(summary.outcomes[1].by_dose[1].count, 1);
  ASSERT_EQ(summary.outcomes[0].by_covariate.size(), 1U) << "age has one value only";
  EXPECT_EQ(summary.outcomes[0].by_covariate[0].first, "weight");
}

TEST(Summarise, GroupsSubjectsByDose) {
  const auto groups = summarise(three_subjects(), {control()}).groups;
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].dose, 0.0);
  EXPECT_EQ(groups[0].subjects, 1);
  EXPECT_EQ(groups[0].most_doses, 0);
  EXPECT_EQ(groups[0].longest_interval, 0.0);
  EXPECT_EQ(groups[0].biomarkers, 1);
  EXPECT_EQ(groups[1].dose, 5.0);
  EXPECT_EQ(groups[1].subjects, 2);
  EXPECT_EQ(groups[1].fewest_doses, 3);  // the reset is no dose
  EXPECT_EQ(groups[1].most_doses, 101);
  EXPECT_EQ(groups[1].shortest_interval, 12.0);
  EXPECT_EQ(groups[1].longest_interval, 48.0);
  EXPECT_EQ(groups[1].concentrations, 3);
  EXPECT_EQ(groups[1].biomarkers, 2);
}

TEST(Summarise, DescribesEachKindOfObservation) {
  const TrialSummary summary = summarise(three_subjects(), {control()});
  EXPECT_EQ(summary.concentrations.count, 3);
  EXPECT_EQ(summary.concentrations.censored, 1);
  EXPECT_EQ(summary.concentrations.subjects, 2);
  EXPECT_EQ(summary.concentrations.first, 1.0);
  EXPECT_EQ(summary.concentrations.last, 100.0);
  EXPECT_EQ(summary.concentrations.minimum, 0.1);
  EXPECT_EQ(summary.concentrations.median, 2.0);
  EXPECT_EQ(summary.concentrations.maximum, 4.0);
  EXPECT_EQ(summary.biomarkers.count, 3);
  EXPECT_EQ(summary.biomarkers.subjects, 2);
  Trial even = three_subjects();
  even.subjects[0].biomarkers.push_back({.time = 500, .value = 6.0});
  EXPECT_EQ(summarise(even, {control()}).biomarkers.median, 5.5);  // of 1, 5, 6, 9
}

TEST(Summarise, DescribesCovariates) {
  Trial trial = three_subjects();
  const auto few = summarise(trial, {control()}).covariates;
  ASSERT_EQ(few.size(), 2U);
  EXPECT_EQ(few[0].name, "age");
  EXPECT_EQ(few[0].subjects, 1);
  EXPECT_EQ(few[1].name, "weight");
  EXPECT_EQ(few[1].minimum, 50.0);
  EXPECT_DOUBLE_EQ(few[1].mean, 190.0 / 3.0);
  EXPECT_EQ(few[1].maximum, 70.0);
  EXPECT_EQ(few[1].levels, (std::map<double, int>{{50.0, 1}, {70.0, 2}}));
  for (int i = 0; i < 4; ++i) {
    Subject another = trial.subjects[0];
    another.covariates["weight"] = 80.0 + i;
    trial.subjects.push_back(another);
  }
  EXPECT_TRUE(summarise(trial, {control()}).covariates[1].levels.empty()) << "six values are too many";
}

TEST(Summarise, NamesTheLevelsOfCovariates) {
  Trial trial = three_subjects();
  trial.covariates = {{"weight", "BW", {}, {}}, {"sex", "SEX", {{"1", "male"}, {"2", "female"}}, {}}};
  for (Subject& subject : trial.subjects) subject.covariates["sex"] = subject.dose > 0.0 ? 1.0 : 0.0;
  const auto covariates = summarise(trial, {}).covariates;
  ASSERT_EQ(covariates.size(), 3U);
  EXPECT_EQ(covariates[1].name, "sex");
  EXPECT_EQ(covariates[1].names, (std::map<double, std::string>{{0.0, "male"}, {1.0, "female"}}));
  EXPECT_EQ(covariates[1].levels, (std::map<double, int>{{0.0, 1}, {1.0, 2}}));
  EXPECT_TRUE(covariates[2].names.empty());
}

TEST(Summarise, AnEmptyTrialIsAllZero) {
  const TrialSummary summary = summarise(Trial{}, {control()});
  EXPECT_EQ(summary.subjects, 0);
  EXPECT_EQ(summary.first_time, 0.0);
  EXPECT_EQ(summary.last_time, 0.0);
  EXPECT_EQ(summary.concentrations.count, 0);
  EXPECT_EQ(summary.concentrations.first, 0.0);
  EXPECT_TRUE(summary.groups.empty());
}
