#include "titrant/dose/scenario.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

struct Moments {
  double mean = 0.0;
  double sd = 0.0;
};

Moments weights(const Population& people, std::size_t count) {
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double weight = people.subject(i).covariates.at("body_weight");
    sum += weight;
    squares += weight * weight;
  }
  const double mean = sum / static_cast<double>(count);
  return {mean, std::sqrt(squares / static_cast<double>(count) - mean * mean)};
}

double density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI); }
double below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace

TEST(Population, SharesItsRandomNumbersBetweenScenarios) {
  const pkpd::PopulationModel model = simple_population();
  const PopulationModels models{&model, nullptr, {}};
  const VirtualSubject light = Population({50.0, 100.0, 1.0}, models, 3).subject(17);
  const VirtualSubject heavy = Population({70.0, 140.0, 0.0}, models, 3).subject(17);
  EXPECT_NEAR((light.covariates.at("body_weight") - 50.0) / 50.0, (heavy.covariates.at("body_weight") - 70.0) / 70.0,
              1e-12);
  EXPECT_EQ(light.covariates.at("comed"), 1.0);
  EXPECT_EQ(heavy.covariates.at("comed"), 0.0);
  const double factor = std::pow(heavy.covariates.at("body_weight") / light.covariates.at("body_weight"), 0.75);
  EXPECT_NEAR(heavy.individual.clearance / light.individual.clearance, factor, 1e-12);
}

// A biomarker model adds to a person and changes nothing: its random numbers are streams of their own.
TEST(Population, IsTheSameWithAndWithoutBiomarker) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  for (std::size_t i = 0; i < 20; ++i) {
    const VirtualSubject with = Population({}, {&pk, &biomarker, {}}, 5, 3).subject(i);
    const VirtualSubject without = Population({}, {&pk, nullptr, {}}, 5).subject(i);
    const VirtualSubject more_errors = Population({}, {&pk, &biomarker, {}}, 5, 4).subject(i);
    EXPECT_EQ(with.covariates, without.covariates);
    EXPECT_EQ(with.individual.clearance, without.individual.clearance);
    EXPECT_EQ(with.errors.size(), 3U);
    EXPECT_TRUE(std::equal(with.errors.begin(), with.errors.end(), more_errors.errors.begin()));
    EXPECT_EQ(with.biomarker.c50, more_errors.biomarker.c50);
  }
}

// log of the individual over the typical baseline is the eta: normal with sd 0.2, independent of that of c50 and of PK.
TEST(Population, DrawsTheBiomarkerOfThePopulation) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const Population people({}, {&pk, &biomarker, {}}, 6, 2);
  const std::size_t count = 20000;
  std::map<std::string, double> sums;
  for (std::size_t i = 0; i < count; ++i) {
    const VirtualSubject person = people.subject(i);
    const double typical = person.covariates.at("comed") == 1.0 ? 7.5 : 10.0;
    const double baseline = std::log(person.biomarker.baseline / typical) / 0.2;
    const double c50 = std::log(person.biomarker.c50) / 0.4;
    const double weight = person.covariates.at("body_weight");
    const double clearance = std::log(person.individual.clearance / (40.0 * std::pow(weight / 70.0, 0.75))) / 0.3;
    sums["baseline"] += baseline;
    sums["baseline^2"] += baseline * baseline;
    sums["baseline c50"] += baseline * c50;
    sums["baseline clearance"] += baseline * clearance;
    sums["error baseline"] += baseline * person.errors[0];
    sums["error error"] += person.errors[0] * person.errors[1];
    EXPECT_EQ(person.biomarker.loss_rate, 0.015);
    EXPECT_EQ(person.error.proportional, 0.1);
  }
  // Four standard errors: 1 / sqrt(n) of a mean or a correlation, sqrt(2 / n) of a mean square.
  const double four = 4.0 / std::sqrt(static_cast<double>(count));
  for (const char* zero : {"baseline", "baseline c50", "baseline clearance", "error baseline", "error error"}) {
    EXPECT_NEAR(sums[zero] / static_cast<double>(count), 0.0, four) << zero;
  }
  EXPECT_NEAR(sums["baseline^2"] / static_cast<double>(count), 1.0, four * std::sqrt(2.0));
}

// Mean and variance of the truncated normal distribution: Johnson, Kotz and Balakrishnan 1994, section 13.10.1.
TEST(Population, CutsTheNormalDistributionOff) {
  const pkpd::PopulationModel model = simple_population();
  ScenarioOptions scenario{60.0, 110.0, 0.5, BodyWeight::normal, 75.0, 15.0};
  const Population people(scenario, {&model, nullptr, {}}, 7);
  const double a = (60.0 - 75.0) / 15.0;
  const double b = (110.0 - 75.0) / 15.0;
  const double within = below(b) - below(a);
  const double shift = (density(a) - density(b)) / within;
  const double mean = 75.0 + 15.0 * shift;
  const double sd = 15.0 * std::sqrt(1.0 + (a * density(a) - b * density(b)) / within - shift * shift);
  const std::size_t count = 40000;
  const Moments found = weights(people, count);
  const double standard_error = sd / std::sqrt(static_cast<double>(count));
  EXPECT_NEAR(found.mean, mean, 4.0 * standard_error);
  EXPECT_NEAR(found.sd, sd, 4.0 * standard_error);  // that of an sd is at most that of the mean here
  for (std::size_t i = 0; i < 1000; ++i) {
    EXPECT_GE(people.subject(i).covariates.at("body_weight"), 60.0);
    EXPECT_LE(people.subject(i).covariates.at("body_weight"), 110.0);
  }
}

TEST(Population, ResamplesTheTrialWithinTheRange) {
  const pkpd::PopulationModel model = simple_population();
  const ScenarioOptions scenario{60.0, 90.0, 0.5, BodyWeight::trial};
  const Population people(scenario, {&model, nullptr, {90.0, 55.0, 61.0, 75.0, 99.0}}, 7);
  std::map<double, int> seen;
  for (std::size_t i = 0; i < 9000; ++i) ++seen[people.subject(i).covariates.at("body_weight")];
  ASSERT_EQ(seen.size(), 3U);
  for (const double weight : {61.0, 75.0, 90.0}) EXPECT_NEAR(seen[weight], 3000, 4 * std::sqrt(9000 * 2.0 / 9.0));
  EXPECT_THROW(Population({200.0, 300.0, 0.5, BodyWeight::trial}, {&model, nullptr, {90.0}}, 7), DataError);
}

// A trial without co-medication or weights: nobody has them, and nothing else changes.
TEST(Population, HasTheCovariatesOfTheTrialAlone) {
  pkpd::PopulationModel model = simple_population();
  for (pkpd::ParameterModel& parameter : model.parameters) parameter.effects.clear();
  PopulationModels models{&model, nullptr, {}};
  const Population both({}, models, 7);
  models.with_comed = models.with_body_weight = false;
  const Population none({}, models, 7);
  EXPECT_TRUE(none.subject(3).covariates.empty());
  EXPECT_EQ(both.subject(3).covariates.size(), 2U);
  EXPECT_EQ(none.subject(3).individual.clearance, both.subject(3).individual.clearance);
  model = simple_population();  // which depends on weight
  EXPECT_THROW(Population({}, models, 7), DataError);
}

TEST(Population, NamesCovariatesThatItCannotSupply) {
  const pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  biomarker.parameters[3].effects = {{"baseline_biomarker", pkpd::EffectKind::power, 0.5, 10.0}};
  try {
    const Population people({}, {&pk, &biomarker, {}}, 1);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("c50"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("baseline_biomarker"), std::string::npos);
  }
}

}  // namespace titrant::dose
