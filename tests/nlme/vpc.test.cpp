#include "titrant/nlme/vpc.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "titrant/core/error.hpp"
#include "titrant/trial/outcome.hpp"
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
    for (const trial::Subject& subject : again.subjects) {
      if (subject.active()) continue;
      const std::vector<double> zero(biomarker.eta_count(), 0.0);
      const double typical = pkpd::individual_biomarker(biomarker, subject.covariates, zero).baseline;
      sum += std::log(subject.biomarkers.front().value / typical);
      count += 1.0;
    }
  }
  EXPECT_NEAR(sum / count, 0.0, 0.03);
}

namespace {

/// The endpoint of the embedded trial, and two others: one that no measured value answers, one of concentrations.
protocol::Endpoint control() { return trial::default_protocol().endpoints.front(); }

protocol::Endpoint latent() {
  protocol::Endpoint endpoint = control();
  endpoint.name = "latent";
  endpoint.values = protocol::Values::latent;
  return endpoint;
}

protocol::Endpoint exposed() {
  protocol::Endpoint endpoint = control();
  endpoint.name = "exposed";
  endpoint.of = protocol::Quantity::concentration;
  endpoint.limits = {.below = {}, .above = 1.0, .change_below = {}, .change_above = {}};
  return endpoint;
}

double share_within(const trial::Trial& trial, const pkpd::PopulationModel& pk, std::uint64_t seed) {
  double within = 0.0;
  double all = 0.0;
  for (const CheckBin& bin : predictive_checks({}, trial, pk, nullptr, {}, 100, seed).concentration) {
    for (std::size_t q = 0; q < check_quantiles.size(); ++q) {
      EXPECT_LE(bin.lower[q], bin.simulated[q]);
      EXPECT_LE(bin.simulated[q], bin.upper[q]);
      within += bin.lower[q] <= bin.observed[q] && bin.observed[q] <= bin.upper[q] ? 1.0 : 0.0;
      all += 1.0;
    }
  }
  return within / all;
}

}  // namespace

// Trials that the model itself makes lie within its 90 % intervals nine times in ten. Quantiles of one trial go
// together, so that the share of a trial has a standard deviation of about 0.1, and the mean of 40 trials one of 0.016;
// with 100 simulations the intervals themselves hold 0.89. Half the clearance is found out.
TEST(PredictiveChecks, HoldNineTimesInTenForTheTruthAndFailForAnotherModel) {
  const trial::Trial design = trial::synthetic_trial(7);
  const pkpd::PopulationModel truth = trial::default_population();
  pkpd::PopulationModel slow = truth;
  for (pkpd::ParameterModel& parameter : slow.parameters) {
    if (parameter.name == "clearance") parameter.typical *= 0.5;
  }
  constexpr std::size_t trials = 40;
  double of_truth = 0.0;
  double of_slow = 0.0;
  for (std::size_t number = 0; number < trials; ++number) {
    const trial::Trial trial = simulate_again(design, truth, nullptr, 5, number);
    of_truth += share_within(trial, truth, 100 + number) / trials;
    of_slow += share_within(trial, slow, 100 + number) / trials;
  }
  EXPECT_NEAR(of_truth, 0.89, 0.05);
  EXPECT_LT(of_slow, 0.6);
}

TEST(PredictiveChecks, CountSuccesses) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const pkpd::BiomarkerPopulation biomarker = trial::default_biomarker();
  const PredictiveChecks checks =
      predictive_checks({}, trial, trial::default_population(), &biomarker, {control(), latent(), exposed()}, 200, 3);
  std::vector<AttainmentCheck> expected;
  for (const protocol::Endpoint& endpoint : {control(), exposed()}) {
    for (const trial::ObservedAttainment& one : trial::attainment_by_dose(trial, endpoint)) {
      expected.push_back({.endpoint = endpoint.name, .dose = one.dose, .observed = one.successes, .count = one.count});
    }
  }
  ASSERT_EQ(checks.attainment.size(), expected.size()) << "latent values are observed in nobody";
  for (std::size_t g = 0; g < expected.size(); ++g) {
    const AttainmentCheck& check = checks.attainment[g];
    SCOPED_TRACE(check.endpoint + " at " + std::to_string(check.dose));
    EXPECT_EQ(check.endpoint, expected[g].endpoint);
    EXPECT_EQ(check.dose, expected[g].dose);
    EXPECT_EQ(check.count, expected[g].count);
    EXPECT_EQ(check.observed, expected[g].observed);
    EXPECT_LE(check.lower, expected[g].observed);  // the model is the truth
    EXPECT_GE(check.upper, expected[g].observed);
    for (const double bound : {check.lower, check.median, check.upper}) {
      EXPECT_EQ(bound, std::round(bound));  // so many subjects
    }
  }
  EXPECT_EQ(checks.attainment.front().upper, 0.0);  // nobody on placebo
  EXPECT_TRUE(checks.biomarker.size() > checks.concentration.size());
}

TEST(PredictiveChecks, WorkWithoutABiomarkerModel) {
  const PredictiveChecks checks = predictive_checks({}, trial::synthetic_trial(7), trial::default_population(), nullptr,
                                                    {control(), exposed()}, 10, 3);
  EXPECT_FALSE(checks.concentration.empty());
  EXPECT_TRUE(checks.biomarker.empty());
  ASSERT_FALSE(checks.attainment.empty());
  for (const AttainmentCheck& check : checks.attainment) EXPECT_EQ(check.endpoint, "exposed");
}

// With a limit above all concentrations of the lowest dose everything of it is censored, observed and simulated: 0
// stands for what is below, and there is nothing to disagree on.
TEST(PredictiveChecks, CountCensoredValuesAsBelowEverything) {
  trial::Trial trial = trial::synthetic_trial(7);
  for (trial::Subject& subject : trial.subjects) {
    for (trial::Observation& one : subject.concentrations) {
      one.limit = subject.dose == 1.0 ? 1e6 : 0.0;
      one.censored = one.value < one.limit;
      if (one.censored) one.value = one.limit;
    }
  }
  const PredictiveChecks checks = predictive_checks({}, trial, trial::default_population(), nullptr, {}, 20, 3);
  bool seen = false;
  for (const CheckBin& bin : checks.concentration) {
    if (bin.dose != 1.0) {
      EXPECT_GT(bin.observed[1], 0.0);
      continue;
    }
    seen = true;
    for (std::size_t q = 0; q < check_quantiles.size(); ++q) {
      EXPECT_EQ(bin.observed[q], 0.0);
      EXPECT_EQ(bin.upper[q], 0.0);
    }
  }
  EXPECT_TRUE(seen);
}

// Sampling times that differ between all subjects are pooled, into bins whose counts add up to all observations.
TEST(PredictiveChecks, PoolTimesThatAreNotNominal) {
  trial::Trial trial = trial::synthetic_trial(7);
  std::size_t observations = 0;
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    for (trial::Observation& one : trial.subjects[i].concentrations) {
      one.time += 0.001 * static_cast<double>(i);
      ++observations;
    }
  }
  const PredictiveChecks checks = predictive_checks({}, trial, trial::default_population(), nullptr, {}, 10, 3);
  EXPECT_LE(checks.concentration.size(), 3U * 20U);  // three active dose groups, 20 bins
  std::size_t counted = 0;
  for (const CheckBin& bin : checks.concentration) counted += bin.count;
  EXPECT_EQ(counted, observations);
}

TEST(SimulateAgain, NamesTheSubjectWithoutAPrediction) {
  trial::Trial trial = trial::synthetic_trial(7);
  for (pkpd::Dose& dose : trial.subjects[20].doses) dose.amount = std::numeric_limits<double>::max();
  try {
    simulate_again(trial, trial::default_population(), nullptr, 5, 0);
    FAIL() << "no error";
  } catch (const NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("subject " + trial.subjects[20].id), std::string::npos) << error.what();
  }
}

}  // namespace titrant::nlme
