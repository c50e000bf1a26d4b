#include "titrant/nlme/censored.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

#include "expect_gradient.hpp"
#include "titrant/nlme/objective.hpp"
#include "toy_trials.hpp"

namespace {

using titrant::nlme::censored_term;
using titrant::nlme::Objective;
using titrant::nlme::Population;
using titrant::nlme::ResidualTerm;
using titrant::parallel::Communicator;
using titrant::pkpd::ErrorModel;

const ErrorModel combined{.additive = 0.3, .proportional = 0.2};

/// Predictions from far below the limit of 1 to far above it: z from 3 down to -30 and, at 1e4, near -5, the limit 1 /
/// b.
const std::vector<double> predictions = {0.05, 0.9, 1.1, 2.0, 6.0, 40.0, 1e4};

/// A toy model whose values below a limit are censored.
template <class Model>
class Censored : public Model {
 public:
  using Model::Model;
  std::span<const unsigned char> censored(std::size_t subject) const override { return flags[subject]; }
  void censor_below(double limit) {
    flags.clear();
    for (titrant::tests::ToySubject& subject : this->data) {
      flags.emplace_back();
      for (double& value : subject.values) {
        flags.back().push_back(value < limit ? 1 : 0);
        value = std::max(value, limit);
      }
    }
  }
  std::vector<std::vector<unsigned char>> flags;
};

}  // namespace

// Against Boost's normal distribution, whose lower tail is accurate as far as its numbers reach.
TEST(CensoredTerm, IsMinusTwiceTheLogProbabilityBelowTheLimit) {
  const boost::math::normal standard;
  for (const double z : {-36.0, -12.0, -3.0000001, -2.9999999, -1.0, 0.0, 1.0, 4.0, 8.0}) {
    const double value = censored_term(z, 0.0, {.additive = 1.0, .proportional = 0.0}).value;
    const double expected =
        z > 3.0 ? -2.0 * std::log1p(-cdf(complement(standard, z))) : -2.0 * std::log(cdf(standard, z));
    EXPECT_NEAR(value, expected, 1e-12 * expected) << z;
  }
}

// Far below the limit's tail, -2 log Phi(z) = z^2 + log(2 pi z^2) - 2 log(1 - 1 / z^2 + ...).
TEST(CensoredTerm, IsFiniteWhereTheProbabilityIsNot) {
  const ResidualTerm term = censored_term(1.0, 1001.0, {.additive = 1.0, .proportional = 0.0});
  EXPECT_NEAR(term.value, 1e6 + std::log(2.0 * M_PI * 1e6) + 2e-6, 1e-8);
  EXPECT_NEAR(term.slope, 2.0 * (1000.0 + 1e-3), 1e-8);
  EXPECT_NEAR(term.weight, 1.0 - 1e-6, 1e-10);  // lambda (lambda + z) -> 1 - 1 / z^2
}

TEST(CensoredTerm, DerivativesByThePrediction) {
  for (const double f : predictions) {
    const double step = 1e-5 * f;
    const ResidualTerm term = censored_term(1.0, f, combined);
    const ResidualTerm above = censored_term(1.0, f + step, combined);
    const ResidualTerm below = censored_term(1.0, f - step, combined);
    // Relative truncation is step^2 = 1e-10 times third over first derivatives; rounding 1e-16 / 1e-5 of the values.
    const auto tolerance = [&](double derivative, double value) {
      return 1e-7 * std::abs(derivative) + 1e-10 * std::abs(value) / f;
    };
    EXPECT_NEAR(term.slope, (above.value - below.value) / (2.0 * step), tolerance(term.slope, term.value)) << f;
    EXPECT_NEAR(term.curvature, (above.slope - below.slope) / (2.0 * step), tolerance(term.curvature, term.slope)) << f;
    EXPECT_NEAR(term.weight_slope, (above.weight - below.weight) / (2.0 * step),
                tolerance(term.weight_slope, term.weight))
        << f;
  }
}

TEST(CensoredTerm, DerivativesByTheError) {
  constexpr double step = 1e-5;
  for (const double f : predictions) {
    const ResidualTerm term = censored_term(1.0, f, combined);
    for (std::size_t which = 0; which < 2; ++which) {
      const auto moved = [&](double by) {
        ErrorModel error = combined;
        (which == 0 ? error.additive : error.proportional) *= std::exp(by);
        return censored_term(1.0, f, error);
      };
      const ResidualTerm above = moved(step);
      const ResidualTerm below = moved(-step);
      const auto expect = [&](double actual, double high, double low, double size) {
        EXPECT_NEAR(actual, (high - low) / (2.0 * step), 1e-7 * std::abs(actual) + 1e-8 * std::abs(size)) << f;
      };
      expect(term.value_by_error[which], above.value, below.value, term.value);
      expect(term.slope_by_error[which], above.slope, below.slope, term.slope);
      expect(term.weight_by_error[which], above.weight, below.weight, term.weight);
    }
  }
}

// With an additive error, the information is half the curvature, and no more than that of the uncensored value, 1 / v.
TEST(CensoredTerm, InformationIsTheCurvatureOfAnAdditiveError) {
  const ErrorModel additive{.additive = 0.4, .proportional = 0.0};
  for (const double f : predictions) {
    const ResidualTerm term = censored_term(1.0, f, additive);
    EXPECT_NEAR(term.weight, 0.5 * term.curvature, 1e-12 * term.weight) << f;
    EXPECT_GT(term.weight, 0.0) << f;
    EXPECT_LE(term.weight, 1.0 / 0.16) << f;
  }
}

TEST(Censored, GradientOfTheObjective) {
  Censored<titrant::tests::Saturation> model;
  const Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 8, {0.5, 1.0, 2.0, 4.0, 7.0, 12.0}, 31);
  model.censor_below(1.5);
  Objective objective(Communicator{}, model, population);
  EXPECT_EQ(objective.observations(), 48U);
  EXPECT_GE(objective.censored(), 10U);
  std::vector<double> x = objective.layout().encode(population);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.1 : -0.1;
  titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
}

// A subject's exact likelihood, an integral over one eta, by the trapezoidal rule, which converges exponentially here.
// Laplace's approximation is known to err by a share of 1 / n of a log unit, n the observations of a subject.
TEST(Censored, IsNearTheExactLikelihood) {
  Censored<titrant::tests::LogLinear> model;
  Population population = titrant::tests::log_linear_population();
  population.parameters[0].effects.clear();
  population.parameters[1].omega = 0.0;
  population.parameters[1].typical = 0.8;
  titrant::tests::simulate(model, population, 30, {0.5, 1.0, 2.0, 4.0, 7.0, 9.0}, 32);
  model.censor_below(0.0);
  Objective objective(Communicator{}, model, population);
  EXPECT_GE(objective.censored(), 40U);
  const std::vector<double> x = objective.layout().encode(population);
  const titrant::nlme::Evaluation evaluation = objective.evaluate(x);
  const boost::math::normal standard;
  const double omega = population.parameters[0].omega;
  const double sigma = population.errors[0].model.additive;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    double likelihood = 0.0;
    constexpr double step = 0.002;
    for (int node = -2000; node <= 2000; ++node) {
      const double eta = node * step;
      double density = std::exp(-0.5 * std::pow(eta / omega, 2)) / (omega * std::sqrt(2.0 * M_PI));
      for (std::size_t j = 0; j < model.observed(subject).size(); ++j) {
        const double f = std::log(3.0) + eta + model.data[subject].times[j] * std::log(0.8);
        const double z = (model.observed(subject)[j] - f) / sigma;
        // The objective leaves out 1 / sqrt(2 pi) of the uncensored.
        density *= model.flags[subject][j] != 0 ? cdf(standard, z) : std::exp(-0.5 * z * z) / sigma;
      }
      likelihood += step * density;
    }
    EXPECT_NEAR(evaluation.subject_values[subject], -2.0 * std::log(likelihood), 0.02) << subject;
  }
}
