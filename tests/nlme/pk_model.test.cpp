#include "titrant/nlme/pk_model.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "expect_gradient.hpp"
#include "simulated_trial.hpp"
#include "titrant/nlme/objective.hpp"

namespace {

using titrant::nlme::Objective;
using titrant::nlme::PkModel;
using titrant::nlme::Population;
using titrant::pkpd::PopulationModel;

Population population_of(const PopulationModel& truth) {
  Population population;
  for (const auto& parameter : truth.parameters) {
    titrant::nlme::Parameter one{
        .name = parameter.name, .units = "", .scale = {}, .typical = parameter.typical, .effects = {}};
    one.omega = parameter.omega;
    for (const auto& effect : parameter.effects) one.effects.push_back({.effect = effect, .fixed = false});
    population.parameters.push_back(one);
  }
  population.errors[0].model = truth.error;
  return population;
}

}  // namespace

// With estimated exponents of body weight, away from the optimum.
TEST(PkModel, GradientOfTheObjective) {
  for (const PopulationModel& truth :
       {titrant::tests::one_compartment_truth(), titrant::tests::two_compartment_truth()}) {
    const titrant::trial::Trial trial = titrant::tests::simulated_trial(truth, 10, 201);
    const PkModel model(trial, truth.structure, false);
    Objective objective(titrant::parallel::Communicator{}, model, population_of(truth));
    std::vector<double> x = objective.layout().encode(population_of(truth));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.15 : -0.1;
    titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
  }
}

TEST(PkModel, ListsTheParametersOfItsStructure) {
  const titrant::trial::Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 2, 202);
  EXPECT_EQ(PkModel(trial, titrant::pkpd::Structure::one_compartment, false).parameters().size(), 3U);
  const PkModel two(trial, titrant::pkpd::Structure::two_compartment, true);
  ASSERT_EQ(two.parameters().size(), 6U);
  EXPECT_EQ(two.parameters()[5], titrant::pkpd::PkParameter::lag);
  EXPECT_EQ(two.describe(1, 3), "simulated: subject 2 at 4 h");
}

// The derivatives that arrive are those of the parameters in their order.
TEST(PkModel, PredictsWithItsDerivatives) {
  const titrant::trial::Trial trial = titrant::tests::simulated_trial(titrant::tests::two_compartment_truth(), 1, 203);
  const PkModel model(trial, titrant::pkpd::Structure::two_compartment, false);
  const std::vector<double> parameters = {0.8, 6.0, 90.0, 12.0, 200.0};
  const auto predict = [&](const std::vector<double>& at, std::vector<double>& gradient) {
    std::vector<double> value(model.observed(0).size());
    gradient.resize(value.size() * 5);
    model.predict(0, at, value, gradient);
    return value;
  };
  std::vector<double> gradient;
  std::vector<double> ignored;
  const std::vector<double> value = predict(parameters, gradient);
  for (std::size_t p = 0; p < 5; ++p) {
    std::vector<double> above = parameters;
    std::vector<double> below = parameters;
    above[p] *= 1.0 + 1e-5;
    below[p] *= 1.0 - 1e-5;
    const std::vector<double> high = predict(above, ignored);
    const std::vector<double> low = predict(below, ignored);
    for (std::size_t j = 0; j < value.size(); ++j) {
      // Relative truncation is the squared step, 1e-10, and rounding 1e-16 / 1e-5.
      EXPECT_NEAR(gradient[j * 5 + p] * parameters[p], (high[j] - low[j]) / 2e-5, 1e-8 * value[j]) << p << " " << j;
    }
  }
}
