#include "titrant/nlme/vpc.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "titrant/trial/synthetic.hpp"

namespace titrant::nlme {

TEST(SimulateAgain, KeepsTheDesignAndDrawsNewValues) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const pkpd::BiomarkerPopulation biomarker = trial::default_biomarker();
  const trial::Trial again = simulate_again(trial, trial::default_population(), &biomarker, 5, 0);
  ASSERT_EQ(again.subjects.size(), trial.subjects.size());
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    const trial::Subject& old_one = trial.subjects[i];
    const trial::Subject& new_one = again.subjects[i];
    EXPECT_EQ(new_one.covariates, old_one.covariates);
    ASSERT_EQ(new_one.biomarkers.size(), old_one.biomarkers.size());
    for (std::size_t k = 0; k < old_one.biomarkers.size(); ++k) {
      EXPECT_EQ(new_one.biomarkers[k].time, old_one.biomarkers[k].time);
      EXPECT_NE(new_one.biomarkers[k].value, old_one.biomarkers[k].value);
      EXPECT_GT(new_one.biomarkers[k].value, 0.0);
    }
  }
}

/// Placebo subjects stay at their baseline, so log values of many replicates scatter around log of the typical baseline
/// with variance omega^2 and the residual error's; the mean over 200 x 12 x times has a standard error of about 0.005.
TEST(SimulateAgain, FollowsTheModel) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const pkpd::BiomarkerPopulation biomarker = trial::default_biomarker();
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t replicate = 0; replicate < 200; ++replicate) {
    const trial::Trial again = simulate_again(trial, trial::default_population(), &biomarker, 5, replicate);
    for (std::size_t i = 0; i < again.subjects.size(); ++i) {
      const trial::Subject& subject = again.subjects[i];
      if (subject.active()) continue;
      const std::vector<double> zero(biomarker.eta_count(), 0.0);
      const double typical = pkpd::individual_biomarker(biomarker, subject.covariates, zero).baseline;
      sum += std::log(subject.biomarkers.front().value / typical);
      count += 1.0;
    }
  }
  EXPECT_NEAR(sum / count, 0.0, 0.03);
}

// Of the observed quantiles of a trial that the model itself made, about nine in ten lie within their 90 % intervals;
// the bins of one subject group go together, so that 75 % is a safe bound. Half the clearance is found out.
TEST(PredictiveChecks, HoldForTheTruthAndFailForAnotherModel) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const pkpd::BiomarkerPopulation biomarker = trial::default_biomarker();
  const auto share_within = [&](const pkpd::PopulationModel& pk) {
    const PredictiveChecks checks = predictive_checks({}, trial, pk, &biomarker, {}, 200, 3);
    double within = 0.0;
    double all = 0.0;
    for (const CheckBin& bin : checks.concentration) {
      EXPECT_EQ(bin.count, 12U);
      for (std::size_t q = 0; q < check_quantiles.size(); ++q) {
        EXPECT_LE(bin.lower[q], bin.simulated[q]);
        EXPECT_LE(bin.simulated[q], bin.upper[q]);
        within += bin.lower[q] <= bin.observed[q] && bin.observed[q] <= bin.upper[q] ? 1.0 : 0.0;
        all += 1.0;
      }
    }
    return within / all;
  };
  EXPECT_GT(share_within(trial::default_population()), 0.75);
  pkpd::PopulationModel slow = trial::default_population();
  for (pkpd::ParameterModel& parameter : slow.parameters) {
    if (parameter.name == "clearance") parameter.typical *= 0.5;
  }
  EXPECT_LT(share_within(slow), 0.6);
}

TEST(PredictiveChecks, CountResponders) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const pkpd::BiomarkerPopulation biomarker = trial::default_biomarker();
  const PredictiveChecks checks = predictive_checks({}, trial, trial::default_population(), &biomarker, {}, 200, 3);
  const std::vector<trial::PassRate> observed = trial::pass_rates_by_dose(trial, {});
  ASSERT_EQ(checks.pass_rates.size(), observed.size());
  for (std::size_t g = 0; g < observed.size(); ++g) {
    EXPECT_EQ(checks.pass_rates[g].observed, observed[g].successes);
    EXPECT_LE(checks.pass_rates[g].lower, observed[g].successes);  // the model is the truth
    EXPECT_GE(checks.pass_rates[g].upper, observed[g].successes);
  }
  EXPECT_EQ(checks.pass_rates.front().upper, 0.0);  // nobody on placebo
  EXPECT_TRUE(checks.biomarker.size() > checks.concentration.size());
}

TEST(PredictiveChecks, WorkWithoutABiomarkerModel) {
  const PredictiveChecks checks =
      predictive_checks({}, trial::synthetic_trial(7), trial::default_population(), nullptr, {}, 10, 3);
  EXPECT_FALSE(checks.concentration.empty());
  EXPECT_TRUE(checks.biomarker.empty());
  EXPECT_TRUE(checks.pass_rates.empty());
}

}  // namespace titrant::nlme
