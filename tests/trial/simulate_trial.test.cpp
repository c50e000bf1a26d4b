// The generator: what it depends on, its design, and its statistics against the model that it was given.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "same_trial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/trial/synthetic.hpp"

using titrant::pkpd::BiomarkerPopulation;
using titrant::pkpd::EffectKind;
using titrant::tests::expect_same;
using titrant::trial::default_biomarker;
using titrant::trial::default_design;
using titrant::trial::default_population;
using titrant::trial::simulate_trial;
using titrant::trial::Subject;
using titrant::trial::Trial;
using titrant::trial::TrialDesign;

namespace {

struct Moments {
  double mean = 0.0;
  double deviation = 0.0;
};

Moments moments(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Moments result;
  for (const double value : values) result.mean += value / n;
  for (const double value : values) result.deviation += (value - result.mean) * (value - result.mean) / (n - 1.0);
  result.deviation = std::sqrt(result.deviation);
  return result;
}

/// Expects the moments of a normal sample within four standard errors (a chance of 1 in 16,000 to fail each).
void expect_normal(const std::vector<double>& values, double mean, double deviation) {
  const auto n = static_cast<double>(values.size());
  const Moments found = moments(values);
  EXPECT_NEAR(found.mean, mean, 4.0 * deviation / std::sqrt(n));
  EXPECT_NEAR(found.deviation, deviation, 4.0 * deviation / std::sqrt(2.0 * n));
}

}  // namespace

TEST(SimulateTrial, DependsOnTheSeedAndItsArgumentsAlone) {
  const auto simulate = [](std::uint64_t seed) {
    return simulate_trial(default_design(), default_population(), default_biomarker(), seed);
  };
  expect_same(simulate(7), simulate(7));
  const Trial one = simulate(7);
  const Trial other = simulate(8);
  EXPECT_NE(one.subjects[0].biomarkers[0].value, other.subjects[0].biomarkers[0].value);
  EXPECT_NE(one.subjects[20].concentrations[0].value, other.subjects[20].concentrations[0].value);
}

// Each subject and each part of it has its own stream, so more subjects or times do not change the others.
TEST(SimulateTrial, PartsDoNotDisturbEachOther) {
  TrialDesign design = default_design();
  const Trial full = simulate_trial(design, default_population(), default_biomarker(), 7);
  design.concentration_times = {1.0};
  const Trial sparse = simulate_trial(design, default_population(), default_biomarker(), 7);
  for (std::size_t i = 0; i < full.subjects.size(); ++i) {
    expect_same(full.subjects[i].biomarkers, sparse.subjects[i].biomarkers);
    if (full.subjects[i].active()) {
      EXPECT_EQ(full.subjects[i].concentrations[0].value, sparse.subjects[i].concentrations[0].value);
    }
  }
}

TEST(SimulateTrial, FollowsItsDesign) {
  TrialDesign design;
  design.dose_groups = {0.0, 4.0};
  design.subjects_per_group = 6;
  design.half = "comed";
  design.interval = 168.0;
  design.doses = 3;
  design.concentration_times = {5.0, 400.0};
  design.biomarker_times = {0.0, 10.0, 500.0};
  design.weight_from = 70.0;
  design.weight_to = 71.0;
  const Trial trial = simulate_trial(design, default_population(), default_biomarker(), 1);
  ASSERT_EQ(trial.subjects.size(), 12U);
  std::map<double, int> with_comed;
  for (const Subject& subject : trial.subjects) {
    EXPECT_EQ(subject.biomarkers.size(), 3U);
    EXPECT_EQ(subject.concentrations.size(), subject.active() ? 2U : 0U);
    EXPECT_EQ(subject.doses.size(), subject.active() ? 3U : 0U);
    if (subject.active()) {
      EXPECT_EQ(subject.doses[2].time, 336.0);
      EXPECT_EQ(subject.doses[2].amount, 4.0);
    }
    const double weight = subject.covariates.at("weight");
    EXPECT_TRUE(weight == 70.0 || weight == 71.0);
    if (subject.covariates.at("comed") == 1.0) ++with_comed[subject.dose];
  }
  EXPECT_EQ(with_comed, (std::map<double, int>{{0.0, 3}, {4.0, 3}}));
}

// One compartment, one dose, fixed parameters: C(t) = D ka / (V (ka - ke)) (exp(-ke t) - exp(-ka t)).
TEST(SimulateTrial, ConcentrationsScatterAroundTheModelAsItsErrorSays) {
  TrialDesign design;
  design.dose_groups = {10.0};
  design.subjects_per_group = 4000;
  design.doses = 1;
  design.half = "comed";
  design.concentration_times = {6.0};
  titrant::pkpd::PopulationModel population;
  population.parameters = {{"absorption_rate", 0.5, 0.0, {}}, {"clearance", 10.0, 0.0, {}}, {"volume", 100.0, 0.0, {}}};
  population.error = {3.0, 0.1};
  const Trial trial = simulate_trial(design, population, default_biomarker(), 1);
  const double expected = 1000.0 * 10.0 * 0.5 / (100.0 * 0.4) * (std::exp(-0.6) - std::exp(-3.0));
  std::vector<double> values;
  for (const Subject& subject : trial.subjects) values.push_back(subject.concentrations[0].value);
  // Six standard deviations above zero: nothing was drawn again.
  expect_normal(values, expected, std::sqrt(9.0 + 0.01 * expected * expected));
}

TEST(SimulateTrial, HasNoCovariateOfHalfTheSubjectsWhereNoneIsNamed) {
  TrialDesign design;
  design.dose_groups = {0.0};
  BiomarkerPopulation without_covariates = default_biomarker();
  for (auto& parameter : without_covariates.parameters) parameter.effects.clear();
  const Trial trial = simulate_trial(design, default_population(), without_covariates, 1);
  for (const Subject& subject : trial.subjects) EXPECT_EQ(subject.covariates.size(), 1U);
}

TEST(SimulateTrial, EtasAreNormalWithTheirOmegas) {
  TrialDesign design;
  design.dose_groups = {0.0};
  design.subjects_per_group = 4000;
  design.half = "comed";
  design.biomarker_times = {0.0};
  BiomarkerPopulation biomarker;
  biomarker.parameters = {{"baseline", 10.0, 0.3, {{"comed", EffectKind::categorical, -0.2, 0.0}}}};
  const Trial trial = simulate_trial(design, default_population(), biomarker, 1);
  std::vector<double> with_comed;
  std::vector<double> without;
  for (const Subject& subject : trial.subjects) {
    (subject.covariates.at("comed") == 1.0 ? with_comed : without).push_back(std::log(subject.biomarkers[0].value));
  }
  EXPECT_EQ(with_comed.size(), without.size());
  expect_normal(without, std::log(10.0), 0.3);
  expect_normal(with_comed, std::log(8.0), 0.3);
}

TEST(SimulateTrial, BodyWeightIsUniformInWholeKilograms) {
  TrialDesign design;
  design.dose_groups = {0.0};
  design.subjects_per_group = 5000;
  design.half = "comed";
  const Trial trial = simulate_trial(design, default_population(), default_biomarker(), 1);
  std::map<double, int> counts;
  for (const Subject& subject : trial.subjects) ++counts[subject.covariates.at("weight")];
  EXPECT_EQ(counts.begin()->first, 50.0);
  EXPECT_EQ(counts.rbegin()->first, 100.0);
  // Rounding halves the share of the two ends.
  double chi_squared = 0.0;
  for (const auto& [weight, count] : counts) {
    const double expected = weight == 50.0 || weight == 100.0 ? 50.0 : 100.0;
    EXPECT_EQ(weight, std::floor(weight));
    chi_squared += (count - expected) * (count - expected) / expected;
  }
  EXPECT_LT(chi_squared, 90.0);  // 50 degrees of freedom: 86.7 is the 99.9 % quantile
}

TEST(SimulateTrial, ValuesArePositiveWithSixDigitsHoweverLargeTheError) {
  TrialDesign design = default_design();
  auto population = default_population();
  population.error = {50.0, 0.0};
  BiomarkerPopulation biomarker = default_biomarker();
  biomarker.error = {50.0, 0.0};
  for (const Subject& subject : simulate_trial(design, population, biomarker, 1).subjects) {
    for (const auto* kind : {&subject.concentrations, &subject.biomarkers}) {
      for (const auto& one : *kind) {
        EXPECT_GT(one.value, 0.0);
        const double scale = std::pow(10.0, 5.0 - std::floor(std::log10(one.value)));
        // A whole number of units of the sixth digit, to the rounding of the scale.
        EXPECT_NEAR(one.value * scale, std::round(one.value * scale), 1e-8);
      }
    }
  }
}
