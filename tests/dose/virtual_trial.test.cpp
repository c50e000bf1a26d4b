#include "titrant/dose/virtual_trial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/core/error.hpp"
#include "titrant/dose/critical_dose.hpp"
#include "titrant/dose/options.hpp"

namespace titrant::dose {

namespace {

Criterion latent_criterion() {
  Criterion criterion;
  criterion.label = Label::latent;
  criterion.window = Window::steady_state;
  return criterion;
}

VirtualTrialOptions both_regimens(std::size_t subjects) {
  VirtualTrialOptions options;
  options.subjects = subjects;
  options.regimens = {{daily, GridOptions{0.5, 40.0, 0.5}.values()}, {weekly, GridOptions{5.0, 300.0, 5.0}.values()}};
  return options;
}

}  // namespace

TEST(VirtualTrial, EnrolsOverWeightsRegimensAndDoses) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const VirtualTrial trial = virtual_trial({}, {&pk, &biomarker, {}}, both_regimens(2000), latent_criterion(), 1, 0);
  ASSERT_EQ(trial.labelled.size(), 2000U);
  double comed = 0.0;
  double successes = 0.0;
  std::vector<double> relative;  // place of the dose in the log range of its grid
  std::set<std::size_t> persons;
  for (std::size_t i = 0; i < 2000; ++i) {
    const classifier::Example& example = trial.labelled.examples[i];
    EXPECT_EQ(example.profile, &trial.profiles[i]);
    EXPECT_EQ(example.profile->interval, i % 2 == 0 ? 24.0 : 168.0);
    EXPECT_EQ(example.profile->curve.size(), i % 2 == 0 ? 64U : 128U);
    comed += example.profile->covariates.at("comed");
    successes += trial.labelled.labels[i];
    const double from = i % 2 == 0 ? 0.5 : 5.0;
    const double to = i % 2 == 0 ? 40.0 : 300.0;
    EXPECT_GE(example.dose, from);
    EXPECT_LE(example.dose, to);
    relative.push_back(std::log(example.dose / from) / std::log(to / from));
    persons.insert(trial.labelled.group[i]);
  }
  EXPECT_EQ(persons.size(), 2000U);
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

// Doses are chosen without looking at a person's own response. Among people who took about the same daily dose, hence,
// the share of successes must be the pass rate of the mechanistic cohort at that dose. A design that aimed at each
// person's own critical dose would show shares near one half everywhere.
TEST(VirtualTrial, KeepsTheShareOfSuccessesAtEveryDose) {
  pkpd::PopulationModel pk = simple_population();
  for (auto& parameter : pk.parameters)
    parameter.omega = 0.0;  // so that the dose near the boundary is the same for all
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  VirtualTrialOptions options = both_regimens(8000);
  options.regimens.pop_back();
  options.comed = 0.0;
  options.body_weight_from = options.body_weight_to = 70.0;
  const VirtualTrial trial = virtual_trial({}, {&pk, &biomarker, {}}, options, latent_criterion(), 2, 0);
  const Population people({70.0, 70.0, 0.0}, {&pk, &biomarker, {}}, 99);
  const Questions questions(24.0, {latent_criterion()});
  std::vector<double> critical;
  for (std::size_t i = 0; i < 8000; ++i) {
    const VirtualSubject person = people.subject(i);
    critical.push_back(Outcomes(person, questions).critical_dose(0));
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
                      std::count_if(critical.begin(), critical.end(), [&](double one) { return one <= taken; })) /
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
  Criterion criterion = latent_criterion();
  criterion.window = Window::day_21;
  criterion.from = 0.0;
  criterion.to = 24.0;
  const VirtualTrial first_day = virtual_trial({}, {&pk, &biomarker, {}}, both_regimens(20), criterion, 1, 0);
  const VirtualTrial steady = virtual_trial({}, {&pk, &biomarker, {}}, both_regimens(20), latent_criterion(), 1, 0);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(first_day.profiles[i].curve.size(), 64U);
    EXPECT_EQ(first_day.profiles[i].covariates, steady.profiles[i].covariates);
    EXPECT_EQ(first_day.profiles[i].interval, steady.profiles[i].interval);
    if (i % 2 == 0) {
      EXPECT_LT(first_day.profiles[i].per_mg.average, steady.profiles[i].per_mg.average);
    } else {
      EXPECT_GT(first_day.profiles[i].per_mg.average, steady.profiles[i].per_mg.average);
    }
  }
}

TEST(VirtualTrial, IsNumberedByReplicate) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const PopulationModels models{&pk, &biomarker, {}};
  const VirtualTrial first = virtual_trial({}, models, both_regimens(100), latent_criterion(), 1, 3);
  const VirtualTrial again = virtual_trial({}, models, both_regimens(60), latent_criterion(), 1, 3);
  const VirtualTrial other = virtual_trial({}, models, both_regimens(60), latent_criterion(), 1, 4);
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
  EXPECT_THROW(virtual_trial({}, {&pk, nullptr, {}}, both_regimens(10), latent_criterion(), 1, 0), ConfigError);
}

}  // namespace titrant::dose
