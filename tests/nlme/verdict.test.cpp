#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <vector>

#include "titrant/nlme/estimate.hpp"
#include "toy_trials.hpp"

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using titrant::nlme::CovarianceKind;
using titrant::nlme::Estimation;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

Estimation estimate(const titrant::nlme::SubjectModel& model, const Population& population,
                    CovarianceKind kind = CovarianceKind::automatic) {
  return titrant::nlme::estimate(Communicator{}, model, population, {.starts = 1, .optimiser = {}, .covariance = kind},
                                 1);
}

/// a and b without etas and effects: a straight line with additive error.
Population straight_line() {
  Population population = titrant::tests::log_linear_population();
  population.parameters[0].effects.clear();
  for (auto& parameter : population.parameters) parameter.omega = 0.0;
  return population;
}

Eigen::MatrixXd covariance_of(const Estimation& fit) {
  const auto count = static_cast<Eigen::Index>(fit.x.size());
  return Eigen::Map<const Eigen::MatrixXd>(fit.covariance.data(), count, count);
}

/// A model whose derivatives are wrong: no step that they promise to be an improvement is one.
class WrongSlopes : public titrant::tests::LogLinear {
 public:
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    LogLinear::predict(subject, parameters, value, gradient);
    for (double& slope : gradient) slope = -slope;
  }
};

}  // namespace

TEST(Verdict, IsEmptyWhereAllIsWell) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 40, {0.5, 1.0, 2.0, 4.0}, 61);
  const Estimation fit = estimate(model, truth);
  EXPECT_TRUE(fit.identified);
  EXPECT_TRUE(fit.verdict.empty()) << fit.verdict.front();
  EXPECT_EQ(fit.message, "converged");
}

// At t = 1 only the sum of log(a) and log(b) enters.
TEST(Verdict, NamesParametersThatOnlyTheirCombinationIsKnownOf) {
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, straight_line(), 20, {1.0, 1.0}, 62);
  const Estimation fit = estimate(model, straight_line());
  EXPECT_FALSE(fit.identified);
  EXPECT_THAT(fit.verdict, Contains(testing::AllOf(HasSubstr("not identified: "), HasSubstr("a"), HasSubstr("b"),
                                                   HasSubstr("; only their combination is"))));
  EXPECT_THAT(fit.message, Not(HasSubstr("converged")));
  EXPECT_THAT(fit.message, HasSubstr("the data do not identify"));
}

// Times of 0 and 1e-4 h tell b to 35 standard errors of log(b) at best: a minimum, but a flat one.
TEST(Verdict, NamesAParameterThatTheDataHardlyKnow) {
  titrant::tests::LogLinear model;
  titrant::tests::simulate(model, straight_line(), 50, {0.0, 1e-3}, 63);
  const Estimation fit = estimate(model, straight_line());
  EXPECT_FALSE(fit.identified);
  EXPECT_THAT(fit.verdict, Contains(HasSubstr("not identified: b")));
  EXPECT_THAT(fit.message, HasSubstr("the data do not identify b"));
}

TEST(Verdict, NamesACoefficientOfACovariateThatDoesNotVary) {
  titrant::tests::LogLinear model;
  Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 20, {0.5, 1.0, 2.0}, 64);
  for (auto& subject : model.data) subject.covariates["weight"] = 80.0;
  const Estimation fit = estimate(model, population);
  EXPECT_FALSE(fit.identified);
  EXPECT_THAT(fit.verdict, Contains(HasSubstr("a.weight")));
}

// Of a straight line observed far from t = 0, intercept and slope have a correlation of -mean(t) / rms(t) and the
// correlation matrix the eigenvalues 1 +- that; the residual error, independent of both, has 1.
TEST(Verdict, ConditionNumberOfAStraightLine) {
  titrant::tests::LogLinear model;
  const std::vector<double> times = {10.0, 10.2, 10.4};
  titrant::tests::simulate(model, straight_line(), 200, times, 65);
  const Estimation fit = estimate(model, straight_line(), CovarianceKind::hessian);
  const double correlation = 10.2 / std::sqrt((100.0 + 10.2 * 10.2 + 10.4 * 10.4) / 3.0);
  const double expected = (1.0 + correlation) / (1.0 - correlation);
  EXPECT_GT(expected, 1000.0);
  EXPECT_NEAR(fit.condition_number, expected, 1e-3 * expected);  // differences of the gradient: 1e-6 of the Hessian
  EXPECT_THAT(fit.verdict, Contains(testing::AllOf(HasSubstr("condition number"), HasSubstr("a and b"))));
}

// R^-1, S^-1 and R^-1 S R^-1 of the same fit.
TEST(Verdict, CovariancesAreMadeOfTheSameTwoMatrices) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 25, {0.5, 1.0, 2.0, 4.0}, 66);
  const Estimation r = estimate(model, truth, CovarianceKind::hessian);
  const Estimation s = estimate(model, truth, CovarianceKind::outer_product);
  const Estimation both = estimate(model, truth, CovarianceKind::sandwich);
  EXPECT_EQ(r.standard_error_method, "hessian");
  EXPECT_EQ(s.standard_error_method, "outer product");
  EXPECT_EQ(both.standard_error_method, "sandwich");
  const Eigen::MatrixXd expected = covariance_of(r) * covariance_of(s).inverse() * covariance_of(r);
  EXPECT_LT((covariance_of(both) - expected).norm(), 1e-10 * expected.norm());
  EXPECT_GT((covariance_of(r) - covariance_of(s)).norm(), 0.05 * covariance_of(r).norm());  // they do differ
}

TEST(Verdict, ThereIsNoOuterProductOfFewerSubjectsThanParameters) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 4, {0.5, 1.0, 2.0, 4.0, 6.0}, 67);
  const Estimation fit = estimate(model, truth, CovarianceKind::outer_product);
  EXPECT_EQ(fit.standard_error_method, "none: the subjects' gradients do not span all parameters");
  EXPECT_TRUE(std::isnan(fit.condition_number));
  EXPECT_THAT(fit.verdict, Contains(HasSubstr("no standard errors")));
}

TEST(Verdict, WithoutStandardErrorsTheObjectiveIsTheSame) {
  titrant::tests::LogLinear model;
  const Population truth = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, truth, 25, {0.5, 1.0, 2.0, 4.0}, 66);
  const Estimation without = estimate(model, truth, CovarianceKind::none);
  EXPECT_NEAR(without.objective, estimate(model, truth).objective, 1e-3);  // the optimiser's tolerance
  EXPECT_EQ(without.standard_error_method, "none: not asked for");
  EXPECT_TRUE(std::isnan(without.covariance[0]));
  EXPECT_TRUE(without.converged && without.identified && without.verdict.empty());
}

TEST(Verdict, NamesAPersonWhoseEtasCannotBeFound) {
  WrongSlopes model;
  Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 3, {0.5, 1.0, 2.0}, 68);
  for (auto& parameter : population.parameters) {
    parameter.typical_fixed = parameter.omega_fixed = true;
    for (auto& effect : parameter.effects) effect.fixed = true;
  }
  population.errors[0].additive_fixed = true;
  const Estimation fit = estimate(model, population);
  EXPECT_THAT(fit.verdict, Contains(HasSubstr("subject 1 at 0.5")));
}
