#include "titrant/nlme/profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "linear_marginal.hpp"
#include "pk_fits.hpp"
#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"
#include "toy_trials.hpp"

namespace {

using titrant::nlme::Estimation;
using titrant::nlme::FitSummary;
using titrant::nlme::Population;
using titrant::nlme::ProfileInterval;
using titrant::parallel::Communicator;

constexpr double rise = 3.841458820694124;

FitSummary fit(const titrant::nlme::SubjectModel& model, const Population& population) {
  const Estimation estimation =
      titrant::nlme::estimate(Communicator{}, model, population, {.starts = 1, .optimiser = {}}, 1);
  std::vector<std::size_t> places(model.subjects());
  return titrant::nlme::summarise(estimation, places);
}

}  // namespace

// n values of one subject with mean log(a) and standard deviation sigma: the profile of sigma is n (log(sigma^2 / s^2)
// + s^2 / sigma^2 - 1) with s^2 the mean squared residual; that of log(a), n log(1 + (log a - mean)^2 / s^2).
TEST(Profile, OfNormalDataHasItsClosedForm) {
  titrant::tests::LogLinear model;
  Population population = titrant::tests::log_linear_population();
  population.parameters[0].effects.clear();
  population.parameters[0].omega = 0.0;
  population.parameters[1] = {.name = "b", .units = "1", .scale = {}, .typical_fixed = true, .effects = {}};
  const std::vector<double> values = {0.3, 1.1, 0.7, 1.9, 0.4, 0.8, 1.3, 0.2};
  model.data = {{.times = std::vector<double>(values.size(), 0.0), .values = values, .covariates = {}}};
  const FitSummary estimate = fit(model, population);
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  double square = 0.0;
  for (const double value : values) mean += value / n;
  for (const double value : values) square += (value - mean) * (value - mean) / n;

  const ProfileInterval a = profile(Communicator{}, model, estimate, "a");
  const double half = std::sqrt(square * std::expm1(rise / n));
  EXPECT_NEAR(std::log(a.lower), mean - half, 2e-3 * half);  // the stated accuracy of the root of the rise, twice
  EXPECT_NEAR(std::log(a.upper), mean + half, 2e-3 * half);
  EXPECT_NEAR(std::log(a.estimate), mean, 1e-6);

  const ProfileInterval sigma = profile(Communicator{}, model, estimate, "error.additive");
  for (const double end : {sigma.lower, sigma.upper}) {
    const double ratio = square / (end * end);
    EXPECT_NEAR(n * (ratio - 1.0 - std::log(ratio)), rise, 2.5e-3 * rise);
  }
  EXPECT_LT(sigma.lower, std::sqrt(square));
  EXPECT_GT(sigma.upper, std::sqrt(square));
  EXPECT_FALSE(sigma.lower_open || sigma.upper_open);
  EXPECT_TRUE(sigma.message.empty());
}

// The exact likelihood of the linear mixed model, minimised over the other parameters by the test itself at the
// interval's ends: cyclic golden-section searches, slow and sure.
TEST(Profile, OfAMixedModelRisesByTheQuantileAtItsEnds) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 12, {0.5, 1.0, 2.0, 4.0}, 41);
  const FitSummary estimate = fit(model, truth);
  const titrant::nlme::Layout layout(estimate.population);
  const auto exact = [&](const std::vector<double>& x) {
    return titrant::tests::exact_linear_objective(model, layout.decode(x));
  };
  const std::size_t omega = 3;
  ASSERT_EQ(layout.coordinates()[omega].name, "omega.a");
  const ProfileInterval interval = profile(Communicator{}, model, estimate, "omega.a");
  EXPECT_LT(interval.lower, interval.estimate);
  EXPECT_GT(interval.upper, interval.estimate);
  for (const double end : {interval.lower, interval.upper}) {
    std::vector<double> x = estimate.x;
    x[omega] = std::log(end);
    double last = exact(x);
    for (int sweep = 0; sweep < 200; ++sweep) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (i == omega) continue;
        double low = x[i] - 0.3;
        double high = x[i] + 0.3;
        const auto at = [&](double value) {
          std::vector<double> point = x;
          point[i] = value;
          return exact(point);
        };
        for (int cut = 0; cut < 40; ++cut) {
          const double left = high - 0.618034 * (high - low);
          const double right = low + 0.618034 * (high - low);
          (at(left) < at(right) ? high : low) = at(left) < at(right) ? right : left;
        }
        x[i] = 0.5 * (low + high);
      }
      const double now = exact(x);
      if (last - now < 1e-9) break;
      last = now;
    }
    EXPECT_NEAR(exact(x) - estimate.objective, rise, 3e-3 * rise);
  }
}

// Nothing is known of b at t = 0: its profile is flat as far as the bounds.
TEST(Profile, SaysWhereItIsOpen) {
  titrant::tests::LogLinear model;
  Population population = titrant::tests::log_linear_population();
  population.parameters[1].omega = 0.0;
  titrant::tests::simulate(model, population, 10, {0.0, 0.0}, 42);
  const FitSummary found = fit(model, population);
  const std::string message =
      titrant::tests::message_of<titrant::ConfigError>([&] { profile(Communicator{}, model, found, "loss_rate"); });
  EXPECT_THAT(message,
              testing::HasSubstr("no parameter loss_rate that could be profiled; loss_rate is called kout now"));
  const ProfileInterval interval = profile(Communicator{}, model, found, "b");
  EXPECT_TRUE(interval.lower_open);
  EXPECT_TRUE(interval.upper_open);
  EXPECT_EQ(interval.message, "open on both sides: the data set no limit there");
}

TEST(Profile, OfAPkFitHoldsTheTruth) {
  const titrant::trial::Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 24, 43);
  titrant::nlme::PkOptions options;
  options.structure = titrant::nlme::StructureChoice::one_compartment;
  options.starts = 1;
  const titrant::nlme::PopulationFit fit = titrant::nlme::fit_pk(Communicator{}, trial, options, 1).best;
  const ProfileInterval interval = titrant::nlme::profile_pk(Communicator{}, trial, fit, "clearance");
  EXPECT_LT(interval.lower, 6.0);
  EXPECT_GT(interval.upper, 6.0);
  EXPECT_LE(interval.points.size(), 15U);  // a smooth profile costs few re-optimisations
  // 24 subjects know a typical value nearly normally: the asymptotic interval is no further off than a fifth of itself.
  for (const auto& estimate : fit.estimates) {
    if (estimate.name != "clearance") continue;
    EXPECT_NEAR(interval.lower, estimate.lower, 0.2 * (estimate.upper - estimate.lower));
    EXPECT_NEAR(interval.upper, estimate.upper, 0.2 * (estimate.upper - estimate.lower));
  }
  EXPECT_THROW(titrant::nlme::profile_pk(Communicator{}, trial, fit, "lag"), titrant::ConfigError);
}
