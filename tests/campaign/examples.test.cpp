#include "../../src/campaign/examples.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "titrant/core/error.hpp"

namespace titrant::campaign {

namespace {

/// Six people on 1 mg daily who fail and six on 10 mg who succeed; the last has no value in the window.
trial::Trial small_trial() {
  trial::Trial trial;
  for (int i = 0; i < 12; ++i) {
    trial::Subject subject;
    subject.id = std::to_string(i + 1);
    subject.covariates = {{"body_weight", 60.0 + i}, {"comed", i % 2}};
    subject.dose = i < 6 ? 1.0 : 10.0;
    subject.doses = pkpd::course({subject.dose, 24.0}, 21);
    if (i < 11) subject.biomarkers = {{490.0, i < 6 ? 5.0 : 2.0, false, 0.0}};
    trial.subjects.push_back(subject);
  }
  return trial;
}

nlme::PopulationFit simple_fit() {
  nlme::PopulationFit fit;
  fit.model.structure = pkpd::Structure::one_compartment;
  fit.model.parameters = {{"absorption_rate", 1.0, 0.0, {}}, {"clearance", 40.0, 0.3, {}}, {"volume", 400.0, 0.0, {}}};
  fit.subjects = {1};
  fit.etas = {{std::log(2.0)}};
  return fit;
}

}  // namespace

TEST(TrialExamples, UseEachSubjectsOwnParameters) {
  const TrialExamples examples = trial_examples({}, small_trial(), simple_fit());
  ASSERT_EQ(examples.labelled.size(), 11U);
  EXPECT_EQ(examples.without_label, 1U);
  EXPECT_EQ(examples.labelled.labels, (std::vector<int>{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
  // Cavg per mg = 1000 / (CL x 24); the second subject clears twice as fast as the others.
  EXPECT_NEAR(examples.profiles[0].per_mg.average, 1000.0 / (40.0 * 24.0), 1e-9);
  EXPECT_NEAR(examples.profiles[1].per_mg.average, 1000.0 / (80.0 * 24.0), 1e-9);
  EXPECT_EQ(examples.labelled.examples[6].dose, 10.0);
  EXPECT_EQ(examples.labelled.group[6], 6U);
}

TEST(TrialExamples, RefuseATrialThatTeachesNothing) {
  trial::Trial failures = small_trial();
  for (auto& subject : failures.subjects) {
    for (auto& value : subject.biomarkers) value.value = 9.0;
  }
  EXPECT_THROW(trial_examples({}, failures, simple_fit()), DataError);
  trial::Trial placebo = small_trial();
  for (auto& subject : placebo.subjects) subject.dose = 0.0;
  EXPECT_THROW(trial_examples({}, placebo, simple_fit()), DataError);
}

TEST(BootstrapSample, KeepsTheDoseGroupsAndBothOutcomes) {
  const TrialExamples examples = trial_examples({}, small_trial(), simple_fit());
  std::map<std::size_t, int> drawn;
  for (std::size_t replicate = 0; replicate < 200; ++replicate) {
    const auto sample = bootstrap_sample(examples.labelled, 5, replicate);
    ASSERT_EQ(sample.size(), 11U);
    int low = 0;
    for (const std::size_t i : sample) {
      low += examples.labelled.examples[i].dose == 1.0 ? 1 : 0;
      ++drawn[i];
    }
    EXPECT_EQ(low, 6);
  }
  EXPECT_EQ(drawn.size(), 11U);
  EXPECT_NE(bootstrap_sample(examples.labelled, 5, 0), bootstrap_sample(examples.labelled, 5, 1));
}

}  // namespace titrant::campaign
