#include "titrant/nlme/saem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stretches.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/estimate.hpp"
#include "titrant/nlme/importance.hpp"
#include "toy_trials.hpp"

/// \file
/// SAEM. References: for linear models the exact maximum of the likelihood, which FOCEI finds there; for others the
/// likelihood by importance sampling, which is stationary at the end.

namespace {

using titrant::nlme::Estimation;
using titrant::nlme::Layout;
using titrant::nlme::Population;
using titrant::nlme::Saem;
using titrant::nlme::SubjectModel;
using titrant::parallel::Communicator;

const std::vector<double> seven_times = {0.3, 0.8, 1.5, 2.5, 4.0, 6.0, 9.0};

Estimation maximum_by_focei(const SubjectModel& model, const Population& initial) {
  titrant::nlme::EstimationOptions options;
  options.starts = 1;
  options.covariance = titrant::nlme::CovarianceKind::hessian;
  return titrant::nlme::estimate(Communicator{}, model, initial, options, 1);
}

/// \param smoothing  iterations with shrinking steps: the noise of the end falls with their square root
Saem ended(const SubjectModel& model, const Population& initial, std::uint64_t seed, int smoothing = 200) {
  titrant::nlme::SaemOptions options;
  options.smoothing = smoothing;
  return titrant::nlme::saem(Communicator{}, model, initial, options, seed);
}

/// Ends from several seeds scatter about the maximum by less than a share of its standard errors, and without a bias
/// that their scatter would not explain.
void expect_maximum(const SubjectModel& model, const Population& initial, double share = 0.1, int smoothing = 200) {
  constexpr int seeds = 8;
  const Estimation exact = maximum_by_focei(model, initial);
  ASSERT_TRUE(exact.converged) << exact.message;
  const Layout layout(initial);
  std::vector<Saem> ends;
  for (int seed = 0; seed < seeds; ++seed) {
    ends.push_back(ended(model, initial, 40 + static_cast<std::uint64_t>(seed), smoothing));
  }
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const double standard_error = std::sqrt(exact.covariance[i * layout.size() + i]);
    double mean = 0.0;
    for (const Saem& end : ends) mean += end.x[i] / seeds;
    double squares = 0.0;
    for (const Saem& end : ends) squares += std::pow(end.x[i] - mean, 2);
    const double spread = std::sqrt(squares / (seeds - 1));
    EXPECT_LT(spread, share * standard_error) << layout.coordinates()[i].name;
    // Student's t with 7 degrees of freedom exceeds 6.1 once in 2,000; a thousandth of a standard error is the start's.
    EXPECT_NEAR(mean, exact.x[i], 6.1 * spread / std::sqrt(seeds) + 1e-3 * standard_error)
        << layout.coordinates()[i].name << ", in standard errors " << (mean - exact.x[i]) / standard_error;
  }
}

/// The likelihood at the end has no slope: the Newton step along each coordinate is a small part of the distance over
/// which the likelihood changes by 1, its standard error with the others held.
void expect_stationary(const SubjectModel& model, const Saem& end, double allowed) {
  const Layout layout(end.population);
  const auto at = [&](std::size_t i, double by) {
    std::vector<double> x = end.x;
    x[i] += by;
    return titrant::nlme::importance_sampled(Communicator{}, model, layout.decode(x), {.pairs = 400}, 9).value;
  };
  for (std::size_t i = 0; i < layout.size(); ++i) {
    constexpr double width = 0.02;
    const double above = at(i, width);
    const double below = at(i, -width);
    const double slope = (above - below) / (2.0 * width);
    const double curvature = (above - 2.0 * at(i, 0.0) + below) / (width * width);
    ASSERT_GT(curvature, 0.0) << layout.coordinates()[i].name;
    EXPECT_LT(std::abs(slope) / curvature, allowed * std::sqrt(2.0 / curvature)) << layout.coordinates()[i].name;
  }
}

/// Data whose etas have something in common that makes them correlated.
class CorrelatedData : public titrant::tests::LogLinear {
 public:
  explicit CorrelatedData(std::size_t subjects) {
    titrant::tests::simulate(*this, titrant::tests::log_linear_population(), subjects, seven_times, 21);
    for (std::size_t s = 0; s < data.size(); ++s) {
      const double shared = titrant::core::Stream(99, titrant::core::Purpose::test, s).normal();
      for (std::size_t j = 0; j < seven_times.size(); ++j) data[s].values[j] += shared * (0.3 + 0.2 * seven_times[j]);
    }
  }
};

Population wrong_start(Population population) {
  population.parameters[0].typical *= 2.0;
  population.parameters[1].typical *= 0.7;
  for (titrant::nlme::Parameter& parameter : population.parameters) parameter.omega *= 1.5;
  population.errors[0].model.additive *= 2.0;
  return population;
}

TEST(Saem, FindsTheMaximumOfALinearModelWithABlock) {
  expect_maximum(CorrelatedData(60), wrong_start(titrant::tests::correlated_population(0.0)));
}

TEST(Saem, FindsItWithFewSubjectsAndMoreChains) {
  const CorrelatedData model(15);
  const Population initial = wrong_start(titrant::tests::correlated_population(0.2));
  EXPECT_EQ(ended(model, initial, 1).chains, 4U);
  expect_maximum(model, initial);
}

TEST(Saem, FindsItWithPartOfABlockHeld) {
  Population initial = wrong_start(titrant::tests::correlated_population(0.3));
  initial.parameters[1].omega = 0.25;
  initial.parameters[1].omega_fixed = true;
  expect_maximum(CorrelatedData(60), initial);
  initial.parameters[1].omega_fixed = false;
  initial.blocks[0].fixed = true;
  expect_maximum(CorrelatedData(60), initial);
}

TEST(Saem, FindsItWithOccasionsAndAParameterWithoutEta) {
  Population population = titrant::tests::log_linear_population();
  titrant::tests::Occasions model(population, 3);
  for (std::size_t s = 0; s < model.data.size(); ++s) {
    titrant::core::Stream stream(98, titrant::core::Purpose::test, s);
    const std::vector<double> kappas = {0.3 * stream.normal(), 0.3 * stream.normal(), 0.3 * stream.normal()};
    titrant::tests::ToySubject& subject = model.data[s];
    for (std::size_t j = 0; j < subject.times.size(); ++j) {
      subject.values[j] += kappas[model.occasions(s)[model.segment_at(subject.times[j])]];
    }
  }
  population.parameters[0].occasion_omega = 0.2;
  expect_maximum(model, wrong_start(population), 0.2, 600);
  // b is the same in all subjects and moves by scores. Beside eta and kappas, most of what is known of it with these
  // held is not known without them, so that steps of 1/k are short ones and the ends scatter more.
  population.parameters[1].omega = 0.0;
  expect_maximum(model, wrong_start(population), 0.35, 600);
}

TEST(Saem, EndsWhereTheLikelihoodOfANonlinearModelIsStationary) {
  const Population truth = titrant::tests::saturation_population();
  titrant::tests::Saturation model;
  titrant::tests::simulate(model, truth, 50, seven_times, 8);
  Population start = truth;
  start.parameters[0].typical = 12.0;
  start.parameters[1].typical = 5.0;
  start.parameters[2].typical = 1.2;
  start.errors[0].model = {.additive = 0.5, .proportional = 0.3};
  const Saem end = ended(model, start, 3, 800);
  EXPECT_TRUE(end.settled) << end.message;
  EXPECT_EQ(end.trajectory.size(), 1100U);
  EXPECT_EQ(end.trajectory.back(), end.x);
  for (const std::size_t kernel : {1U, 2U}) EXPECT_NEAR(end.acceptance.at(kernel), 0.4, 0.1);
  EXPECT_GT(end.acceptance[0], 0.0);
  expect_stationary(model, end, 0.15);
  // No approximation: the likelihood is at least that of FOCEI's estimates.
  const auto likelihood = [&](const Population& population) {
    return titrant::nlme::importance_sampled(Communicator{}, model, population, {}, 5);
  };
  const titrant::nlme::ImportanceSampled here = likelihood(end.population);
  const titrant::nlme::ImportanceSampled there = likelihood(maximum_by_focei(model, truth).population);
  EXPECT_LT(here.value, there.value + 0.1 + 3.0 * std::hypot(here.standard_error, there.standard_error));
}

TEST(Saem, CensoredValuesEnterByTheirProbability) {
  class Limited : public titrant::tests::MonoExponential {
   public:
    Limited() : MonoExponential(10.0) {}
    std::span<const unsigned char> censored(std::size_t subject) const override { return flags[subject]; }
    std::vector<std::vector<unsigned char>> flags;
  } model;
  Population truth{
      .parameters = {{.name = "k", .units = "1/h", .scale = {}, .typical = 0.4, .omega = 0.5, .effects = {}}},
      .errors = {{.model = {.additive = 0.0, .proportional = 0.2}}}};
  titrant::tests::simulate(model, truth, 50, {1.0, 3.0, 5.0, 8.0}, 5);
  constexpr double limit = 1.0;
  std::size_t below = 0;
  for (titrant::tests::ToySubject& subject : model.data) {
    model.flags.emplace_back();
    for (double& value : subject.values) {
      model.flags.back().push_back(value < limit ? 1 : 0);
      below += model.flags.back().back();
      value = std::max(value, limit);
    }
  }
  ASSERT_GT(below, 50U);
  truth.parameters[0].typical = 1.0;
  const Saem end = ended(model, truth, 2);
  expect_stationary(model, end, 0.15);
  // Taken for measurements at the limit, they would move the rate by more than its standard error.
  EXPECT_NEAR(end.population.parameters[0].typical, 0.4, 3.0 * 0.4 * 0.5 / std::sqrt(50.0));
}

TEST(Saem, HoldsWhatIsFixed) {
  titrant::tests::Saturation model;
  Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 20, seven_times, 14);
  population.parameters[2].typical = 1.8;
  population.parameters[2].typical_fixed = true;
  population.parameters[0].typical = 7.0;
  population.parameters[0].typical_fixed = true;
  population.parameters[1].omega_fixed = true;
  population.errors[0].additive_fixed = true;
  const Saem end = titrant::nlme::saem(Communicator{}, model, population, {.exploration = 50, .smoothing = 20}, 1);
  EXPECT_EQ(end.population.parameters[2].typical, 1.8);
  EXPECT_EQ(end.population.parameters[0].typical, 7.0);
  EXPECT_EQ(end.population.parameters[1].omega, 0.5);
  EXPECT_EQ(end.population.errors[0].model.additive, 0.2);
  EXPECT_NE(end.population.parameters[0].omega, 0.3);
  EXPECT_NE(end.population.parameters[0].effects[0].effect.coefficient, -0.3);
}

TEST(Saem, SaysWhatStillDrifted) {
  const CorrelatedData model(60);
  Population far = titrant::tests::log_linear_population();
  far.parameters[1].omega = 0.0;
  far.parameters[1].typical = 1.5 * std::exp(-7.5);  // by scores, 0.5 in an iteration
  const Saem longer = titrant::nlme::saem(Communicator{}, model, far, {.exploration = 16, .smoothing = 4}, 1);
  EXPECT_TRUE(longer.settled) << "it explores on while a parameter drifts";
  EXPECT_GT(longer.exploration, 16U);
  EXPECT_EQ(longer.trajectory.size(), longer.exploration + 4);
  const Saem end = titrant::nlme::saem(Communicator{}, model, far, {.exploration = 10, .smoothing = 4}, 1);
  EXPECT_FALSE(end.settled);
  EXPECT_THAT(end.message, testing::HasSubstr("b"));
  EXPECT_THAT(end.message, testing::HasSubstr("still drifted when the steps began to shrink, after 30 iterations"));
  EXPECT_TRUE(ended(model, far, 1).settled);
}

TEST(Saem, NamesASubjectWithoutALikelihood) {
  titrant::tests::MonoExponential model(0.0);  // predicts 0
  Population population{
      .parameters = {{.name = "k", .units = "1/h", .scale = {}, .typical = 0.4, .omega = 0.5, .effects = {}}},
      .errors = {{.model = {.additive = 0.0, .proportional = 0.2}}}};
  model.data = {{.times = {1.0}, .values = {1.0}, .covariates = {}}};
  try {
    ended(model, population, 1);
    FAIL() << "expected a NumericalError";
  } catch (const titrant::NumericalError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("subject 0 at 1"));
  }
}

}  // namespace
