#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "expect_gradient.hpp"
#include "linear_marginal.hpp"
#include "stretches.hpp"
#include "titrant/nlme/diagnostics.hpp"
#include "titrant/nlme/estimate.hpp"
#include "titrant/nlme/importance.hpp"
#include "titrant/nlme/saem.hpp"
#include "toy_trials.hpp"

/// \file
/// Residual errors that vary between subjects. Reference: with the factor of the error held, a linear model has a
/// normal likelihood; the integral over the one factor of a subject is taken by the trapezoidal rule, which for such
/// integrands converges faster than any power of its step.

namespace {

using titrant::nlme::Estimation;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

const std::vector<double> ten_times = {0.3, 0.8, 1.5, 2.5, 3.3, 4.0, 5.0, 6.0, 7.5, 9.0};

Population varying_error(double omega) {
  Population population = titrant::tests::log_linear_population();
  population.errors[0].model.omega = omega;
  return population;
}

/// -2 log L without n log(2 pi), subject by subject.
std::vector<double> integrated_over_factors(const titrant::tests::LogLinear& model, const Population& population) {
  const double omega = population.errors[0].model.omega;
  std::vector<double> values;
  for (const titrant::tests::ToySubject& subject : model.data) {
    titrant::tests::LogLinear alone;
    alone.data = {subject};
    constexpr double step = 0.1;  // of z, in standard deviations
    std::vector<double> exponents;
    for (double z = -8.0; z <= 8.0; z += step) {
      Population held = population;
      held.errors[0].model = population.errors[0].model.of_subject(omega * z);
      exponents.push_back(-0.5 * (titrant::tests::exact_linear_objective(alone, held) + z * z));
    }
    const double largest = *std::max_element(exponents.begin(), exponents.end());
    double sum = 0.0;
    for (const double one : exponents) sum += std::exp(one - largest);
    values.push_back(-2.0 * (largest + std::log(sum * step / std::sqrt(2.0 * std::numbers::pi))));
  }
  return values;
}

double exact_with_factors(const titrant::tests::LogLinear& model, const Population& population) {
  const std::vector<double> values = integrated_over_factors(model, population);
  return std::accumulate(values.begin(), values.end(), 0.0);
}

titrant::nlme::EstimationOptions one_descent() {
  titrant::nlme::EstimationOptions options;
  options.starts = 1;
  options.covariance = titrant::nlme::CovarianceKind::hessian;
  return options;
}

TEST(ErrorOmega, LikelihoodByImportanceSamplingIsTheIntegral) {
  const Population population = varying_error(0.6);
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, population, 12, ten_times, 5);
  const auto sampled = titrant::nlme::importance_sampled(Communicator{}, model, population, {.pairs = 2000}, 3);
  const std::vector<double> exact = integrated_over_factors(model, population);
  for (std::size_t s = 0; s < exact.size(); ++s) {
    EXPECT_NEAR(sampled.subject_values[s], exact[s], 4.0 * sampled.subject_errors[s]) << s;
  }
  EXPECT_LT(sampled.standard_error, 0.1);
}

// Laplace's approximation about etas and factor together takes the factor at its mode given those etas, where the
// squared residuals are divided by n instead of n - q: with q etas that the data tell well, an objective above the
// integral by (n - q) log((n - q) / n) + q + log(n / (n - q)) in every subject. The priors take off some of it.
TEST(ErrorOmega, ObjectiveIsAboveTheIntegralByTheEtasOfASubject) {
  const Population population = varying_error(0.6);
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, population, 12, ten_times, 5);
  titrant::nlme::Objective objective(Communicator{}, model, population);
  const double focei = objective.evaluate(objective.layout().encode(population)).value;
  const double excess = (focei - exact_with_factors(model, population)) / 12.0;
  EXPECT_NEAR(excess, 8.0 * std::log(0.8) + 2.0 - std::log(0.8), 0.1);
}

TEST(ErrorOmega, IsAtItsPlaceAmongTheEstimates) {
  const titrant::nlme::Layout layout(varying_error(0.6));
  std::vector<std::string> names;
  for (const auto& one : layout.coordinates()) names.push_back(one.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"a", "a.weight", "b", "omega.a", "omega.b", "omega.error", "error.additive"}));
  const std::vector<double> x = {0.1, 0.2, 0.3, -1.0, -2.0, -0.7, -1.5};
  EXPECT_THAT(layout.encode(layout.decode(x)), testing::Pointwise(testing::DoubleNear(1e-12), x));
}

// Occasions come after the etas that stay, so that both kinds of place are at stake.
TEST(ErrorOmega, GradientWithOccasionsAndABlock) {
  Population population = titrant::tests::correlated_population(0.3);
  population.errors[0].model = {.additive = 0.25, .proportional = 0.1, .omega = 0.4};
  population.parameters[0].occasion_omega = 0.2;
  titrant::tests::Stretches model({0, 1, 0, 2});
  titrant::tests::simulate(model, population, 12, ten_times, 8);
  titrant::nlme::Objective objective(Communicator{}, model, population);
  std::vector<double> x = objective.layout().encode(population);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.1 : -0.1;
  titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
  ASSERT_EQ(objective.etas()[0].size(), 2U + 3U);
  EXPECT_EQ(objective.error_etas()[0].size(), 1U);
}

TEST(ErrorOmega, FitsFindTheTruth) {
  const Population truth = varying_error(0.5);
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, truth, 120, ten_times, 12);
  Population start = truth;
  start.errors[0].model.omega = 0.2;
  start.errors[0].model.additive *= 2.0;
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, start, one_descent(), 1);
  ASSERT_TRUE(fit.converged) << fit.message;
  EXPECT_TRUE(fit.identified);
  const titrant::nlme::Layout layout(start);
  const std::vector<double> expected = layout.encode(truth);
  for (std::size_t i = 0; i < layout.size(); ++i) {
    EXPECT_NEAR(fit.x[i], expected[i], 3.0 * std::sqrt(fit.covariance[i * layout.size() + i]))
        << layout.coordinates()[i].name;
  }
  // The factors of the subjects are told: with ten values, by some 1 / sqrt(20) each.
  ASSERT_EQ(fit.error_etas.size(), 120U);
  EXPECT_LT(fit.error_shrinkage[0], 0.4);
  Population without = start;
  without.errors[0].model.omega = 0.0;
  const Estimation same = titrant::nlme::estimate(Communicator{}, model, without, one_descent(), 1);
  EXPECT_GT(same.objective, fit.objective + 20.0);
}

TEST(ErrorOmega, SaemEndsAtTheMaximumOfTheIntegral) {
  const Population truth = varying_error(0.5);
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, truth, 50, ten_times, 14);
  Population start = truth;
  start.errors[0].model.omega = 0.2;
  start.errors[0].model.additive *= 2.0;
  const titrant::nlme::Saem end = titrant::nlme::saem(Communicator{}, model, start, {}, 4);
  EXPECT_TRUE(end.settled) << end.message;
  const titrant::nlme::Layout layout(start);
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const auto at = [&](double by) {
      std::vector<double> x = end.x;
      x[i] += by;
      return exact_with_factors(model, layout.decode(x));
    };
    constexpr double width = 0.02;
    const double above = at(width);
    const double below = at(-width);
    const double curvature = (above - 2.0 * at(0.0) + below) / (width * width);
    ASSERT_GT(curvature, 0.0) << layout.coordinates()[i].name;
    // The Newton step is a part of the coordinate's standard error with the others held, as of other models.
    EXPECT_LT(std::abs(above - below) / (2.0 * width) / curvature, 0.35 * std::sqrt(2.0 / curvature))
        << layout.coordinates()[i].name;
  }
}

// One size of two is the mean of a psi, the other is scored with it: the ratio must come out as well.
TEST(ErrorOmega, SaemOfACombinedErrorIsStationary) {
  Population truth = titrant::tests::saturation_population();
  truth.errors[0].model = {.additive = 0.3, .proportional = 0.1, .omega = 0.4};
  titrant::tests::Saturation model;
  titrant::tests::simulate(model, truth, 40, ten_times, 15);
  const titrant::nlme::Saem end = titrant::nlme::saem(Communicator{}, model, truth, {}, 4);
  const titrant::nlme::Layout layout(truth);
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const titrant::nlme::Role role = layout.coordinates()[i].role;
    if (!is_error(role) && role != titrant::nlme::Role::error_omega) continue;
    const auto at = [&](double by) {
      std::vector<double> x = end.x;
      x[i] += by;
      return titrant::nlme::importance_sampled(Communicator{}, model, layout.decode(x), {.pairs = 300}, 9).value;
    };
    constexpr double width = 0.05;
    const double above = at(width);
    const double below = at(-width);
    const double curvature = (above - 2.0 * at(0.0) + below) / (width * width);
    ASSERT_GT(curvature, 0.0) << layout.coordinates()[i].name;
    EXPECT_LT(std::abs(above - below) / (2.0 * width) / curvature, 0.5 * std::sqrt(2.0 / curvature))
        << layout.coordinates()[i].name;
  }
}

TEST(ErrorOmega, EndsAtItsBoundWhereSubjectsHaveTheSameError) {
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, truth, 40, ten_times, 16);
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, varying_error(0.3), one_descent(), 1);
  EXPECT_DOUBLE_EQ(fit.population.errors[0].model.omega, 1e-3);
  EXPECT_THAT(fit.message, testing::HasSubstr("omega.error at its lower bound"));
  EXPECT_THAT(fit.verdict,
              testing::Contains(testing::HasSubstr("omega.error at its lower bound: FOCEI finds no use for "
                                                   "it")));
}

// One value of a subject cannot tell a large error from a large factor but by the tails of all values together.
TEST(ErrorOmega, IsNamedWhereSubjectsHaveTooFewValues) {
  Population truth = titrant::tests::log_linear_population();
  truth.parameters[1].omega = 0.0;
  truth.parameters[0].omega = 0.0;
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, truth, 60, {2.0}, 16);
  Population start = truth;
  start.parameters[1].typical_fixed = true;
  start.errors[0].model.omega = 0.3;
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, start, one_descent(), 1);
  EXPECT_FALSE(fit.identified);
  EXPECT_THAT(fit.verdict, testing::Contains(testing::HasSubstr("not identified: omega.error")));
}

TEST(ErrorOmega, ResidualsAreWeightedByTheErrorOfTheSubject) {
  const Population population = varying_error(0.5);
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, population, 6, ten_times, 17);
  titrant::nlme::FitSummary fit;
  fit.population = population;
  fit.etas.assign(6, {0.2, -0.1});
  titrant::nlme::name_etas(fit);
  ASSERT_EQ(fit.error_eta_names, (std::vector<std::string>{"error"}));
  for (std::size_t s = 0; s < 6; ++s) {
    fit.subjects.push_back(s);
    fit.error_etas.push_back({0.3 * static_cast<double>(s) - 0.8});
  }
  const auto rows = titrant::nlme::diagnose(model, fit, std::vector<std::vector<double>>(6, ten_times));
  for (const titrant::nlme::ObservationRow& row : rows) {
    const double deviation = 0.25 * std::exp(fit.error_etas[row.subject][0]);
    EXPECT_NEAR(row.iwres, (row.observed - row.ipred) / deviation, 1e-12 * std::abs(row.iwres));
  }
  std::vector<std::string> etas;
  for (const auto& one : titrant::nlme::covariate_relations(model, fit)) etas.push_back(one.eta + " " + one.covariate);
  EXPECT_THAT(etas, testing::ElementsAre("a comed", "a weight", "b comed", "b weight", "error comed", "error weight"));
}

}  // namespace
