#include "titrant/nlme/sir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/nlme/draw.hpp"
#include "titrant/nlme/estimate.hpp"
#include "toy_trials.hpp"

/// \file
/// Sampling importance resampling. Reference: quantiles of the normalised likelihood by numerical integration.

namespace {

using titrant::nlme::Estimation;
using titrant::nlme::Objective;
using titrant::nlme::Population;
using titrant::nlme::Sir;
using titrant::parallel::Communicator;

const std::vector<double> times_of_sir = {0.5, 1.0, 2.0, 4.0, 7.0, 12.0};

/// A model of which one omega alone is estimated, from few subjects: its likelihood is skewed.
Population only_omega() {
  Population population = titrant::tests::log_linear_population();
  for (titrant::nlme::Parameter& one : population.parameters) {
    one.typical_fixed = true;
    for (titrant::nlme::Effect& effect : one.effects) effect.fixed = true;
  }
  population.parameters[1].omega_fixed = true;
  population.errors[0].additive_fixed = true;
  return population;
}

std::vector<double> column(const Sir& sir, std::size_t which) {
  std::vector<double> values;
  for (const std::vector<double>& one : sir.draws) values.push_back(one[which]);
  return values;
}

}  // namespace

TEST(SamplingImportanceResampling, HasTheQuantilesOfTheLikelihood) {
  titrant::tests::LogLinear model;
  const Population population = only_omega();
  titrant::tests::simulate(model, population, 8, times_of_sir, 5);
  titrant::nlme::EstimationOptions options{.starts = 1, .optimiser = {}};
  options.covariance = titrant::nlme::CovarianceKind::hessian;
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, population, options, 1);
  ASSERT_EQ(fit.x.size(), 1U);
  Objective objective(Communicator{}, model, population);
  objective.evaluate(fit.x);

  const double spread = std::sqrt(fit.covariance[0]);
  std::vector<double> grid;
  std::vector<double> below{0.0};  // the integral up to the grid point
  constexpr int points = 1000;
  double before = 0.0;
  for (int i = 0; i <= points; ++i) {
    grid.push_back(fit.x[0] + spread * (-6.0 + 16.0 * i / points));
    const double density = std::exp(-0.5 * (objective.values_at({{grid.back()}}).front() - fit.objective));
    if (i > 0) below.push_back(below.back() + 0.5 * (density + before));
    before = density;
  }
  const auto quantile = [&](double share) {
    const auto found = std::lower_bound(below.begin(), below.end(), share * below.back());
    return grid[static_cast<std::size_t>(found - below.begin())];
  };
  // The normal approximation misses the upper end by a fifth of the spread and more.
  EXPECT_GT(quantile(0.975) - (fit.x[0] + 1.96 * spread), 0.2 * spread);
  constexpr int seeds = 6;
  for (const double share : {0.025, 0.25, 0.5, 0.75, 0.975}) {
    double mean = 0.0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const Sir found = titrant::nlme::sir(objective, fit.x, fit.covariance, seed);
      EXPECT_EQ(found.draws.size(), 1000U);
      EXPECT_GT(found.effective, 1000.0);
      mean += titrant::core::quantile(column(found, 0), share) / seeds;
    }
    // A quantile of 1,000 draws has a standard error of 0.09 spreads at the ends, 0.04 in the middle.
    EXPECT_NEAR(mean, quantile(share), (share == 0.025 || share == 0.975 ? 0.1 : 0.05) * spread) << share;
  }
}

TEST(SamplingImportanceResampling, ReplacesCovarianceIntervalsAndDraws) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 60, times_of_sir, 6);
  titrant::nlme::EstimationOptions options{.starts = 1, .optimiser = {}};
  options.covariance = titrant::nlme::CovarianceKind::hessian;
  const Estimation plain = titrant::nlme::estimate(Communicator{}, model, truth, options, 1);
  options.resampling = true;
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, truth, options, 1);
  EXPECT_EQ(fit.x, plain.x);
  EXPECT_EQ(fit.draws.size(), 1000U);
  EXPECT_EQ(fit.standard_error_method, "sampling importance resampling");
  // With sixty subjects the likelihood is nearly normal: both say nearly the same.
  for (std::size_t i = 0; i < fit.estimates.size(); ++i) {
    const double error = plain.estimates[i].standard_error;
    EXPECT_NEAR(fit.estimates[i].standard_error, error, 0.2 * error) << fit.estimates[i].name;
    EXPECT_NEAR(fit.estimates[i].lower, plain.estimates[i].lower, 0.5 * error) << fit.estimates[i].name;
    EXPECT_NEAR(fit.estimates[i].upper, plain.estimates[i].upper, 0.5 * error) << fit.estimates[i].name;
  }
  titrant::nlme::FitSummary summary;
  static_cast<Estimation&>(summary) = fit;
  titrant::core::Stream stream(3, titrant::core::Purpose::test, 0);
  const std::vector<double> drawn = titrant::nlme::draw_coordinates(summary, stream);
  EXPECT_NE(std::find(fit.draws.begin(), fit.draws.end(), drawn), fit.draws.end());
}

TEST(SamplingImportanceResampling, RefusesAProposalThatIsNone) {
  titrant::tests::LogLinear model;
  const Population population = only_omega();
  titrant::tests::simulate(model, population, 8, times_of_sir, 5);
  Objective objective(Communicator{}, model, population);
  const std::vector<double> x = objective.layout().encode(population);
  objective.evaluate(x);
  EXPECT_THROW(titrant::nlme::sir(objective, x, {-1.0}, 1), titrant::NumericalError);
  // Far wider than the bounds: hardly any proposal lies within.
  EXPECT_THROW(titrant::nlme::sir(objective, x, {1e8}, 1), titrant::NumericalError);
}
