#include "titrant/nlme/objective.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <vector>

#include "expect_gradient.hpp"
#include "linear_marginal.hpp"
#include "titrant/core/error.hpp"
#include "toy_trials.hpp"

namespace {

using titrant::nlme::Evaluation;
using titrant::nlme::Objective;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

const std::vector<double> objective_times = {0.5, 1.0, 2.0, 4.0, 7.0, 12.0};

}  // namespace

// Laplace's approximation is exact where the model is linear in the etas and the variance does not depend on them.
TEST(Objective, IsTheExactMarginalLikelihoodOfALinearModel) {
  titrant::tests::LogLinear model;
  const Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 7, objective_times, 1);
  Objective objective(Communicator{}, model, population);
  const std::vector<double> x = objective.layout().encode(population);
  const double exact = titrant::tests::exact_linear_objective(model, population);
  EXPECT_NEAR(objective.evaluate(x).value, exact, 1e-9 * std::abs(exact));
}

TEST(Objective, GradientOfALinearModel) {
  titrant::tests::LogLinear model;
  const Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 7, objective_times, 1);
  Objective objective(Communicator{}, model, population);
  std::vector<double> x = objective.layout().encode(population);
  for (double& coordinate : x) coordinate += 0.1;
  titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
}

// Truncation of the test's own differences is step^2 = 1e-8 times third derivatives relative to first ones.
TEST(Objective, GradientOfANonlinearModelWithInteraction) {
  titrant::tests::Saturation model;
  const Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 12, objective_times, 2);
  Objective objective(Communicator{}, model, population);
  std::vector<double> x = objective.layout().encode(population);
  titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.2 : -0.2;
  titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
}

TEST(Objective, DoesNotDependOnWhereItWasBefore) {
  titrant::tests::Saturation model;
  const Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 12, objective_times, 3);
  Objective objective(Communicator{}, model, population);
  const std::vector<double> x = objective.layout().encode(population);
  const double cold = objective.evaluate(x).value;
  std::vector<double> away = x;
  for (double& coordinate : away) coordinate -= 0.3;
  objective.evaluate(away);
  // Etas are found to 1e-8 posterior standard deviations, and log det moves in proportion.
  EXPECT_NEAR(objective.evaluate(x).value, cold, 1e-8);
}

TEST(Objective, EtasAreStationary) {
  titrant::tests::Saturation model;
  const Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 12, objective_times, 4);
  Objective objective(Communicator{}, model, population);
  objective.evaluate(objective.layout().encode(population));
  const std::vector<std::vector<double>> etas = objective.etas();
  const titrant::nlme::Design design(model, population);
  const std::vector<std::size_t> places = population.eta_parameters();
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<double> mean = design.mean(subject, population);
    // Phi, written out: squared standardised residuals, log variances, squared standardised etas.
    const auto phi = [&](const std::vector<double>& eta) {
      std::vector<double> natural;
      double total = 0.0;
      for (std::size_t p = 0; p < 3; ++p) {
        double transformed = mean[p];
        for (std::size_t k = 0; k < places.size(); ++k) {
          if (places[k] == p) transformed += eta[k];
        }
        natural.push_back(population.parameters[p].scale.natural(transformed));
      }
      std::vector<double> value(objective_times.size());
      std::vector<double> gradient(3 * objective_times.size());
      model.predict(subject, natural, value, gradient);
      for (std::size_t j = 0; j < value.size(); ++j) {
        const double variance = population.errors[0].model.variance(value[j]);
        total += std::pow(model.data[subject].values[j] - value[j], 2) / variance + std::log(variance);
      }
      for (std::size_t k = 0; k < places.size(); ++k) {
        total += std::pow(eta[k] / population.parameters[places[k]].omega, 2);
      }
      return total;
    };
    for (std::size_t k = 0; k < places.size(); ++k) {
      std::vector<double> above = etas[subject];
      std::vector<double> below = etas[subject];
      above[k] += 1e-4;
      below[k] -= 1e-4;
      EXPECT_NEAR((phi(above) - phi(below)) / 2e-4, 0.0, 1e-4);  // truncation: 1e-8 times third derivatives near 1e3
      EXPECT_GT(phi(above), phi(etas[subject]));
      EXPECT_GT(phi(below), phi(etas[subject]));
    }
  }
}

// The definition, written out with differences in place of derivatives: Phi + log det of
// sum f_k f_l / v + v_k v_l / (2 v^2) + 1 / omega^2 at the mode.
TEST(Objective, IsItsDefinitionWrittenOut) {
  titrant::tests::Saturation model;
  const Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 12, objective_times, 4);
  Objective objective(Communicator{}, model, population);
  const Evaluation evaluation = objective.evaluate(objective.layout().encode(population));
  const titrant::nlme::Design design(model, population);
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<double> mean = design.mean(subject, population);
    const auto predictions = [&](double eta_top, double eta_half) {
      const std::vector<double> natural = {population.parameters[0].scale.natural(mean[0] + eta_top),
                                           population.parameters[1].scale.natural(mean[1] + eta_half),
                                           population.parameters[2].scale.natural(mean[2])};
      std::vector<double> value(objective_times.size());
      std::vector<double> gradient(3 * objective_times.size());
      model.predict(subject, natural, value, gradient);
      return value;
    };
    const double top = objective.etas()[subject][0];
    const double half = objective.etas()[subject][1];
    constexpr double step = 1e-4;
    const auto f = predictions(top, half);
    const std::vector<std::vector<double>> above = {predictions(top + step, half), predictions(top, half + step)};
    const std::vector<std::vector<double>> below = {predictions(top - step, half), predictions(top, half - step)};
    double total = std::pow(top / 0.3, 2) + std::pow(half / 0.5, 2) + 2.0 * std::log(0.3 * 0.5);
    Eigen::Matrix2d information = Eigen::Vector2d(1.0 / (0.3 * 0.3), 1.0 / (0.5 * 0.5)).asDiagonal();
    for (std::size_t j = 0; j < f.size(); ++j) {
      const double v = population.errors[0].model.variance(f[j]);
      total += std::pow(model.data[subject].values[j] - f[j], 2) / v + std::log(v);
      for (std::size_t k = 0; k < 2; ++k) {
        for (std::size_t l = 0; l < 2; ++l) {
          const double f_k = (above[k][j] - below[k][j]) / (2.0 * step);
          const double f_l = (above[l][j] - below[l][j]) / (2.0 * step);
          const double v_k =
              (population.errors[0].model.variance(above[k][j]) - population.errors[0].model.variance(below[k][j])) /
              (2.0 * step);
          const double v_l =
              (population.errors[0].model.variance(above[l][j]) - population.errors[0].model.variance(below[l][j])) /
              (2.0 * step);
          information(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l)) +=
              f_k * f_l / v + v_k * v_l / (2.0 * v * v);
        }
      }
    }
    total += std::log(information.determinant());
    EXPECT_NEAR(evaluation.subject_values[subject], total, 1e-6);  // the differences' truncation, step^2 = 1e-8
  }
}

// f = log(c)^2 has two modes, log(c) = -1 and 1. Coming from the left, the search stays with the left one, though the
// right one is nearer to the mean.
TEST(Objective, ReconsidersASecondMode) {
  titrant::tests::SquaredLog model;
  model.data = {{.times = {0.0, 1.0, 2.0}, .values = {1.0, 1.0, 1.0}, .covariates = {}}};
  const Population population = {
      .parameters = {{.name = "c", .units = "1", .scale = {}, .typical = 1.0, .omega = 1.0, .effects = {}}},
      .errors = {{.model = {.additive = 0.1, .proportional = 0.0}}}};
  Objective objective(Communicator{}, model, population);
  std::vector<double> x = objective.layout().encode(population);
  x[0] = -0.5;
  objective.evaluate(x);
  x[0] = 0.3;
  const double from_the_left = objective.evaluate(x).value;
  EXPECT_NEAR(x[0] + objective.etas()[0][0], -1.0, 0.02);
  EXPECT_LT(objective.reconsider().value, from_the_left - 1.0);
  EXPECT_NEAR(x[0] + objective.etas()[0][0], 1.0, 0.02);
}

TEST(Objective, NamesTheObservationWithoutVariance) {
  titrant::tests::Saturation model;
  Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 3, objective_times, 5);
  model.data[1].times[2] = 0.0;  // the prediction is 0 there
  population.errors[0].model.additive = 0.0;
  Objective objective(Communicator{}, model, population);
  try {
    objective.evaluate(objective.layout().encode(population));
    FAIL() << "expected a NumericalError";
  } catch (const titrant::NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("subject 1 at 0.0"), std::string::npos) << error.what();
  }
}

TEST(Objective, NamesTheSubjectWithoutACovariate) {
  titrant::tests::LogLinear model;
  const Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 3, objective_times, 6);
  model.data[2].covariates.clear();
  try {
    const Objective objective(Communicator{}, model, population);
    FAIL() << "expected a DataError";
  } catch (const titrant::DataError& error) {
    EXPECT_NE(std::string(error.what()).find("subject 2"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("weight"), std::string::npos) << error.what();
  }
}
