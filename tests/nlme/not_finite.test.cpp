#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/nlme/estimate.hpp"
#include "toy_trials.hpp"

/// \file
/// Models that have no finite answer beyond a value of a parameter: the best finite point is kept, and a descent that
/// was stopped there does not count as converged.

namespace {

using titrant::nlme::Estimation;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

/// log(a) + t log(b) as long as b is below an edge.
class Edge : public titrant::tests::LogLinear {
 public:
  enum class Missing { prediction, derivative };
  Edge(double edge, Missing missing) : edge_(edge), missing_(missing) {
    LogLinear everywhere;
    titrant::tests::simulate(everywhere, titrant::tests::log_linear_population(), 30, {0.5, 1.0, 2.0, 4.0, 7.0}, 11);
    data = everywhere.data;
  }

  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    LogLinear::predict(subject, parameters, value, gradient);
    if (parameters[1] <= edge_) return;
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (missing_ == Missing::prediction) std::fill(value.begin(), value.end(), none);
    std::fill(gradient.begin(), gradient.end(), none);
  }

 private:
  double edge_;
  Missing missing_;
};

/// The same as long as b is near a value.
class Band : public titrant::tests::LogLinear {
 public:
  Band(double middle, double width) : middle_(middle), width_(width) {
    data = Edge(10.0, Edge::Missing::prediction).data;
  }

  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    LogLinear::predict(subject, parameters, value, gradient);
    if (std::abs(parameters[1] - middle_) <= width_) return;
    std::fill(value.begin(), value.end(), std::numeric_limits<double>::quiet_NaN());
  }

 private:
  double middle_;
  double width_;
};

/// b is 1.5 in the data, the same in all subjects of the fit.
Population low_start() {
  Population population = titrant::tests::log_linear_population();
  population.parameters[1].typical = 1.1;
  population.parameters[1].omega = 0.0;
  return population;
}

Estimation fitted(const Edge& model, const Population& initial) {
  return titrant::nlme::estimate(Communicator{}, model, initial, {.starts = 1, .optimiser = {}}, 1);
}

TEST(NotFinite, ADescentThatIsStoppedByItIsNotConverged) {
  for (const Edge::Missing missing : {Edge::Missing::prediction, Edge::Missing::derivative}) {
    const Edge model(1.3, missing);
    const Estimation fit = fitted(model, low_start());
    EXPECT_FALSE(fit.converged);
    EXPECT_TRUE(std::isfinite(fit.objective));
    EXPECT_LE(fit.population.parameters[1].typical, 1.3);
    EXPECT_GT(fit.population.parameters[1].typical, 1.25);
    EXPECT_THAT(fit.verdict, testing::Contains(testing::ContainsRegex("still falls along .*b")));
  }
}

TEST(NotFinite, FarFromTheOptimumItChangesNothing) {
  constexpr double nowhere = std::numeric_limits<double>::infinity();
  for (const Edge::Missing missing : {Edge::Missing::prediction, Edge::Missing::derivative}) {
    const Estimation fit = fitted(Edge(1.8, missing), low_start());
    const Estimation without = fitted(Edge(nowhere, missing), low_start());
    EXPECT_TRUE(fit.converged) << fit.message;
    EXPECT_NEAR(fit.objective, without.objective, 1e-6);
    EXPECT_NEAR(fit.population.parameters[1].typical, without.population.parameters[1].typical, 1e-5);
  }
}

TEST(NotFinite, ValuesToStartFromAreNamed) {
  for (const Edge::Missing missing : {Edge::Missing::prediction, Edge::Missing::derivative}) {
    try {
      fitted(Edge(1.05, missing), low_start());
      FAIL() << "expected a NumericalError";
    } catch (const titrant::NumericalError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("no start of the estimation has a finite objective"));
    }
  }
}

// Where proposals of sampling importance resampling have no likelihood, the fit and its covariance stand.
TEST(NotFinite, ProposalsWithoutALikelihoodLeaveTheCovariance) {
  const Edge everywhere(10.0, Edge::Missing::prediction);
  const Estimation plain = fitted(everywhere, low_start());
  const titrant::nlme::Estimate& b = plain.estimates.at(2);
  ASSERT_EQ(b.name, "b");
  titrant::nlme::EstimationOptions options{.starts = 1, .optimiser = {}};
  options.resampling = true;
  const Band model(b.value, 0.1 * b.standard_error);  // some 8 % of the proposals, of which 20 % would do
  const Estimation fit = titrant::nlme::estimate(Communicator{}, model, plain.population, options, 1);
  EXPECT_TRUE(fit.draws.empty());
  EXPECT_NEAR(fit.estimates.at(2).standard_error, b.standard_error, 0.02 * b.standard_error);
  EXPECT_THAT(fit.verdict, testing::Contains(testing::HasSubstr("standard errors are those of the covariance")));
}

}  // namespace
