#include "titrant/dose/cohort.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "examples.hpp"
#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

double correlation(const Cohort& cohort, const std::string& a, const std::string& b, std::size_t count) {
  double sum_a = 0.0, sum_b = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const pkpd::Covariates values = cohort.subject(i).covariates;
    const double x = values.at(a);
    const double y = values.at(b);
    sum_a += x;
    sum_b += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const double n = static_cast<double>(count);
  return (ab / n - sum_a * sum_b / n / n) /
         std::sqrt((aa / n - std::pow(sum_a / n, 2)) * (bb / n - std::pow(sum_b / n, 2)));
}

std::string fault(const VirtualPopulation& population, const PopulationModels& models) {
  try {
    const Cohort cohort(population, models, 1);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Cohort, SharesItsRandomNumbersBetweenPopulations) {
  const pkpd::PopulationModel model = simple_population();
  const PopulationModels models{&model, nullptr};
  const VirtualPopulation first = weights("light", 50.0, 100.0, 1.0);
  const VirtualPopulation second = weights("heavy", 70.0, 140.0, 0.0);
  const VirtualSubject light = Cohort(first, models, 3).subject(17);
  const VirtualSubject heavy = Cohort(second, models, 3).subject(17);
  EXPECT_NEAR((light.covariates.at("weight") - 50.0) / 50.0, (heavy.covariates.at("weight") - 70.0) / 70.0, 1e-12);
  EXPECT_EQ(light.covariates.at("comed"), 1.0);
  EXPECT_EQ(heavy.covariates.at("comed"), 0.0);
  const double factor = std::pow(heavy.covariates.at("weight") / light.covariates.at("weight"), 0.75);
  EXPECT_NEAR(heavy.individual.clearance / light.individual.clearance, factor, 1e-12);
}

// Each covariate, random effect and kind of error has random numbers of its own: whatever is added, and wherever, all
// others keep their bits.
TEST(Cohort, AddingANameChangesNobodyElsesNumbers) {
  pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const VirtualPopulation before =
      population_of("base", {{"weight", normal(75.0, 12.0)}, {"comed", share(0.5)}, {"height", normal(170.0, 9.0)}});
  VirtualPopulation after = population_of("base", {{"age", uniform(18.0, 80.0)},
                                                   {"weight", normal(75.0, 12.0)},
                                                   {"sex", share(0.5)},
                                                   {"comed", share(0.5)},
                                                   {"height", normal(170.0, 9.0)}});
  VirtualPopulation correlated = before;
  correlated.definition.correlations = {{"weight", "height", 0.6}};
  VirtualPopulation correlated_after = after;
  correlated_after.definition.correlations = correlated.definition.correlations;
  const PopulationModels models{&pk, &biomarker};
  pkpd::PopulationModel more_pk = pk;
  more_pk.parameters[0].omega = 0.5;  // the first of all parameters
  pkpd::BiomarkerPopulation more_biomarker = biomarker;
  more_biomarker.parameters[1].omega = 0.5;
  const PopulationModels more{&more_pk, &more_biomarker};
  for (std::size_t i = 0; i < 50; ++i) {
    const VirtualSubject old = Cohort(before, models, 5, {3, 2}).subject(i);
    for (const VirtualPopulation* population : std::vector<const VirtualPopulation*>{&before, &after}) {
      for (const PopulationModels* which : {&models, &more}) {
        const VirtualSubject fresh = Cohort(*population, *which, 5, {4, 5}).subject(i);
        for (const char* name : {"weight", "comed", "height"}) {
          EXPECT_EQ(fresh.covariates.at(name), old.covariates.at(name)) << name;
        }
        EXPECT_EQ(fresh.individual.clearance, old.individual.clearance);
        EXPECT_EQ(fresh.individual.volume, old.individual.volume);
        EXPECT_EQ(fresh.biomarker.baseline, old.biomarker.baseline);
        EXPECT_EQ(fresh.biomarker.ic50, old.biomarker.ic50);
        EXPECT_TRUE(
            std::equal(old.biomarker_errors.begin(), old.biomarker_errors.end(), fresh.biomarker_errors.begin()));
        EXPECT_TRUE(std::equal(old.concentration_errors.begin(), old.concentration_errors.end(),
                               fresh.concentration_errors.begin()));
        EXPECT_EQ(fresh.individual.absorption_rate != old.individual.absorption_rate, which == &more);
      }
    }
    const pkpd::Covariates some = Cohort(correlated, models, 5).subject(i).covariates;
    const pkpd::Covariates all = Cohort(correlated_after, models, 5).subject(i).covariates;
    for (const auto& [name, value] : some) EXPECT_EQ(all.at(name), value) << name;
    EXPECT_EQ(some.at("weight"), old.covariates.at("weight"));  // the first of two correlated ones
    EXPECT_NE(some.at("height"), old.covariates.at("height"));
  }
}

// Of a joint fit with a correlation between PK and biomarker: 4 standard errors of a correlation of 20,000 subjects.
// The exposures stay those without it, to the bit.
TEST(Cohort, EtasOfPkAndBiomarkerHaveTheirCorrelation) {
  const pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation apart = simple_biomarker();
  pkpd::BiomarkerPopulation together = apart;
  together.pk_correlations = {{"clearance", "ic50", 0.6}};
  const VirtualPopulation population = weights("base", 70.0, 70.0 + 1e-9);
  const Cohort independent(population, {&pk, &apart}, 5);
  const Cohort cohort(population, {&pk, &together}, 5);
  constexpr std::size_t count = 20000;
  std::array<std::array<double, 3>, 3> products{};  // of log clearance, log ic50, log baseline about their typical ones
  const auto etas = [&](const VirtualSubject& one) {
    return std::array{
        std::log(one.individual.clearance / pk.parameters[1].typical), std::log(one.biomarker.ic50),
        std::log(one.biomarker.baseline / 10.0) - (one.covariates.at("comed") == 1.0 ? std::log(0.75) : 0.0)};
  };
  ASSERT_EQ(pk.parameters[1].name, "clearance");
  for (std::size_t i = 0; i < count; ++i) {
    const VirtualSubject one = cohort.subject(i);
    const std::array<double, 3> own = etas(one);
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) products[a][b] += own[a] * own[b] / static_cast<double>(count);
    }
    if (i % 100 != 0) continue;
    EXPECT_EQ(one.individual.clearance, independent.subject(i).individual.clearance);
    EXPECT_EQ(one.biomarker.baseline, independent.subject(i).biomarker.baseline);
  }
  const auto correlation_of = [&](std::size_t a, std::size_t b) {
    return products[a][b] / std::sqrt(products[a][a] * products[b][b]);
  };
  const double error = 4.0 / std::sqrt(static_cast<double>(count));
  EXPECT_NEAR(correlation_of(0, 1), 0.6, error * (1.0 - 0.36));
  EXPECT_NEAR(correlation_of(0, 2), 0.0, error);
  EXPECT_NEAR(correlation_of(1, 2), 0.0, error);
  EXPECT_NEAR(std::sqrt(products[1][1]), 0.4, 0.4 * error);
}

// A biomarker model adds to a subject and changes nothing.
TEST(Cohort, IsTheSameWithAndWithoutBiomarker) {
  const pkpd::PopulationModel pk = simple_population();
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const VirtualPopulation population = weights("base", 50.0, 100.0);
  for (std::size_t i = 0; i < 20; ++i) {
    const VirtualSubject with = Cohort(population, {&pk, &biomarker}, 5, {.biomarker = 3}).subject(i);
    const VirtualSubject without = Cohort(population, {&pk, nullptr}, 5).subject(i);
    EXPECT_EQ(with.covariates, without.covariates);
    EXPECT_EQ(with.individual.clearance, without.individual.clearance);
    EXPECT_EQ(with.biomarker_errors.size(), 3U);
    EXPECT_TRUE(with.concentration_errors.empty());
  }
}

// log of the individual over the typical baseline is the eta: normal with sd 0.2, independent of all else.
TEST(Cohort, DrawsTheModelsOfThePopulation) {
  pkpd::PopulationModel pk = simple_population();
  pk.error = {0.3, 0.2};
  const pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const VirtualPopulation population = weights("base", 50.0, 100.0);
  const Cohort cohort(population, {&pk, &biomarker}, 6, {2, 1});
  const std::size_t count = 20000;
  std::map<std::string, double> sums;
  for (std::size_t i = 0; i < count; ++i) {
    const VirtualSubject subject = cohort.subject(i);
    const double typical = subject.covariates.at("comed") == 1.0 ? 7.5 : 10.0;
    const double baseline = std::log(subject.biomarker.baseline / typical) / 0.2;
    const double ic50 = std::log(subject.biomarker.ic50) / 0.4;
    const double weight = subject.covariates.at("weight");
    const double clearance = std::log(subject.individual.clearance / (40.0 * std::pow(weight / 70.0, 0.75))) / 0.3;
    sums["baseline"] += baseline;
    sums["baseline^2"] += baseline * baseline;
    sums["baseline ic50"] += baseline * ic50;
    sums["baseline clearance"] += baseline * clearance;
    sums["error baseline"] += baseline * subject.biomarker_errors[0];
    sums["error error"] += subject.biomarker_errors[0] * subject.biomarker_errors[1];
    sums["error of both"] += subject.biomarker_errors[0] * subject.concentration_errors[0];
    EXPECT_EQ(subject.biomarker.kout, 0.015);
    EXPECT_EQ(subject.biomarker_error.proportional, 0.1);
    EXPECT_EQ(subject.concentration_error.proportional, 0.2);
  }
  // Four standard errors: 1 / sqrt(n) of a mean or a correlation, sqrt(2 / n) of a mean square.
  const double four = 4.0 / std::sqrt(static_cast<double>(count));
  for (const auto& [name, sum] : sums) {
    if (name != "baseline^2") {
      EXPECT_NEAR(sum / static_cast<double>(count), 0.0, four) << name;
    }
  }
  EXPECT_NEAR(sums["baseline^2"] / static_cast<double>(count), 1.0, four * std::sqrt(2.0));
}

// The factor of a subject's own error is exp(eta), eta of the model's standard deviation; all other numbers stay.
TEST(Cohort, DrawsTheErrorOfEachSubject) {
  pkpd::PopulationModel pk = simple_population();
  pk.error = {0.3, 0.2};
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  const pkpd::PopulationModel same_pk = pk;
  const pkpd::BiomarkerPopulation same_biomarker = biomarker;
  pk.error.omega = 0.5;
  biomarker.error.omega = 0.3;
  const VirtualPopulation population = weights("base", 50.0, 100.0);
  const Cohort varying(population, {&pk, &biomarker}, 6, {2, 1});
  const Cohort same(population, {&same_pk, &same_biomarker}, 6, {2, 1});
  const std::size_t count = 20000;
  double squares[2] = {0.0, 0.0};
  double product = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const VirtualSubject own = varying.subject(i);
    const double concentration = std::log(own.concentration_error.proportional / 0.2) / 0.5;
    const double of_biomarker = std::log(own.biomarker_error.proportional / 0.1) / 0.3;
    squares[0] += concentration * concentration;
    squares[1] += of_biomarker * of_biomarker;
    product += concentration * of_biomarker;
    if (i >= 20) continue;
    const VirtualSubject other = same.subject(i);
    EXPECT_NEAR(own.concentration_error.additive / 0.3, own.concentration_error.proportional / 0.2, 1e-12);
    EXPECT_EQ(own.individual.clearance, other.individual.clearance);
    EXPECT_EQ(own.biomarker.baseline, other.biomarker.baseline);
    EXPECT_EQ(own.biomarker_errors, other.biomarker_errors);
    EXPECT_EQ(own.concentration_errors, other.concentration_errors);
  }
  const double four = 4.0 / std::sqrt(static_cast<double>(count));
  for (const double sum : squares) EXPECT_NEAR(sum / static_cast<double>(count), 1.0, four * std::sqrt(2.0));
  EXPECT_NEAR(product / static_cast<double>(count), 0.0, four);
}

// Etas of a block correlate as in the fit, and each keeps its standard deviation.
TEST(Cohort, CorrelatesRandomEffects) {
  const pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  biomarker.correlations = {{"baseline", "ic50", -0.7}};
  const VirtualPopulation population = weights("base", 50.0, 100.0);
  const Cohort cohort(population, {&pk, &biomarker}, 6);
  double products = 0.0;
  double squares = 0.0;
  const std::size_t count = 20000;
  for (std::size_t i = 0; i < count; ++i) {
    const VirtualSubject subject = cohort.subject(i);
    const double typical = subject.covariates.at("comed") == 1.0 ? 7.5 : 10.0;
    const double ic50 = std::log(subject.biomarker.ic50) / 0.4;
    products += std::log(subject.biomarker.baseline / typical) / 0.2 * ic50;
    squares += ic50 * ic50;
  }
  const double four = 4.0 / std::sqrt(static_cast<double>(count));
  EXPECT_NEAR(products / static_cast<double>(count), -0.7, four * std::sqrt(1.0 + 0.49));
  EXPECT_NEAR(squares / static_cast<double>(count), 1.0, four * std::sqrt(2.0));
}

// Normal covariates whose scores correlate by 0.6 and -0.3 do so themselves; sd of a correlation about 1 / sqrt(n).
TEST(Cohort, CorrelatesNormalScores) {
  const pkpd::PopulationModel pk = simple_population();
  VirtualPopulation population = population_of(
      "base", {{"weight", normal(75.0, 12.0)}, {"height", normal(170.0, 9.0)}, {"age", normal(40.0, 10.0)}});
  population.definition.correlations = {{"weight", "height", 0.6}, {"age", "height", -0.3}};
  const Cohort cohort(population, {&pk, nullptr}, 6);
  const std::size_t count = 20000;
  const double four = 4.0 / std::sqrt(static_cast<double>(count));
  EXPECT_NEAR(correlation(cohort, "weight", "height", count), 0.6, four);
  EXPECT_NEAR(correlation(cohort, "age", "height", count), -0.3, four);
  EXPECT_NEAR(correlation(cohort, "age", "weight", count), 0.0, four);
  population.definition.correlations.push_back({"age", "weight", 0.99});
  EXPECT_THROW(Cohort(population, {&pk, nullptr}, 6), ConfigError);
}

// Whole rows: what occurs together stays together. Each of three rows is a third of the subjects.
TEST(Cohort, ResamplesWholeRows) {
  const pkpd::PopulationModel pk = simple_population();
  const VirtualPopulation population =
      rows_of("observed",
              {{{"weight", 61.0}, {"sex", 0.0}}, {{"weight", 75.0}, {"sex", 1.0}}, {{"weight", 90.0}, {"sex", 2.0}}});
  const Cohort cohort(population, {&pk, nullptr}, 7);
  std::map<double, int> seen;
  for (std::size_t i = 0; i < 9000; ++i) {
    const pkpd::Covariates covariates = cohort.subject(i).covariates;
    ++seen[covariates.at("weight")];
    EXPECT_EQ(covariates.at("sex"),
              covariates.at("weight") == 61.0 ? 0.0 : (covariates.at("weight") == 75.0 ? 1.0 : 2.0));
  }
  ASSERT_EQ(seen.size(), 3U);
  for (const auto& [weight, count] : seen) EXPECT_NEAR(count, 3000, 4 * std::sqrt(9000 * 2.0 / 9.0)) << weight;
}

TEST(Cohort, NamesCovariatesThatAreNotSupplied) {
  const pkpd::PopulationModel pk = simple_population();
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  biomarker.parameters[3].effects = {{"renal", pkpd::EffectKind::power, 0.5, 10.0}};
  EXPECT_EQ(fault(weights("base", 50.0, 100.0), {&pk, &biomarker}),
            "populations.base: ic50 depends on the covariate renal, which the population does not supply; write "
            "populations.base.renal: {uniform: [FROM, TO]}");
  VirtualPopulation rows = rows_of("observed", {{{"weight", 61.0}}, {{"weight", std::nan("")}}});
  EXPECT_EQ(fault(rows, {&pk, nullptr}),
            "populations.observed: clearance depends on the covariate weight, which row 2 of its 2 from the trial has "
            "no value of; leave such rows out by populations.observed.where, or write populations.observed.weight: "
            "{uniform: [FROM, TO]} in place of `from`");
  rows.rows.clear();
  rows.definition.where = "weight > 300";
  EXPECT_EQ(fault(rows, {&pk, nullptr}),
            "populations.observed: no subject of the trial meets 'weight > 300'; widen populations.observed.where");
  rows.definition.source = protocol::Population::Source::file;
  rows.definition.file = "people.csv";
  rows.definition.where.clear();
  EXPECT_EQ(fault(rows, {&pk, nullptr}), "populations.observed: there is no row of people.csv to resample");
}

TEST(Cohort, NamesCovariatesThatDosesNeed) {
  const VirtualPopulation population = weights("base", 50.0, 100.0);
  protocol::Regimen regimen = every_day(1.0, 2.0, 1.0);
  regimen.per = "weight";
  EXPECT_NO_THROW(require_supplied(population, regimen));
  regimen.bands.covariate = "age";
  try {
    require_supplied(population, regimen);
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("the dose of the regimen daily depends on the covariate age"),
              std::string::npos);
  }
}

// The two names are a collision of FNV-1a of 32 bits, found by trying.
TEST(Cohort, RefusesTwoNamesOfOneKey) {
  const pkpd::PopulationModel pk = simple_population();
  ASSERT_EQ(core::name_key("covariate:erwpgp"), core::name_key("covariate:weavca"));
  const VirtualPopulation population =
      population_of("base", {{"weight", uniform(50.0, 100.0)}, {"erwpgp", share(0.5)}, {"weavca", share(0.5)}});
  EXPECT_THROW(Cohort(population, {&pk, nullptr}, 1), ConfigError);
}

TEST(PerUnitDose, ScalesConcentrations) {
  const pkpd::PopulationModel pk = simple_population();
  const VirtualPopulation population = weights("base", 50.0, 100.0);
  const VirtualSubject subject = Cohort(population, {&pk, nullptr}, 1).subject(0);
  protocol::Regimen regimen = every_day(0.1, 0.5, 0.1);
  EXPECT_EQ(per_unit_dose(subject, regimen).concentration_scale, subject.individual.concentration_scale);
  regimen.per = "weight";
  EXPECT_EQ(per_unit_dose(subject, regimen).concentration_scale,
            subject.individual.concentration_scale * subject.covariates.at("weight"));
}

}  // namespace titrant::dose
