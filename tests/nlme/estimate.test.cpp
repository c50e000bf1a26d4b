#include "titrant/nlme/estimate.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <vector>

#include "linear_marginal.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"
#include "toy_trials.hpp"

namespace {

using titrant::nlme::Estimate;
using titrant::nlme::Estimation;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

const std::vector<double> six_times = {0.5, 1.0, 2.0, 4.0, 7.0, 12.0};

const Estimate& named(const Estimation& estimation, const std::string& name) {
  for (const Estimate& estimate : estimation.estimates) {
    if (estimate.name == name) return estimate;
  }
  throw std::out_of_range(name);
}

/// A population at wrong values, to start from.
Population disturbed(Population population) {
  for (titrant::nlme::Parameter& parameter : population.parameters) {
    parameter.typical *= 1.3;
    parameter.omega *= 1.5;
  }
  population.errors[0].model.additive *= 2.0;
  population.errors[0].model.proportional *= 2.0;
  return population;
}

}  // namespace

// At the maximum of the exact marginal likelihood its own differences vanish, and the covariance without sandwich is
// twice the inverse of its Hessian.
TEST(Estimate, LinearMixedModelReachesItsMaximumWithItsStandardErrors) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 11, six_times, 11);  // fewer than twice the 6 coordinates: no sandwich
  const Estimation fit =
      titrant::nlme::estimate(Communicator{}, model, disturbed(truth), {.starts = 2, .optimiser = {}}, 1);
  EXPECT_TRUE(fit.converged) << fit.message;
  EXPECT_EQ(fit.message, "converged");
  EXPECT_EQ(fit.standard_error_method, "hessian");

  const titrant::nlme::Layout layout(fit.population);
  const std::vector<double> x = layout.encode(fit.population);
  const auto exact = [&](const std::vector<double>& point) {
    return titrant::tests::exact_linear_objective(model, layout.decode(point));
  };
  EXPECT_NEAR(fit.objective, exact(x), 1e-8);
  const auto count = static_cast<Eigen::Index>(x.size());
  constexpr double step = 1e-3;
  Eigen::MatrixXd hessian(count, count);
  const auto moved = [&](std::size_t i, double by_i, std::size_t j, double by_j) {
    std::vector<double> point = x;
    point[i] += by_i;
    point[j] += by_j;
    return exact(point);
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR((moved(i, step, i, 0.0) - moved(i, -step, i, 0.0)) / (2.0 * step), 0.0, 1e-3) << i;
    for (std::size_t j = 0; j < x.size(); ++j) {
      hessian(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          (moved(i, step, j, step) - moved(i, step, j, -step) - moved(i, -step, j, step) + moved(i, -step, j, -step)) /
          (4.0 * step * step);
    }
  }
  const Eigen::MatrixXd covariance = 2.0 * hessian.inverse();
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      const double expected = covariance(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
      EXPECT_NEAR(fit.covariance[i * x.size() + j], expected, 1e-4 * covariance.diagonal().maxCoeff());
    }
  }
}

// With many subjects from the model itself, sandwich and inverse Hessian estimate the same covariance.
TEST(Estimate, SandwichAgreesWithTheHessianWhereTheModelIsTrue) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 400, {1.0, 4.0, 10.0}, 12);
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, truth, {.starts = 1, .optimiser = {}}, 1);
  EXPECT_EQ(fit.standard_error_method, "sandwich");
  // The mean of log(b): the information of one subject is known, 1 / (omega_b^2 + what the residual error adds).
  const Estimate& b = named(fit, "b");
  double precision = 0.0;
  Eigen::Matrix<double, 3, 2> z;
  z << 1.0, 1.0, 1.0, 4.0, 1.0, 10.0;
  const double a_omega = fit.population.parameters[0].omega;
  const double b_omega = fit.population.parameters[1].omega;
  const double sigma = fit.population.errors[0].model.additive;
  Eigen::Matrix3d v = sigma * sigma * Eigen::Matrix3d::Identity();
  v += a_omega * a_omega * z.col(0) * z.col(0).transpose() + b_omega * b_omega * z.col(1) * z.col(1).transpose();
  const Eigen::Matrix2d information = 400.0 * z.transpose() * v.inverse() * z;
  precision = information.inverse()(1, 1);
  // Standard errors from 400 subjects are themselves known to 1 / sqrt(800) = 3.5 %; three of these.
  EXPECT_NEAR(b.standard_error / b.value, std::sqrt(precision), 0.11 * std::sqrt(precision));
}

TEST(Estimate, RecoversANonlinearTruth) {
  titrant::tests::Saturation model;
  const Population truth = titrant::tests::saturation_population();
  titrant::tests::simulate(model, truth, 80, six_times, 13);
  const Estimation fit =
      titrant::nlme::estimate(Communicator{}, model, disturbed(truth), {.starts = 3, .optimiser = {}}, 2);
  EXPECT_TRUE(fit.converged) << fit.message;
  ASSERT_EQ(fit.start_objectives.size(), 3U);
  const Estimation at_truth = titrant::nlme::estimate(Communicator{}, model, truth, {.starts = 1, .optimiser = {}}, 2);
  EXPECT_NEAR(fit.objective, at_truth.objective, 1e-6);
  const titrant::nlme::Layout layout(truth);
  const std::vector<double> expected = layout.encode(truth);
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const Estimate& estimate = named(fit, layout.coordinates()[i].name);
    const double value = layout.natural(i, expected[i]);
    EXPECT_NEAR(estimate.value, value, 3.5 * estimate.standard_error) << estimate.name;
    EXPECT_GT(estimate.standard_error, 0.0) << estimate.name;
    EXPECT_LT(estimate.lower, estimate.value) << estimate.name;
    EXPECT_GT(estimate.upper, estimate.value) << estimate.name;
  }
}

TEST(Estimate, HoldsWhatIsFixed) {
  titrant::tests::Saturation model;
  Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 20, six_times, 14);
  population.parameters[2].typical = 1.8;
  population.parameters[2].typical_fixed = true;
  population.parameters[1].omega_fixed = true;
  population.errors[0].additive_fixed = true;
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, population, {.starts = 1, .optimiser = {}}, 1);
  EXPECT_EQ(fit.population.parameters[2].typical, 1.8);
  EXPECT_EQ(fit.population.parameters[1].omega, 0.5);
  EXPECT_EQ(fit.population.errors[0].model.additive, 0.2);
  EXPECT_TRUE(named(fit, "shape").fixed);
  EXPECT_TRUE(named(fit, "omega.half").fixed);
  EXPECT_TRUE(std::isnan(named(fit, "shape").standard_error));
  EXPECT_FALSE(named(fit, "top").fixed);
  EXPECT_EQ(fit.estimated, 6U);  // top, its comed effect, half, its weight effect, omega.top, proportional error
}

TEST(Estimate, AVarianceThatTheDataDoNotNeedEndsAtItsBound) {
  titrant::tests::LogLinear model;
  Population truth = titrant::tests::log_linear_population();
  truth.parameters[1].omega = 1e-9;
  titrant::tests::simulate(model, truth, 30, {1.0, 2.0}, 20);
  truth.parameters[1].omega = 0.3;
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, truth, {.starts = 2, .optimiser = {}}, 1);
  EXPECT_TRUE(fit.converged);
  EXPECT_EQ(fit.message, "converged with omega.b at its lower bound");
  EXPECT_EQ(fit.verdict, std::vector<std::string>{"omega.b at its lower bound: the data do not need it"});
  EXPECT_TRUE(fit.identified);
  EXPECT_LE(named(fit, "omega.b").value, 1.0001e-3);
  EXPECT_TRUE(std::isnan(named(fit, "omega.b").standard_error));
  EXPECT_GT(named(fit, "b").standard_error, 0.0);
  EXPECT_GT(fit.shrinkage[1], 0.9);
}

// Etas of a linear model: eta* = omega^2 / (omega^2 + sigma^2 / n) x the subject's mean deviation.
TEST(Estimate, ShrinkageOfARandomIntercept) {
  titrant::tests::LogLinear model;
  Population population = titrant::tests::log_linear_population();
  population.parameters[0].effects.clear();
  population.parameters[1].omega = 0.0;
  titrant::tests::simulate(model, population, 50, {1.0, 2.0, 3.0}, 16);
  for (auto& parameter : population.parameters) parameter.typical_fixed = true;
  population.parameters[0].omega_fixed = true;
  population.errors[0].additive_fixed = true;
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, population, {.starts = 1, .optimiser = {}}, 1);
  const double factor = 0.4 * 0.4 / (0.4 * 0.4 + 0.25 * 0.25 / 3.0);
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t subject = 0; subject < 50; ++subject) {
    double deviation = 0.0;
    for (std::size_t j = 0; j < 3; ++j) {
      deviation += model.data[subject].values[j] - std::log(3.0) - model.data[subject].times[j] * std::log(1.5);
    }
    const double eta = factor * deviation / 3.0;
    EXPECT_NEAR(fit.etas[subject][0], eta, 1e-8);
    sum += eta;
    squares += eta * eta;
  }
  const double sd = std::sqrt((squares - sum * sum / 50.0) / 49.0);
  EXPECT_NEAR(fit.shrinkage[0], 1.0 - sd / 0.4, 1e-8);
}

// Held values may leave no likelihood at all: a variance of the residual error that is 0 in numbers, or one that is so
// small that its reciprocal is infinite.
TEST(Estimate, NamesWhatIsHeldWhereNoObjectiveIsFinite) {
  titrant::tests::LogLinear model;
  Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 10, {1.0, 2.0}, 18);
  population.parameters[1].typical_fixed = true;
  population.errors[0].additive_fixed = true;
  for (const double additive : {1e-200, 1e-158}) {
    population.errors[0].model.additive = additive;
    try {
      titrant::nlme::estimate(Communicator{}, model, population, {.starts = 1, .optimiser = {}}, 1);
      FAIL() << "expected a NumericalError";
    } catch (const titrant::NumericalError& error) {
      const std::string message = error.what();
      EXPECT_THAT(message, testing::HasSubstr("finite"));
      EXPECT_THAT(message,
                  testing::HasSubstr(fmt::format("look at what is held (b = 1.5, error.additive = {:g})", additive)));
      EXPECT_THAT(message, testing::HasSubstr("at the keys fixed and initial of pk or pd"));
    }
  }
}

// All observations at t = 0: nothing is known of b.
TEST(Estimate, SaysWhereThereAreNoStandardErrors) {
  titrant::tests::LogLinear model;
  Population population = titrant::tests::log_linear_population();
  population.parameters[1].omega = 0.0;
  titrant::tests::simulate(model, population, 20, {0.0, 0.0}, 17);
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, population, {.starts = 1, .optimiser = {}}, 1);
  EXPECT_EQ(fit.standard_error_method, "none: the Hessian at the estimates is not positive definite");
  EXPECT_TRUE(std::isnan(named(fit, "a").standard_error));
  EXPECT_TRUE(std::isnan(fit.covariance[0]));
  EXPECT_TRUE(std::isnan(fit.condition_number));
  EXPECT_FALSE(fit.identified);
}

TEST(Estimate, BySaemThenFoceiEndsAtTheSameOptimum) {
  titrant::tests::Saturation model;
  const Population truth = titrant::tests::saturation_population();
  titrant::tests::simulate(model, truth, 40, six_times, 13);
  titrant::nlme::EstimationOptions options{.starts = 1, .optimiser = {}};
  const Estimation plain = titrant::nlme::estimate(Communicator{}, model, disturbed(truth), options, 2);
  options.methods = {titrant::nlme::MethodKind::saem, titrant::nlme::MethodKind::focei};
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, disturbed(truth), options, 2);
  EXPECT_TRUE(fit.converged) << fit.message;
  EXPECT_NEAR(fit.objective, plain.objective, 1e-6);
  EXPECT_EQ(fit.saem_trajectory.size(), 500U);
  EXPECT_EQ(fit.saem_exploration, 300U);
  EXPECT_TRUE(plain.saem_trajectory.empty());
  // SAEM came near by itself: FOCEI's error of approximation is a part of the standard errors here.
  for (std::size_t i = 0; i < fit.x.size(); ++i) {
    EXPECT_NEAR(fit.saem_trajectory.back()[i], fit.x[i], std::sqrt(fit.covariance[i * fit.x.size() + i])) << i;
  }
}

// Of a linear model FOCEI's likelihood is exact, so that SAEM ends near its maximum with the same uncertainty.
TEST(Estimate, BySaemAloneKeepsItsEnd) {
  titrant::tests::LogLinear linear;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(linear, truth, 40, six_times, 11);
  titrant::nlme::EstimationOptions options{.starts = 3, .optimiser = {}};
  const Estimation exact = titrant::nlme::estimate(Communicator{}, linear, truth, options, 1);
  options.methods = {titrant::nlme::MethodKind::saem};
  const Estimation fit = titrant::nlme::estimate(Communicator{}, linear, truth, options, 1);
  EXPECT_TRUE(fit.converged) << fit.message;
  EXPECT_TRUE(fit.saem_alone);
  EXPECT_FALSE(exact.saem_alone);
  EXPECT_EQ(fit.x, fit.saem_trajectory.back());
  EXPECT_GE(fit.objective, exact.objective);
  EXPECT_LT(fit.objective, exact.objective + 0.2);
  EXPECT_EQ(fit.etas.size(), 40U);
  for (std::size_t i = 0; i < fit.estimates.size(); ++i) {
    EXPECT_NEAR(fit.estimates[i].value, exact.estimates[i].value, 0.3 * exact.estimates[i].standard_error)
        << fit.estimates[i].name;
    EXPECT_NEAR(fit.estimates[i].standard_error, exact.estimates[i].standard_error,
                0.1 * exact.estimates[i].standard_error);
  }
}

TEST(Estimate, ComparesFoceiWithTheLikelihoodBySampling) {
  titrant::tests::LogLinear linear;
  const Population straight = titrant::tests::log_linear_population();
  titrant::tests::simulate(linear, straight, 20, six_times, 11);
  titrant::nlme::EstimationOptions options{.starts = 1, .optimiser = {}, .importance_check = true};
  const Estimation exact = titrant::nlme::estimate(Communicator{}, linear, straight, options, 1);
  EXPECT_NEAR(exact.importance_objective, exact.objective, 1e-7);
  EXPECT_TRUE(exact.verdict.empty());

  // Few values and a large omega: Laplace's approximation is wrong by points.
  titrant::tests::MonoExponential curved(10.0);
  const Population wide{
      .parameters = {{.name = "k", .units = "1/h", .scale = {}, .typical = 0.3, .omega = 1.0, .effects = {}}},
      .errors = {
          {.model = {.additive = 1.5, .proportional = 0.3}, .additive_fixed = true, .proportional_fixed = true}}};
  titrant::tests::simulate(curved, wide, 60, {1.0, 5.0}, 17);
  const Estimation fit = titrant::nlme::estimate(Communicator{}, curved, wide, options, 1);
  EXPECT_GT(std::abs(fit.objective - fit.importance_objective), 0.5);
  EXPECT_LT(fit.importance_error, 0.1);
  EXPECT_THAT(fit.verdict, testing::Contains(testing::HasSubstr("-2 log L by importance sampling")));
  options.importance_check = false;
  EXPECT_TRUE(std::isnan(titrant::nlme::estimate(Communicator{}, curved, wide, options, 1).importance_objective));
}

TEST(Estimate, RefusesMethodsInAnOrderThatMeansNothing) {
  using titrant::nlme::MethodKind;
  titrant::tests::LogLinear model;
  const Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 5, six_times, 11);
  for (const std::vector<MethodKind>& methods : {std::vector<MethodKind>{},
                                                 {MethodKind::saem, MethodKind::saem},
                                                 {MethodKind::focei, MethodKind::saem},
                                                 {MethodKind::focei, MethodKind::fo}}) {
    titrant::nlme::EstimationOptions options;
    options.methods = methods;
    EXPECT_THROW(titrant::nlme::estimate(Communicator{}, model, population, options, 1), titrant::ConfigError);
  }
}
