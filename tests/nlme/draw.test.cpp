#include "titrant/nlme/draw.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"

namespace {

using titrant::core::Purpose;
using titrant::core::Stream;
using titrant::nlme::draw_coordinates;
using titrant::nlme::FitSummary;
using titrant::nlme::Layout;
using titrant::nlme::Population;

/// Two typical values, one omega and an additive error, with a covariance of the first three; the error is held.
FitSummary three_of_four() {
  FitSummary fit;
  fit.population = {
      .parameters = {{.name = "a", .units = "1", .scale = {}, .typical = 2.0, .omega = 0.3, .effects = {}},
                     {.name = "b", .units = "1", .scale = {}, .typical = 5.0, .effects = {}}},
      .errors = {{.model = {.additive = 0.1, .proportional = 0.0}}}};
  fit.x = Layout(fit.population).encode(fit.population);
  fit.covariance = {0.04, 0.01,  0.0,   0.0,  //
                    0.01, 0.09,  -0.02, 0.0,  //
                    0.0,  -0.02, 0.01,  0.0,  //
                    0.0,  0.0,   0.0,   0.0};
  return fit;
}

}  // namespace

TEST(Draw, HasTheMeanAndCovarianceOfTheEstimates) {
  const FitSummary fit = three_of_four();
  constexpr std::size_t draws = 20000;
  std::vector<double> mean(4, 0.0);
  std::vector<double> product(16, 0.0);
  for (std::size_t replicate = 0; replicate < draws; ++replicate) {
    Stream stream(1, Purpose::test, replicate);
    const std::vector<double> x = draw_coordinates(fit, stream);
    ASSERT_EQ(x[3], fit.x[3]);
    for (std::size_t i = 0; i < 4; ++i) {
      mean[i] += (x[i] - fit.x[i]) / draws;
      for (std::size_t j = 0; j < 4; ++j) product[4 * i + j] += (x[i] - fit.x[i]) * (x[j] - fit.x[j]) / draws;
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    // Four standard errors of a mean and of a (co)variance of 20,000 draws.
    EXPECT_NEAR(mean[i], 0.0, 4.0 * std::sqrt(fit.covariance[5 * i] / draws)) << i;
    for (std::size_t j = 0; j < 4; ++j) {
      const double spread = std::sqrt(2.0 * fit.covariance[5 * i] * fit.covariance[5 * j] / draws);
      EXPECT_NEAR(product[4 * i + j], fit.covariance[4 * i + j], 4.0 * spread) << i << j;
    }
  }
}

TEST(Draw, NeverLeavesTheRangeOfTheOptimiser) {
  FitSummary fit = three_of_four();
  for (double& value : fit.covariance) value *= 1e6;
  for (std::size_t replicate = 0; replicate < 20; ++replicate) {
    Stream stream(2, Purpose::test, replicate);
    const Population drawn = titrant::nlme::draw_population(fit, stream);
    EXPECT_GE(drawn.parameters[0].omega, 0.999e-3);
    EXPECT_LE(drawn.parameters[0].omega, 5.001);
    EXPECT_LE(std::abs(std::log(drawn.parameters[1].typical / 5.0)), 8.001);
  }
}

TEST(Draw, NeedsACovariance) {
  FitSummary fit = three_of_four();
  fit.covariance[0] = std::numeric_limits<double>::quiet_NaN();
  Stream stream(3, Purpose::test, 0);
  EXPECT_THROW(draw_coordinates(fit, stream), titrant::NumericalError);
}

TEST(Draw, OfAPkModelKeepsWhatIsFixed) {
  const titrant::trial::Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 12, 71);
  titrant::nlme::PkOptions options;
  options.structure = titrant::nlme::StructureChoice::one_compartment;
  options.starts = 1;
  options.fixed = {{"volume", 90.0}};
  const auto fit = titrant::nlme::fit_pk(titrant::parallel::Communicator{}, trial, options, 1).best;
  Stream stream(4, Purpose::test, 0);
  Stream same(4, Purpose::test, 0);
  const titrant::pkpd::PopulationModel drawn = titrant::nlme::draw_model(fit, stream);
  const Population population = titrant::nlme::draw_population(fit, same);
  ASSERT_EQ(drawn.parameters.size(), 3U);
  EXPECT_EQ(drawn.parameters[2].typical, 90.0);
  EXPECT_NE(drawn.parameters[1].typical, fit.model.parameters[1].typical);
  EXPECT_EQ(drawn.parameters[1].typical, population.parameters[1].typical);
  EXPECT_EQ(drawn.parameters[1].effects.size(), 1U);
  EXPECT_NE(drawn.error.proportional, fit.model.error.proportional);
}
