#include "titrant/nlme/random_effects.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "expect_gradient.hpp"
#include "stretches.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/approximation.hpp"
#include "titrant/nlme/estimate.hpp"
#include "titrant/nlme/objective.hpp"
#include "toy_trials.hpp"

/// \file
/// Correlated random effects and those of occasions. Reference: the normal distribution that a linear model has,
/// written out; differences.

namespace {

using titrant::nlme::Objective;
using titrant::nlme::OmegaBlock;
using titrant::nlme::Population;
using titrant::nlme::RandomEffects;
using titrant::parallel::Communicator;
using titrant::tests::correlated_population;
using titrant::tests::exact_objective;
using titrant::tests::Occasions;
using titrant::tests::Stretches;

const std::vector<double> sampling = {0.3, 0.8, 1.5, 2.5, 4.0, 6.0, 9.0};

titrant::nlme::Estimation estimated(const titrant::nlme::SubjectModel& model, const Population& initial) {
  titrant::nlme::EstimationOptions options;
  options.starts = 1;
  return titrant::nlme::estimate(Communicator{}, model, initial, options, 1);
}

/// A covariance of five etas: a block of three, apart from each other in size, and two alone.
Population five_etas() {
  Population population;
  for (std::size_t p = 0; p < 6; ++p) {
    titrant::nlme::Parameter parameter;
    parameter.name = std::string(1, static_cast<char>('a' + p));
    parameter.omega = p == 2 ? 0.0 : std::pow(10.0, static_cast<double>(p) - 3.0);
    parameter.occasion_omega = p == 1 || p == 2 ? 0.1 * static_cast<double>(p) : 0.0;
    population.parameters.push_back(parameter);
  }
  population.blocks = {{.parameters = {0, 3, 5}, .correlations = {0.6, -0.3, 0.4}}};
  return population;
}

TEST(RandomEffects, CoordinatesOfCorrelationsGoThereAndBack) {
  titrant::core::Stream stream(5, titrant::core::Purpose::test, 0);
  for (std::size_t members = 2; members <= 6; ++members) {
    std::vector<double> coordinates(members * (members - 1) / 2);
    for (double& one : coordinates) one = 1.5 * stream.normal();
    OmegaBlock block;
    for (std::size_t i = 0; i < members; ++i) block.parameters.push_back(i);
    block.correlations = titrant::nlme::correlations_of(coordinates, members);
    const std::vector<double> back = titrant::nlme::partial_coordinates(block);
    for (std::size_t k = 0; k < coordinates.size(); ++k) EXPECT_NEAR(back[k], coordinates[k], 1e-6);
    const Eigen::MatrixXd derivatives = titrant::nlme::correlation_derivatives(coordinates, members);
    for (std::size_t k = 0; k < coordinates.size(); ++k) {
      std::vector<double> above = coordinates;
      std::vector<double> below = coordinates;
      above[k] += 1e-5;
      below[k] -= 1e-5;
      const std::vector<double> high = titrant::nlme::correlations_of(above, members);
      const std::vector<double> low = titrant::nlme::correlations_of(below, members);
      for (std::size_t pair = 0; pair < high.size(); ++pair) {
        EXPECT_NEAR(derivatives(static_cast<Eigen::Index>(pair), static_cast<Eigen::Index>(k)),
                    (high[pair] - low[pair]) / 2e-5, 1e-9);
      }
    }
  }
}

TEST(RandomEffects, RefusesCorrelationsOfNoMatrix) {
  const OmegaBlock block{.parameters = {0, 1, 2}, .correlations = {0.9, 0.9, -0.9}};
  EXPECT_THROW(titrant::nlme::partial_coordinates(block), titrant::NumericalError);
}

TEST(RandomEffects, OmegaAndItsInverse) {
  const Population population = five_etas();
  const RandomEffects effects(population);
  ASSERT_EQ(effects.etas(0), 5U);
  ASSERT_EQ(effects.etas(3), 11U);
  const Eigen::MatrixXd covariance = effects.covariance(3);
  EXPECT_DOUBLE_EQ(covariance(0, 2), 0.6 * 1e-3 * 1.0);   // a and d
  EXPECT_DOUBLE_EQ(covariance(0, 4), -0.3 * 1e-3 * 100);  // a and f
  EXPECT_DOUBLE_EQ(covariance(2, 4), 0.4 * 1.0 * 100);    // d and f
  EXPECT_DOUBLE_EQ(covariance(1, 4), 0.0);
  EXPECT_DOUBLE_EQ(covariance(5, 5), 0.01);  // b and c of the first occasion
  EXPECT_DOUBLE_EQ(covariance(6, 6), 0.04);
  EXPECT_DOUBLE_EQ(covariance(10, 10), 0.04);
  const Eigen::MatrixXd product = covariance * Eigen::MatrixXd(effects.precision(3));
  const Eigen::VectorXd omega = covariance.diagonal().cwiseSqrt();  // entries differ by their units
  const Eigen::MatrixXd wrong =
      omega.cwiseInverse().asDiagonal() * (product - Eigen::MatrixXd::Identity(11, 11)) * omega.asDiagonal();
  EXPECT_LT(wrong.cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_NEAR(effects.log_determinant(3), std::log(covariance.determinant()), 1e-10);
}

TEST(RandomEffects, DerivativesOfOmega) {
  const Population population = five_etas();
  const titrant::nlme::Layout layout(population);
  const RandomEffects effects(population);
  const std::vector<double> x = layout.encode(population);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    if (!titrant::nlme::is_of_random_effects(layout.coordinates()[i].role)) continue;
    ++seen;
    std::vector<double> above = x;
    std::vector<double> below = x;
    above[i] += 1e-5;
    below[i] -= 1e-5;
    const RandomEffects high(layout.decode(above));
    const RandomEffects low(layout.decode(below));
    const std::size_t number = layout.coordinates()[i].number;
    // d Omega^-1 = -Omega^-1 dOmega Omega^-1, d log det Omega = tr(Omega^-1 dOmega); entries are scaled by omegas.
    const Eigen::MatrixXd difference = (Eigen::MatrixXd(high.precision(2)) - Eigen::MatrixXd(low.precision(2))) / 2e-5;
    const Eigen::VectorXd omega = Eigen::MatrixXd(effects.covariance(2)).diagonal().cwiseSqrt();
    const Eigen::MatrixXd wrong =
        omega.asDiagonal() * (difference + Eigen::MatrixXd(effects.change(number, 2))) * omega.asDiagonal();
    EXPECT_LT(wrong.cwiseAbs().maxCoeff(), 1e-8) << layout.coordinates()[i].name;
    EXPECT_NEAR(effects.trace(number, 2), (high.log_determinant(2) - low.log_determinant(2)) / 2e-5, 1e-8);
  }
  EXPECT_EQ(seen, effects.size());
  EXPECT_EQ(seen, 5U + 3U + 2U);
}

TEST(RandomEffects, LinearModelWithCorrelationIsExact) {
  for (const double correlation : {-0.95, -0.3, 0.0, 0.7}) {
    const Population population = correlated_population(correlation);
    titrant::tests::LogLinear linear;
    titrant::tests::simulate(linear, population, 20, sampling, 11);
    Stretches same({0});
    same.data = linear.data;
    Objective objective(Communicator{}, linear, population);
    const double value = objective.evaluate(objective.layout().encode(population)).value;
    const double exact = exact_objective(same, population, correlation);
    EXPECT_NEAR(value, exact, 1e-9 * std::abs(exact));
    EXPECT_NEAR(titrant::nlme::first_order_objective(linear, population), exact, 1e-9 * std::abs(exact));
  }
}

TEST(RandomEffects, LinearModelWithOccasionsIsExact) {
  Population population = correlated_population(0.4);
  population.parameters[0].occasion_omega = 0.3;
  population.parameters[1].occasion_omega = 0.05;
  const Occasions model(population, 3);
  Objective objective(Communicator{}, model, population);
  const double value = objective.evaluate(objective.layout().encode(population)).value;
  const double exact = exact_objective(model, population, 0.4);
  EXPECT_NEAR(value, exact, 1e-9 * std::abs(exact));
  EXPECT_NEAR(titrant::nlme::first_order_objective(model, population), exact, 1e-9 * std::abs(exact));
  ASSERT_EQ(objective.etas().front().size(), 2U + 3U * 2U);
}

TEST(RandomEffects, ObjectiveHasItsExactGradient) {
  Population population = correlated_population(-0.4);
  population.parameters[0].occasion_omega = 0.3;
  const Occasions model(population, 4);
  Objective linear(Communicator{}, model, population);
  titrant::tests::expect_gradient_by_differences(linear, linear.layout().encode(population), 1e-6);

  Population saturation = titrant::tests::saturation_population();
  saturation.parameters[2].omega = 0.15;
  saturation.blocks = {{.parameters = {0, 1, 2}, .correlations = {0.5, -0.2, 0.3}}};
  titrant::tests::Saturation curved;
  titrant::tests::simulate(curved, saturation, 12, sampling, 8);
  Objective objective(Communicator{}, curved, saturation);
  titrant::tests::expect_gradient_by_differences(objective, objective.layout().encode(saturation), 2e-6);
}

TEST(RandomEffects, EstimatesAreTheMaximumOfTheExactLikelihood) {
  // Data whose etas have a correlation of 0.8: the toy trial draws them apart, so b's is made of both here.
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, truth, 60, sampling, 21);
  for (std::size_t s = 0; s < model.data.size(); ++s) {
    titrant::core::Stream stream(99, titrant::core::Purpose::test, s);
    const double shared = stream.normal();
    for (std::size_t j = 0; j < sampling.size(); ++j) model.data[s].values[j] += shared * (0.3 + 0.2 * sampling[j]);
  }
  Population population = correlated_population(0.0);
  const titrant::nlme::Estimation fit = estimated(model, population);
  EXPECT_TRUE(fit.converged) << fit.message;
  Stretches same({0});
  same.data = model.data;
  const double estimate = fit.population.blocks[0].correlations[0];
  EXPECT_GT(estimate, 0.3);
  EXPECT_NEAR(fit.objective, exact_objective(same, fit.population, estimate), 1e-8 * std::abs(fit.objective));
  // A maximum in the correlation: the exact objective is higher on both sides, and its curvature gives the error.
  const auto at = [&](double correlation) { return exact_objective(same, fit.population, correlation); };
  EXPECT_NEAR((at(estimate + 1e-4) - at(estimate - 1e-4)) / 2e-4, 0.0, 1e-3);
  EXPECT_GT(at(estimate + 0.02), fit.objective);
  EXPECT_GT(at(estimate - 0.02), fit.objective);
  const titrant::nlme::Estimate* row = nullptr;
  for (const titrant::nlme::Estimate& one : fit.estimates) {
    if (one.name == "correlation.a.b") row = &one;
  }
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->value, estimate);
  EXPECT_LT(row->lower, estimate);
  EXPECT_GT(row->upper, estimate);
  EXPECT_LT(row->upper, 1.0);
  EXPECT_GT(row->standard_error, 0.01);
  // Without the correlation the likelihood is lower.
  const titrant::nlme::Estimation apart = estimated(model, truth);
  EXPECT_GT(apart.objective, fit.objective + 3.84);
}

TEST(RandomEffects, NamesTwoEffectsThatAreOne) {
  // Every subject has one eta that moves both parameters: their correlation is 1.
  const Population truth = titrant::tests::log_linear_population();
  Population still = truth;
  still.parameters[0].omega = still.parameters[1].omega = 0.0;
  still.errors[0].model.additive = 0.02;
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, still, 40, sampling, 31);
  for (std::size_t s = 0; s < model.data.size(); ++s) {
    const double shared = titrant::core::Stream(7, titrant::core::Purpose::test, s).normal();
    for (std::size_t j = 0; j < sampling.size(); ++j) model.data[s].values[j] += shared * (0.4 + 0.2 * sampling[j]);
  }
  const titrant::nlme::Estimation fit = estimated(model, correlated_population(0.0));
  EXPECT_FALSE(fit.identified);
  bool named = false;
  for (const std::string& line : fit.verdict) named = named || line.find("correlation.a.b at 1") != std::string::npos;
  EXPECT_TRUE(named) << fit.message;
  // The smaller block is named with its objective, which is that of a fit without the correlation.
  Population apart = correlated_population(0.0);
  apart.blocks.clear();
  const double expected = estimated(model, apart).objective;
  const std::string line =
      fmt::format("without b in its block the objective is {:.3f} ({:+.3f})", expected, expected - fit.objective);
  EXPECT_THAT(fit.verdict, testing::Contains(line));
}

}  // namespace
