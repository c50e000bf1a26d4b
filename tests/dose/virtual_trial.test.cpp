#include "titrant/dose/virtual_trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "examples.hpp"
#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/core/error.hpp"
#include "titrant/dose/outcomes.hpp"

namespace titrant::dose {

namespace {

ResolvedEndpoint latent() { return resolve(steady_below(3.3), {}, true); }

VirtualTrialOptions both_regimens(std::size_t subjects) {
  VirtualTrialOptions options;
  options.subjects = subjects;
  options.populations = {weights("all", 50.0, 140.0)};
  options.regimens = {every_day(0.5, 40.0, 0.5), every_week(5.0, 300.0, 5.0)};
  return options;
}

}  // namespace

TEST(VirtualTrial, EnrolsOverCovariatesRegimensAndDoses) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const VirtualTrial trial = virtual_trial({}, {&pk, &biomarker}, both_regimens(2000), latent(), 1, 0);
  ASSERT_EQ(trial.labelled.size(), 2000U);
  double comed = 0.0;
  double successes = 0.0;
  std::vector<double> relative;  // place of the dose in the log range of its grid
  std::set<std::size_t> subjects;
  for (std::size_t i = 0; i < 2000; ++i) {
    const classifier::Example& example = trial.labelled.examples[i];
    EXPECT_EQ(example.profile, &trial.profiles[i]);
    EXPECT_EQ(example.profile->course.interval, i % 2 == 0 ? 24.0 : 168.0);
    EXPECT_EQ(example.profile->curve.size(), i % 2 == 0 ? 64U : 128U);
    comed += example.profile->covariates.at("comed");
    successes += trial.labelled.labels[i];
    const double from = i % 2 == 0 ? 0.5 : 5.0;
    const double to = i % 2 == 0 ? 40.0 : 300.0;
    EXPECT_GE(example.dose, from);
    EXPECT_LE(example.dose, to);
    relative.push_back(std::log(example.dose / from) / std::log(to / from));
    subjects.insert(trial.labelled.group[i]);
  }
  EXPECT_EQ(subjects.size(), 2000U);
  EXPECT_NEAR(comed / 2000.0, 0.5, 4.0 * 0.5 / std::sqrt(2000.0));
  EXPECT_GT(successes / 2000.0, 0.2);
  EXPECT_LT(successes / 2000.0, 0.8);
  // Half of the doses are spread evenly, so every tenth of the range holds at least about a twentieth of all.
  for (int tenth = 0; tenth < 10; ++tenth) {
    const auto within = std::count_if(relative.begin(), relative.end(),
                                      [&](double place) { return place >= tenth * 0.1 && place <= (tenth + 1) * 0.1; });
    EXPECT_GT(within, 100 - 4 * 10) << tenth;
  }
}

// Doses are chosen without looking at a subject's own response. Among subjects who took about the same dose a day,
// hence, the share of successes must be that of a mechanistic cohort at that dose. A design that aimed at each
// subject's own minimum effective dose would show shares near one half everywhere.
TEST(VirtualTrial, KeepsTheShareOfSuccessesAtEveryDose) {
  pkpd::PopulationModel pk = simple_population();
  for (auto& parameter : pk.parameters)
    parameter.omega = 0.0;  // so that the dose near the boundary is the same for all
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  VirtualTrialOptions options = both_regimens(8000);
  options.regimens.pop_back();
  options.populations = {weights("alike", 70.0, 70.0, 0.0)};
  const VirtualTrial trial = virtual_trial({}, {&pk, &biomarker}, options, latent(), 2, 0);
  const Cohort cohort(options.populations[0], {&pk, &biomarker}, 99);
  const EndpointSet set(options.regimens[0], {latent()});
  std::vector<double> effective;
  for (std::size_t i = 0; i < 8000; ++i) {
    const VirtualSubject subject = cohort.subject(i);
    effective.push_back(Outcomes(subject, set).success_range(0).from);
  }
  for (const double dose : {1.0, 1.5, 2.0, 3.0, 5.0}) {
    double count = 0.0;
    double successes = 0.0;
    double expected = 0.0;
    for (std::size_t i = 0; i < trial.labelled.size(); ++i) {
      const double taken = trial.labelled.examples[i].dose;
      if (std::abs(std::log(taken / dose)) > 0.2) continue;
      count += 1.0;
      successes += trial.labelled.labels[i];
      expected += static_cast<double>(
                      std::count_if(effective.begin(), effective.end(), [&](double one) { return one <= taken; })) /
                  8000.0;
    }
    ASSERT_GT(count, 200.0);
    const double rate = expected / count;
    EXPECT_NEAR(successes / count, rate, 4.0 * std::sqrt(rate * (1.0 - rate) / count) + 0.02) << dose;
  }
}

// What a classifier learns from is the exposure of the window that the label is judged in.
TEST(VirtualTrial, ShowsTheExposureOfItsWindow) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  protocol::Endpoint of_first_day = steady_below(3.3);
  of_first_day.steady_state = false;
  of_first_day.to = 24.0;
  const ResolvedEndpoint endpoint = resolve(of_first_day, {}, true);
  const VirtualTrial first_day = virtual_trial({}, {&pk, &biomarker}, both_regimens(20), endpoint, 1, 0);
  const VirtualTrial steady = virtual_trial({}, {&pk, &biomarker}, both_regimens(20), latent(), 1, 0);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(first_day.profiles[i].curve.size(), 64U);
    EXPECT_EQ(first_day.profiles[i].covariates, steady.profiles[i].covariates);
    EXPECT_EQ(first_day.profiles[i].course.interval, steady.profiles[i].course.interval);
    if (i % 2 == 0) {
      EXPECT_LT(first_day.profiles[i].per_mg.average, steady.profiles[i].per_mg.average);
    } else {
      EXPECT_GT(first_day.profiles[i].per_mg.average, steady.profiles[i].per_mg.average);
    }
  }
}

// Subject i is of population (i / R) mod P; populations of the same subject differ by their definition alone.
TEST(VirtualTrial, TakesPopulationsInTurn) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  VirtualTrialOptions options = both_regimens(600);
  options.populations = {weights("light", 50.0, 60.0), weights("heavy", 90.0, 100.0),
                         rows_of("observed", {{{"weight", 70.0}, {"comed", 1.0}}})};
  const VirtualTrial trial = virtual_trial({}, {&pk, &biomarker}, options, latent(), 1, 0);
  for (std::size_t i = 0; i < 600; ++i) {
    const double weight = trial.profiles[i].covariates.at("weight");
    EXPECT_EQ(trial.profiles[i].course.interval, i % 2 == 0 ? 24.0 : 168.0);
    const std::size_t population = i / 2 % 3;
    if (population == 0) {
      EXPECT_LE(weight, 60.0);
    } else if (population == 1) {
      EXPECT_GE(weight, 90.0);
    } else {
      EXPECT_EQ(weight, 70.0);
    }
  }
}

// Doses per kg: profiles are per mg/kg, so that dose x profile is the exposure of dose x weight.
TEST(VirtualTrial, GivesAmountsByTheRegimen) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  VirtualTrialOptions options = both_regimens(40);
  options.regimens = {regimen_of("per_kg", 24.0, {0.05, 0.1, 0.5})};
  options.regimens[0].per = "weight";
  options.points = 64;
  const VirtualTrial trial = virtual_trial({}, {&pk, &biomarker}, options, latent(), 1, 0);
  for (const classifier::Profile& profile : trial.profiles) {
    const double per_mg = 1000.0 / (profile.individual.clearance * 24.0);
    EXPECT_NEAR(profile.per_mg.average / (per_mg * profile.covariates.at("weight")), 1.0, 1e-12);
    EXPECT_EQ(profile.curve.size(), 64U);
  }
}

// A window of concentrations has a boundary at each end: half of the doses lie around one of them, both being tried.
TEST(VirtualTrial, TriesBothEndsOfAWindow) {
  pkpd::PopulationModel pk = simple_population();
  for (auto& parameter : pk.parameters) parameter.omega = 0.0;
  VirtualTrialOptions options = both_regimens(4000);
  options.populations = {weights("alike", 70.0, 70.0, 0.0)};
  options.regimens = {regimen_of("wide", 24.0, {1e-6, 1e6})};
  const ResolvedEndpoint window = resolve(concentration("window", 1e5, 1e-3), {}, true);
  const VirtualTrial trial = virtual_trial({}, {&pk, nullptr}, options, window, 1, 0);
  const Cohort cohort(options.populations[0], {&pk, nullptr}, 1);
  const VirtualSubject subject = cohort.subject(0);
  const EndpointSet set(options.regimens[0], {window});
  const DoseRange range = Outcomes(subject, set).success_range(0);
  double near_from = 0.0;
  double near_to = 0.0;
  for (std::size_t i = 0; i < trial.labelled.size(); ++i) {
    const double dose = trial.labelled.examples[i].dose;
    near_from += std::abs(std::log(dose / range.from)) < 1.5 ? 1.0 : 0.0;
    near_to += std::abs(std::log(dose / range.to)) < 1.5 ? 1.0 : 0.0;
    EXPECT_EQ(trial.labelled.labels[i], range.holds(dose) ? 1 : 0);
  }
  // A quarter of all is aimed at each end, 95 % of these within two sd; evenly spread doses add 3 / 27.6 of the half.
  const double expected = 4000.0 * (0.25 * 0.9545 + 0.5 * 3.0 / (12.0 * std::log(10.0)));
  EXPECT_NEAR(near_from, expected, 4.0 * std::sqrt(expected));
  EXPECT_NEAR(near_to, expected, 4.0 * std::sqrt(expected));
}

TEST(VirtualTrial, IsNumberedByReplicate) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const PopulationModels models{&pk, &biomarker};
  const VirtualTrial first = virtual_trial({}, models, both_regimens(100), latent(), 1, 3);
  const VirtualTrial again = virtual_trial({}, models, both_regimens(60), latent(), 1, 3);
  const VirtualTrial other = virtual_trial({}, models, both_regimens(60), latent(), 1, 4);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(first.labelled.examples[i].dose, again.labelled.examples[i].dose);
    EXPECT_EQ(first.profiles[i].curve, again.profiles[i].curve);
    if (first.labelled.examples[i].dose == other.labelled.examples[i].dose) ++equal;
    if (first.profiles[i].curve == other.profiles[i].curve) ++equal;
  }
  EXPECT_EQ(equal, 0U);
}

TEST(VirtualTrial, NeedsAModelOfTheBiomarker) {
  const pkpd::PopulationModel pk = simple_population();
  EXPECT_THROW(virtual_trial({}, {&pk, nullptr}, both_regimens(10), latent(), 1, 0), ConfigError);
}

}  // namespace titrant::dose
