#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "real_data.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/trial/nonmem.hpp"

/// \file
/// Fits of trials with intravenous doses, infusions, and both routes.

namespace titrant::nlme {

namespace {

using pkpd::Dose;
using pkpd::DoseInto;

/// Thirty subjects of one compartment (ka 0.8 1/h, CL 5 L/h, V 50 L; omega 0.2 each) with 5 % error.
trial::Trial simulated(const std::vector<Dose>& doses) {
  trial::Trial trial;
  trial.source = "simulated";
  for (std::uint64_t number = 0; number < 30; ++number) {
    core::Stream stream(5, core::Purpose::test, number);
    pkpd::Individual individual{.absorption_rate = 0.8 * std::exp(0.2 * stream.normal()),
                                .clearance = 5.0 * std::exp(0.2 * stream.normal()),
                                .volume = 50.0 * std::exp(0.2 * stream.normal())};
    trial::Subject& subject = trial.subjects.emplace_back();
    subject.id = std::to_string(number + 1);
    subject.doses = doses;
    subject.dose = doses.front().amount;
    const std::vector<double> times = {0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 23.9, 25.0, 28.0, 36.0, 47.0};
    const std::vector<double> c = pkpd::concentration(individual, doses, times);
    for (std::size_t j = 0; j < times.size(); ++j) {
      subject.concentrations.push_back({.time = times[j], .value = c[j] * (1.0 + 0.05 * stream.normal())});
    }
  }
  return trial;
}

PkOptions simple() {
  PkOptions options;
  options.structure = StructureChoice::one_compartment;
  options.error = ErrorKind::proportional;
  options.covariates.clear();
  options.starts = 1;
  return options;
}

/// Name -> estimate of all typical values.
std::map<std::string, double> typical_of(const PopulationFit& fit) {
  std::map<std::string, double> values;
  for (const Parameter& one : fit.population.parameters) values[one.name] = one.typical;
  return values;
}

}  // namespace

TEST(RouteFit, WithoutAbsorptionThereIsNoAbsorptionRate) {
  const Dose bolus{.amount = 100.0, .interval = 24.0, .additional = 1, .into = DoseInto::central};
  Dose infusion = bolus;
  infusion.rate = 50.0;
  for (const Dose& dose : {bolus, infusion}) {
    const PkFit fit = fit_pk({}, simulated({dose}), simple(), 1);
    const auto typical = typical_of(fit.best);
    EXPECT_TRUE(fit.best.converged);
    EXPECT_EQ(typical.size(), 2U);
    EXPECT_NEAR(typical.at("clearance"), 5.0, 0.5);
    EXPECT_NEAR(typical.at("volume"), 50.0, 5.0);
    EXPECT_NEAR(fit.best.population.errors.front().model.proportional, 0.05, 0.01);
    EXPECT_THAT(fit.best.verdict, testing::Each(testing::Not(testing::HasSubstr("flip-flop"))));
  }
}

// Both routes in one subject tell absorption and disposition apart.
TEST(RouteFit, BothRoutesTogether) {
  const std::vector<Dose> doses = {{.amount = 100.0},
                                   {.time = 24.0, .amount = 60.0, .rate = 60.0, .into = DoseInto::central}};
  const PkFit fit = fit_pk({}, simulated(doses), simple(), 1);
  const auto typical = typical_of(fit.best);
  EXPECT_TRUE(fit.best.converged);
  EXPECT_NEAR(typical.at("absorption_rate"), 0.8, 0.1);
  EXPECT_NEAR(typical.at("clearance"), 5.0, 0.5);
  EXPECT_NEAR(typical.at("volume"), 50.0, 5.0);
}

TEST(RouteFit, ValuesForAnAbsorptionThatIsNotThereAreRefused) {
  const trial::Trial trial = simulated({{.amount = 100.0, .into = DoseInto::central}});
  const auto refusal = [&](const PkOptions& options) -> std::string {
    try {
      fit_pk({}, trial, options, 1);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  PkOptions lag = simple();
  lag.lag = true;
  EXPECT_EQ(
      refusal(lag),
      "pk.lag: no dose of this trial is absorbed: all enter the central compartment (data.route); expected false");
  PkOptions fixed = simple();
  fixed.fixed = {{"absorption_rate", 1.0}};
  EXPECT_THAT(refusal(fixed), testing::HasSubstr("pk.fixed: absorption_rate: no dose of this trial is absorbed"));
}

// Published: CL 3.9 L/h, V 67 L, objective 20058.47 (nlmixr2, FOCEI; public/README.md of the data).
TEST(RouteFit, BolusesOfAPublishedTrial) {
  const std::filesystem::path file = tests::real_data("public/Bolus_1CPT.csv");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  trial::NonmemFormat format;
  format.units = {.amount = "ug", .concentration = "ug/L"};
  format.covariates = {};
  format.where = {"SD == 1"};
  const trial::Trial trial = trial::read_nonmem(file, format);
  const PkFit fit = fit_pk({}, trial, simple(), 1);
  EXPECT_NEAR(fit.best.objective, 20058.47, 0.1);
  EXPECT_NEAR(typical_of(fit.best).at("clearance"), 3.9, 0.1);
  EXPECT_NEAR(typical_of(fit.best).at("volume"), 67.0, 2.0);
}

// Grasela and Donn (1985), as NONMEM fits it: objective 586.276, CL 0.0047 L/h/kg, V 0.984 L/kg, 1.159 times as much
// where the Apgar score is below 5.
TEST(RouteFit, PhenobarbitalInNeonates) {
  const std::filesystem::path file = tests::real_data("public/pheno_sd.csv");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  trial::NonmemFormat format;
  format.units.concentration = "mg/L";
  format.route = trial::Route::intravenous;
  format.covariates = {{"weight", "WT", {}, {}}, {"apgar", "APGR", {}, {}}};
  trial::Trial trial = trial::read_nonmem(file, format);
  for (trial::Subject& subject : trial.subjects) {
    subject.changes.clear();  // the same weight throughout
    subject.covariates["low_apgar"] = subject.covariates.at("apgar") < 5.0 ? 1.0 : 0.0;
  }
  PkOptions options = simple();
  options.variability = {"clearance", "volume"};
  options.covariates = {{"clearance", {{"weight", 1.0}}},
                        {"volume", {{"weight", 1.0}, {"low_apgar", pkpd::EffectKind::categorical}}}};
  options.meaning.reference["weight"] = 1.0;
  options.meaning.categorical = {"low_apgar"};
  const PkFit fit = fit_pk({}, trial, options, 1);
  EXPECT_NEAR(fit.best.objective, 586.276, 1e-3);
  const auto typical = typical_of(fit.best);
  EXPECT_NEAR(typical.at("clearance"), 0.0047, 1e-4);
  EXPECT_NEAR(typical.at("volume"), 0.984, 0.01);
}

}  // namespace titrant::nlme
