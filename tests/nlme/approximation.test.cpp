#include "titrant/nlme/approximation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "expect_gradient.hpp"
#include "linear_marginal.hpp"
#include "stretches.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/estimate.hpp"
#include "titrant/nlme/fit_summary.hpp"
#include "titrant/nlme/objective.hpp"
#include "toy_trials.hpp"

/// \file
/// FO and FOCE as methods. References: the exact likelihood of a linear model, for which all approximations are exact;
/// differences; the objectives that Wang (2007) lists are in wang2007.test.cpp, theophylline's in
/// theophylline.test.cpp.

namespace {

using titrant::nlme::Estimation;
using titrant::nlme::EstimationOptions;
using titrant::nlme::MethodKind;
using titrant::nlme::Objective;
using titrant::nlme::Population;
using titrant::parallel::Communicator;
using titrant::pkpd::ErrorForm;
using titrant::pkpd::ErrorModel;

const std::vector<double> sampled_times = {0.3, 0.8, 1.5, 2.5, 4.0, 6.0, 9.0, 14.0};

/// A point beside the truth.
std::vector<double> near_truth(const Objective& objective, const Population& truth) {
  std::vector<double> x = objective.layout().encode(truth);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.1 : -0.1;
  return x;
}

EstimationOptions by(std::vector<MethodKind> methods) {
  EstimationOptions options;
  options.starts = 1;
  options.covariance = titrant::nlme::CovarianceKind::hessian;
  options.methods = std::move(methods);
  return options;
}

TEST(Approximation, AllAreTheExactLikelihoodOfALinearModel) {
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, truth, 20, sampled_times, 3);
  std::vector<double> gradient;
  for (const MethodKind method : {MethodKind::focei, MethodKind::foce, MethodKind::fo}) {
    Objective objective(Communicator{}, model, truth, method);
    const std::vector<double> x = near_truth(objective, truth);
    const titrant::nlme::Evaluation at = objective.evaluate(x);
    const double exact = titrant::tests::exact_linear_objective(model, objective.layout().decode(x));
    EXPECT_NEAR(at.value, exact, 1e-9 * std::abs(exact)) << to_string(method);
    EXPECT_NEAR(objective.values_at({x})[0], exact, 1e-9 * std::abs(exact)) << to_string(method);
    if (gradient.empty()) gradient = at.gradient;
    // Second derivatives by differences are wrong by their rounding, 1e-8, times sums of order 100.
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(at.gradient[i], gradient[i], 1e-5) << to_string(method);
  }
}

TEST(Approximation, ItsFitsOfALinearModelAreThoseOfTheLikelihood) {
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, truth, 20, sampled_times, 3);
  const Estimation exact = titrant::nlme::estimate(Communicator{}, model, truth, by({MethodKind::focei}), 1);
  for (const MethodKind method : {MethodKind::foce, MethodKind::fo}) {
    const Estimation fit = titrant::nlme::estimate(Communicator{}, model, truth, by({method}), 1);
    ASSERT_TRUE(fit.converged) << fit.message;
    EXPECT_NEAR(fit.objective, exact.objective, 1e-7);
    for (std::size_t i = 0; i < fit.x.size(); ++i) {
      const double error = std::sqrt(exact.covariance[i * fit.x.size() + i]);
      EXPECT_NEAR(fit.x[i], exact.x[i], 1e-3 * error);
      EXPECT_NEAR(std::sqrt(fit.covariance[i * fit.x.size() + i]), error, 1e-3 * error);
    }
    // Those of FO are found afterwards.
    for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(fit.etas[7][k], exact.etas[7][k], 1e-3) << to_string(method);
  }
}

TEST(Approximation, GradientsOfEveryErrorModel) {
  const std::vector<ErrorModel> forms = {
      {.additive = 0.2, .proportional = 0.1},
      {.additive = 0.2, .proportional = 0.1, .form = ErrorForm::deviations},
      {.additive = 0.0, .proportional = 0.2, .form = ErrorForm::power, .exponent = 0.6},
      {.additive = 0.0, .proportional = 0.15, .form = ErrorForm::log_normal}};
  for (const ErrorModel& error : forms) {
    Population population = titrant::tests::saturation_population();
    population.errors[0].model = error;
    titrant::tests::Saturation model;
    titrant::tests::simulate(model, population, 12, sampled_times, 31);
    for (const MethodKind method : {MethodKind::fo, MethodKind::foce}) {
      SCOPED_TRACE(to_string(method));
      Objective objective(Communicator{}, model, population, method);
      // A step of the slope of weight moves a parameter by 30 times as much: truncation is some 2e-6 there.
      titrant::tests::expect_gradient_by_differences(objective, near_truth(objective, population), 1e-5);
    }
  }
}

TEST(Approximation, GradientsWithOccasionsAndABlock) {
  Population population = titrant::tests::correlated_population(0.3);
  population.errors[0].model = {.additive = 0.25, .proportional = 0.1};
  population.parameters[0].occasion_omega = 0.2;
  titrant::tests::Stretches model({0, 1, 0, 2});
  titrant::tests::simulate(model, population, 12, sampled_times, 8);
  for (const MethodKind method : {MethodKind::fo, MethodKind::foce}) {
    SCOPED_TRACE(to_string(method));
    Objective objective(Communicator{}, model, population, method);
    titrant::tests::expect_gradient_by_differences(objective, near_truth(objective, population), 1e-6);
  }
}

TEST(Approximation, EachMinimisesItsOwnObjective) {
  const Population truth = titrant::tests::saturation_population();
  titrant::tests::Saturation model;
  titrant::tests::simulate(model, truth, 30, sampled_times, 5);
  std::vector<std::vector<double>> optima;
  const std::vector<MethodKind> all = {MethodKind::fo, MethodKind::foce, MethodKind::focei};
  for (const MethodKind method : all) {
    const Estimation fit = titrant::nlme::estimate(Communicator{}, model, truth, by({method}), 1);
    ASSERT_TRUE(fit.converged) << fit.message;
    optima.push_back(fit.x);
  }
  for (std::size_t m = 0; m < all.size(); ++m) {
    Objective objective(Communicator{}, model, truth, all[m]);
    const std::vector<double> values = objective.values_at(optima);
    for (std::size_t other = 0; other < all.size(); ++other) {
      if (other == m) continue;
      EXPECT_LT(values[m] + 0.01, values[other]) << to_string(all[m]);
    }
  }
}

TEST(Approximation, AFitMayBeginWhereAnotherEnded) {
  const Population truth = titrant::tests::saturation_population();
  titrant::tests::Saturation model;
  titrant::tests::simulate(model, truth, 30, sampled_times, 5);
  const auto run = [&](std::vector<MethodKind> methods) {
    return titrant::nlme::estimate(Communicator{}, model, truth, by(std::move(methods)), 1);
  };
  const Estimation alone = run({MethodKind::focei});
  const Estimation after = run({MethodKind::fo, MethodKind::foce, MethodKind::focei});
  EXPECT_NEAR(after.objective, alone.objective, 1e-4);
  std::vector<std::size_t> places(30);
  for (std::size_t s = 0; s < 30; ++s) places[s] = s;
  EXPECT_EQ(titrant::nlme::summarise(after, places).method, "FO, then FOCE, then FOCEI");
  EXPECT_EQ(titrant::nlme::summarise(run({MethodKind::foce}), places).method, "FOCE");
}

TEST(Approximation, OrdersThatCannotBeRun) {
  const auto refused = [](std::vector<MethodKind> methods) {
    EXPECT_THROW(titrant::nlme::check_methods(methods), titrant::ConfigError);
  };
  using enum MethodKind;
  refused({});
  refused({focei, fo});
  refused({fo, fo});
  refused({saem, foce});
  refused({fo, saem});
  titrant::nlme::check_methods(std::vector<MethodKind>{fo, focei});
  titrant::nlme::check_methods(std::vector<MethodKind>{saem, focei});
}

/// The linear model with a flag on every first value.
class FirstCensored : public titrant::tests::LogLinear {
 public:
  std::span<const unsigned char> censored(std::size_t /*subject*/) const override { return flags_; }

 private:
  std::vector<unsigned char> flags_ = {1, 0, 0, 0, 0, 0, 0, 0};
};

TEST(Approximation, RefusesWhatItCannotSee) {
  Population population = titrant::tests::log_linear_population();
  FirstCensored model;
  titrant::tests::simulate(model, population, 3, sampled_times, 3);
  const auto message = [&](const titrant::nlme::SubjectModel& of, MethodKind method) -> std::string {
    try {
      titrant::nlme::estimate(Communicator{}, of, population, by({method}), 1);
    } catch (const titrant::ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message(model, MethodKind::fo),
              testing::AllOf(testing::HasSubstr("estimation.methods: fo "), testing::HasSubstr("censored values"),
                             testing::HasSubstr("subject 0 at 0.3"), testing::HasSubstr("expected [focei]")));
  titrant::tests::LogLinear uncensored;
  uncensored.data = model.data;
  population.errors[0].model.omega = 0.3;
  EXPECT_THAT(message(uncensored, MethodKind::foce), testing::HasSubstr("omega.error"));
  population.errors[0].model = {.form = ErrorForm::binary};
  EXPECT_THAT(message(uncensored, MethodKind::foce), testing::HasSubstr("binary values"));
}

}  // namespace
