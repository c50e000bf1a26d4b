#include "titrant/pkpd/population.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

namespace {

PopulationModel model() {
  PopulationModel result;
  result.parameters = {
      {.name = "absorption_rate", .typical = 0.8, .effects = {}},
      {.name = "clearance",
       .typical = 40.0,
       .omega = 0.3,
       .effects = {{.covariate = "body_weight", .kind = EffectKind::power, .coefficient = 0.75, .reference = 70.0},
                   {.covariate = "comed", .kind = EffectKind::categorical, .coefficient = -0.25, .reference = 0.0}}},
      {.name = "volume",
       .typical = 400.0,
       .omega = 0.2,
       .effects = {{.covariate = "body_weight", .kind = EffectKind::power, .coefficient = 1.0, .reference = 70.0}}}};
  return result;
}

constexpr std::array<double, 2> no_etas = {0.0, 0.0};

}  // namespace

TEST(Population, TypicalPersonHasTypicalValues) {
  const Individual person = individual(model(), {{"body_weight", 70.0}, {"comed", 0.0}}, no_etas);
  EXPECT_EQ(person.absorption_rate, 0.8);
  EXPECT_EQ(person.clearance, 40.0);
  EXPECT_EQ(person.volume, 400.0);
}

TEST(Population, ClearanceGrowsAllometrically) {
  // Twice the weight: 2^0.75 of the clearance, twice the volume.
  const Individual person = individual(model(), {{"body_weight", 140.0}, {"comed", 0.0}}, no_etas);
  EXPECT_NEAR(person.clearance / 40.0, 1.6817928305074290, 1e-15);
  EXPECT_DOUBLE_EQ(person.volume, 800.0);
}

TEST(Population, ComedicationMultiplies) {
  EXPECT_DOUBLE_EQ(individual(model(), {{"body_weight", 70.0}, {"comed", 1.0}}, no_etas).clearance, 30.0);
}

TEST(Population, EtasActOnTheLogScaleInOrder) {
  const std::array<double, 2> etas = {0.5, -0.2};
  const Individual person = individual(model(), {{"body_weight", 70.0}, {"comed", 0.0}}, etas);
  EXPECT_EQ(person.absorption_rate, 0.8);
  EXPECT_DOUBLE_EQ(person.clearance, 40.0 * std::exp(0.5));
  EXPECT_DOUBLE_EQ(person.volume, 400.0 * std::exp(-0.2));
}

// Moments of a log-normal: E = typical exp(omega^2 / 2), CV^2 = exp(omega^2) - 1. With 40,000 people the standard error
// of the mean is 0.15 %, that of the coefficient of variation 0.4 %.
TEST(Population, VariabilityIsLogNormal) {
  constexpr int people = 40000;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < people; ++i) {
    core::Stream stream(1, core::Purpose::test, static_cast<std::uint64_t>(i));
    const std::vector<double> etas = draw_etas(model(), stream);
    ASSERT_EQ(etas.size(), 2U);
    const double clearance = individual(model(), {{"body_weight", 70.0}, {"comed", 0.0}}, etas).clearance;
    sum += clearance;
    squares += clearance * clearance;
  }
  const double mean = sum / people;
  const double cv = std::sqrt(squares / people - mean * mean) / mean;
  EXPECT_NEAR(mean / (40.0 * std::exp(0.045)), 1.0, 0.006);
  EXPECT_NEAR(cv / std::sqrt(std::expm1(0.09)), 1.0, 0.016);
}

TEST(Population, DrawsOneNormalPerVariableParameter) {
  core::Stream stream(7, core::Purpose::test, 3);
  core::Stream same(7, core::Purpose::test, 3);
  const std::vector<double> etas = draw_etas(model(), stream);
  EXPECT_EQ(etas[0], 0.3 * same.normal());
  EXPECT_EQ(etas[1], 0.2 * same.normal());
}

// Sample moments of 40,000 subjects; the standard error of a correlation is (1 - r^2) / sqrt(n).
TEST(Population, CorrelatedEtasHaveTheirCovariance) {
  PopulationModel correlated = model();
  std::vector<std::string> varying;
  for (const ParameterModel& one : correlated.parameters) {
    if (one.omega > 0.0) varying.push_back(one.name);
  }
  ASSERT_EQ(varying.size(), 2U);
  correlated.correlations = {{varying[1], varying[0], 0.8}};
  constexpr int subjects = 40000;
  double first = 0.0;
  double second = 0.0;
  double both = 0.0;
  for (int i = 0; i < subjects; ++i) {
    core::Stream stream(2, core::Purpose::test, static_cast<std::uint64_t>(i));
    const std::vector<double> etas = draw_etas(correlated, stream);
    first += etas[0] * etas[0] / subjects;
    second += etas[1] * etas[1] / subjects;
    both += etas[0] * etas[1] / subjects;
  }
  EXPECT_NEAR(std::sqrt(first), 0.3, 0.3 * 0.015);
  EXPECT_NEAR(std::sqrt(second), 0.2, 0.2 * 0.015);
  EXPECT_NEAR(both / std::sqrt(first * second), 0.8, 4.0 * 0.36 / std::sqrt(subjects));

  correlated.correlations = {{varying[1], varying[0], 1.2}};
  core::Stream stream(2, core::Purpose::test, 0);
  EXPECT_THROW(draw_etas(correlated, stream), NumericalError);
  correlated.correlations = {{varying[1], "lag", 0.1}};
  EXPECT_THROW(draw_etas(correlated, stream), ConfigError);
}

TEST(Population, KappasMoveTheirParametersOnAnOccasion) {
  PopulationModel varies = model();
  varies.parameters[1].occasion_omega = 0.1;
  const Covariates covariates = {{"body_weight", 70.0}, {"comed", 0.0}};
  const std::vector<double> etas = {0.5, -0.2};
  const std::vector<double> kappas = {0.25};
  EXPECT_EQ(varies.kappa_count(), 1U);
  const Individual always = individual(varies, covariates, etas);
  const Individual once = individual(varies, covariates, etas, kappas);
  const auto which = static_cast<PkParameter>(
      std::find(pk_parameter_names.begin(), pk_parameter_names.end(), varies.parameters[1].name) -
      pk_parameter_names.begin());
  EXPECT_NEAR(parameter(once, which) / parameter(always, which), std::exp(0.25), 1e-15);
}

TEST(Population, EffectsFollowTheirFormulas) {
  const auto value = [](const CovariateEffect& effect, double covariate) {
    return individual_value({"ic50", 1.0, 0.0, {effect}}, {{"x", covariate}}, 0.0);
  };
  EXPECT_DOUBLE_EQ(value({"x", EffectKind::power, -2.0, 10.0}, 5.0), 4.0);
  EXPECT_DOUBLE_EQ(value({"x", EffectKind::exponential, 0.1, 10.0}, 5.0), std::exp(-0.5));
  EXPECT_EQ(value({"x", EffectKind::categorical, 0.5, 2.0}, 2.0), 1.0);
  EXPECT_DOUBLE_EQ(value({"x", EffectKind::categorical, 0.5, 2.0}, 3.0), 1.5);
  EXPECT_THROW(value({"x", EffectKind::power, 0.75, 70.0}, -1.0), NumericalError);
  EXPECT_THROW(value({"x", EffectKind::power, 0.75, 70.0}, 0.0), NumericalError);
  EXPECT_THROW(value({"x", EffectKind::exponential, 1e3, 0.0}, 1.0), NumericalError);
}

// On the logit scale effects add up where the odds are logarithms, and the value stays between its bounds.
TEST(Population, LogitParametersStayInTheirRange) {
  ParameterModel effect{"imax", 0.9, 0.5, {{"x", EffectKind::categorical, 1.0, 0.0}}, {Scale::Kind::logit, 0.0, 1.0}};
  EXPECT_NEAR(individual_value(effect, {{"x", 0.0}}, 0.0), 0.9, 1e-15);
  EXPECT_NEAR(individual_value(effect, {{"x", 1.0}}, 0.0), 18.0 / 19.0, 1e-15);  // odds 9 doubled
  EXPECT_LE(individual_value(effect, {{"x", 0.0}}, 30.0), 1.0);
  for (const double natural : {0.2, 0.5, 0.99}) {
    EXPECT_NEAR(effect.scale.natural(effect.scale.transform(natural)), natural, 1e-15);
    const double x = effect.scale.transform(natural);
    const double slope = (effect.scale.natural(x + 1e-5) - effect.scale.natural(x - 1e-5)) / 2e-5;
    EXPECT_NEAR(effect.scale.natural_derivative(x), slope, 1e-9);
  }
}

TEST(Population, FaultsNameTheirCause) {
  try {
    individual(model(), {{"body_weight", 70.0}}, no_etas);
    FAIL() << "comed is missing";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("comed"));
  }
  PopulationModel unknown = model();
  unknown.parameters[0].name = "absorbtion_rate";
  EXPECT_THROW(individual(unknown, {{"body_weight", 70.0}, {"comed", 0.0}}, no_etas), ConfigError);
}

TEST(Individual, ParametersGoByTheirOrder) {
  Individual person;
  for (std::size_t p = 0; p < pk_parameter_count; ++p) {
    parameter(person, static_cast<PkParameter>(p)) = static_cast<double>(p) + 1.0;
  }
  EXPECT_EQ(person.absorption_rate, 1.0);
  EXPECT_EQ(person.clearance, 2.0);
  EXPECT_EQ(person.volume, 3.0);
  EXPECT_EQ(person.intercompartmental_clearance, 4.0);
  EXPECT_EQ(person.peripheral_volume, 5.0);
  EXPECT_EQ(person.second_intercompartmental_clearance, 6.0);
  EXPECT_EQ(person.second_peripheral_volume, 7.0);
  EXPECT_EQ(person.lag, 8.0);
  EXPECT_EQ(parameter(std::as_const(person), PkParameter::volume), 3.0);
}

TEST(ErrorModel, AddsVariances) { EXPECT_DOUBLE_EQ((ErrorModel{0.3, 0.2}.variance(2.0)), 0.09 + 0.16); }

}  // namespace titrant::pkpd
