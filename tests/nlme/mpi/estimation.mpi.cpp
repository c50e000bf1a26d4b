#include <gtest/gtest.h>

#include <vector>

#include "stretches.hpp"
#include "titrant/nlme/importance.hpp"
#include "titrant/nlme/saem.hpp"
#include "titrant/nlme/sir.hpp"
#include "world.hpp"

/// \file
/// Random numbers belong to subjects and iterations: all ranks together find what one finds alone, to the last bit.

namespace {

using titrant::parallel::Communicator;

titrant::nlme::Population of_everything() {
  titrant::nlme::Population population = titrant::tests::correlated_population(0.3);
  population.parameters[0].occasion_omega = 0.2;
  return population;
}

TEST(Estimation, ImportanceSamplingHasTheSameBits) {
  const titrant::nlme::Population population = titrant::tests::saturation_population();
  titrant::tests::Saturation model;
  titrant::tests::simulate(model, population, 11, {0.5, 2.0, 6.0}, 3);
  const auto together = titrant::nlme::importance_sampled(world(), model, population, {.pairs = 100}, 7);
  const auto alone = titrant::nlme::importance_sampled(Communicator{}, model, population, {.pairs = 100}, 7);
  EXPECT_EQ(together.value, alone.value);
  EXPECT_EQ(together.standard_error, alone.standard_error);
  EXPECT_EQ(together.effective_share, alone.effective_share);
  const auto other = titrant::nlme::importance_sampled(world(), model, population, {.pairs = 100}, 8);
  EXPECT_NE(other.value, alone.value);
}

TEST(Estimation, SaemHasTheSameBits) {
  const titrant::nlme::Population population = of_everything();
  const titrant::tests::Occasions model(population, 3);
  const titrant::nlme::SaemOptions options{.exploration = 30, .smoothing = 20};
  const auto together = titrant::nlme::saem(world(), model, population, options, 7);
  const auto alone = titrant::nlme::saem(Communicator{}, model, population, options, 7);
  EXPECT_EQ(together.trajectory, alone.trajectory);
  EXPECT_EQ(together.acceptance, alone.acceptance);
}

TEST(Estimation, ResamplingHasTheSameBits) {
  titrant::tests::LogLinear model;
  const titrant::nlme::Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 9, {0.5, 2.0, 5.0}, 3);
  const auto resampled = [&](const Communicator& ranks) {
    titrant::nlme::Objective objective(ranks, model, population);
    const std::vector<double> x = objective.layout().encode(population);
    objective.evaluate(x);
    std::vector<double> covariance(x.size() * x.size(), 0.0);
    for (std::size_t i = 0; i < x.size(); ++i) covariance[i * x.size() + i] = 0.01;
    return titrant::nlme::sir(objective, x, covariance, 4, {{60, 40}, {50, 20}}).draws;
  };
  EXPECT_EQ(resampled(world()), resampled(Communicator{}));
}

}  // namespace
