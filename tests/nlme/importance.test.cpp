#include "titrant/nlme/importance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "stretches.hpp"
#include "titrant/nlme/objective.hpp"
#include "toy_trials.hpp"

/// \file
/// Likelihoods by importance sampling. References: the normal distribution that a linear model has; the integral over
/// one eta by the trapezoidal rule, which converges faster than any power of its step for such integrands.

namespace {

using titrant::nlme::importance_sampled;
using titrant::nlme::ImportanceOptions;
using titrant::nlme::ImportanceSampled;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

/// One eta on the rate of an exponential, few and noisy values: posteriors far from normal.
Population one_rate() {
  return {.parameters = {{.name = "k", .units = "1/h", .scale = {}, .typical = 0.3, .omega = 1.0, .effects = {}}},
          .errors = {{.model = {.additive = 1.5, .proportional = 0.3}}}};
}

/// -2 log of the integral over eta of one subject, without its part of n log(2 pi).
double integrated(const titrant::tests::MonoExponential& model, const Population& population, std::size_t subject) {
  const titrant::nlme::Parameter& rate = population.parameters[0];
  const std::vector<double>& observed = model.data[subject].values;
  std::vector<double> value(observed.size());
  std::vector<double> gradient(observed.size());
  constexpr double step = 0.005;
  double sum = 0.0;
  for (double eta = -10.0 * rate.omega; eta <= 10.0 * rate.omega; eta += step) {
    const std::vector<double> parameters = {rate.typical * std::exp(eta)};
    model.predict(subject, parameters, value, gradient);
    double exponent = -0.5 * eta * eta / (rate.omega * rate.omega);
    for (std::size_t j = 0; j < observed.size(); ++j) {
      const double variance = population.errors[0].model.variance(value[j]);
      exponent -= 0.5 * (std::pow(observed[j] - value[j], 2) / variance + std::log(variance));
    }
    sum += step * std::exp(exponent);
  }
  return -2.0 * std::log(sum / (rate.omega * std::sqrt(2.0 * std::numbers::pi)));
}

class OneRate : public testing::Test {
 protected:
  OneRate() { titrant::tests::simulate(model, population, 20, {1.0, 5.0}, 17); }
  ImportanceSampled sampled(std::size_t pairs, std::uint64_t seed) const {
    return importance_sampled(Communicator{}, model, population, {.pairs = pairs}, seed);
  }
  double exact() const {
    double total = 0.0;
    for (std::size_t subject = 0; subject < model.subjects(); ++subject)
      total += integrated(model, population, subject);
    return total;
  }

  Population population = one_rate();
  titrant::tests::MonoExponential model{10.0};
};

TEST(Importance, LinearModelIsExactFromFewDraws) {
  Population population = titrant::tests::correlated_population(0.4);
  population.parameters[0].occasion_omega = 0.3;
  population.parameters[1].occasion_omega = 0.05;
  const titrant::tests::Occasions model(population, 3);
  const double exact = titrant::tests::exact_objective(model, population, 0.4);
  const ImportanceSampled sampled = importance_sampled(Communicator{}, model, population, {.pairs = 50}, 1);
  // Only rounding is left: the control variate is the posterior itself.
  EXPECT_NEAR(sampled.value, exact, 1e-9 * std::abs(exact));
  EXPECT_LT(sampled.standard_error, 1e-6);
  EXPECT_TRUE(sampled.poorly_sampled.empty());
}

TEST_F(OneRate, AgreesWithTheIntegral) {
  const ImportanceSampled sampled_here = sampled(1500, 1);
  const double reference = exact();
  EXPECT_NEAR(sampled_here.value, reference, 4.0 * sampled_here.standard_error);
  EXPECT_LT(sampled_here.standard_error, 0.1);
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    EXPECT_NEAR(sampled_here.subject_values[subject], integrated(model, population, subject),
                4.5 * sampled_here.subject_errors[subject] + 1e-9)
        << subject;
  }
  // Laplace's approximation is not that: what the sampling is for.
  titrant::nlme::Objective objective(Communicator{}, model, population);
  const double approximate = objective.evaluate(objective.layout().encode(population)).value;
  EXPECT_GT(std::abs(approximate - reference), 10.0 * sampled_here.standard_error);
}

TEST_F(OneRate, ItsStandardErrorIsTheSpreadOverSeeds) {
  constexpr int seeds = 50;
  const double reference = exact();
  double squares = 0.0;
  double sum = 0.0;
  double variance = 0.0;
  for (int seed = 0; seed < seeds; ++seed) {
    const ImportanceSampled one = sampled(200, static_cast<std::uint64_t>(100 + seed));
    sum += one.value - reference;
    squares += std::pow(one.value - reference, 2);
    variance += one.standard_error * one.standard_error / seeds;
  }
  // Sum of squares over variance is chi-square of 50 degrees of freedom: 0.001 and 0.999 quantiles.
  EXPECT_GT(squares / variance, 24.7);
  EXPECT_LT(squares / variance, 86.7);
  EXPECT_LT(std::abs(sum / seeds), 4.0 * std::sqrt(variance / seeds));
}

TEST_F(OneRate, ErrorFallsWithTheRootOfTheDraws) {
  const double few = sampled(400, 5).standard_error;
  const double many = sampled(6400, 5).standard_error;
  EXPECT_NEAR(few / many, 4.0, 1.0);  // errors from 400 pairs are themselves known to some 10 %
}

TEST_F(OneRate, CensoredValuesEnterByTheirProbability) {
  class Censored : public titrant::tests::MonoExponential {
   public:
    Censored() : MonoExponential(10.0) {}
    std::span<const unsigned char> censored(std::size_t /*subject*/) const override { return flags; }
    std::vector<unsigned char> flags = {0, 1};
  } limited;
  limited.data = model.data;
  constexpr double limit = 2.0;
  for (titrant::tests::ToySubject& subject : limited.data) subject.values[1] = limit;
  const ImportanceSampled sampled_here = importance_sampled(Communicator{}, limited, population, {}, 3);
  double total = 0.0;
  for (const titrant::tests::ToySubject& subject : limited.data) {
    double sum = 0.0;
    constexpr double step = 0.005;
    for (double eta = -10.0; eta <= 10.0; eta += step) {
      const double rate = 0.3 * std::exp(eta);
      const double early = 10.0 * std::exp(-rate);
      const double late = 10.0 * std::exp(-5.0 * rate);
      const double early_variance = population.errors[0].model.variance(early);
      const double late_deviation = std::sqrt(population.errors[0].model.variance(late));
      const double below = 0.5 * std::erfc((late - limit) / late_deviation / std::numbers::sqrt2);
      sum += step * std::exp(-0.5 * (eta * eta + std::pow(subject.values[0] - early, 2) / early_variance)) * below /
             std::sqrt(2.0 * std::numbers::pi * early_variance);
    }
    total -= 2.0 * std::log(sum);
  }
  EXPECT_NEAR(sampled_here.value, total, 4.0 * sampled_here.standard_error);
  EXPECT_LT(sampled_here.standard_error, 0.1);
}

// f = log(c)^2 has two modes, c and 1/c, of which the proposal knows one: draws that fall on the other weigh much more.
// Of the second subject the other mode is too far away for any draw.
TEST(Importance, NamesASubjectWhoseDrawsMissItsPosterior) {
  Population population{
      .parameters = {{.name = "c", .units = "1", .scale = {}, .typical = 1.01, .omega = 3.0, .effects = {}}},
      .errors = {{.model = {.additive = 0.03, .proportional = 0.0}}}};
  titrant::tests::SquaredLog model;
  model.data = {{.times = {1.0}, .values = {0.05}, .covariates = {}},
                {.times = {1.0}, .values = {9.0}, .covariates = {}}};
  const ImportanceSampled sampled = importance_sampled(Communicator{}, model, population, {}, 1);
  ASSERT_EQ(sampled.poorly_sampled.size(), 1U);
  EXPECT_EQ(sampled.least_effective, 0U);
  EXPECT_LT(sampled.effective_share[0], 0.05);
  EXPECT_THAT(sampled.poorly_sampled[0], testing::HasSubstr("subject 0 at 1"));
  EXPECT_GT(sampled.effective_share[1], 0.5);
}

TEST(Importance, WithoutEtasIsTheLikelihoodItself) {
  Population population = titrant::tests::log_linear_population();
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, population, 5, {1.0, 2.0, 3.0}, 4);
  for (auto& parameter : population.parameters) parameter.omega = 0.0;
  titrant::nlme::Objective objective(Communicator{}, model, population);
  const ImportanceSampled sampled = importance_sampled(Communicator{}, model, population, {}, 1);
  EXPECT_EQ(sampled.value, objective.evaluate(objective.layout().encode(population)).value);
  EXPECT_EQ(sampled.standard_error, 0.0);
}

}  // namespace
