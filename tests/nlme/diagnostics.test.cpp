#include "titrant/nlme/diagnostics.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/design.hpp"
#include "toy_trials.hpp"

namespace {

using titrant::nlme::FitSummary;
using titrant::nlme::ObservationRow;
using titrant::nlme::Population;
using titrant::tests::LogLinear;
using titrant::tests::ToyModel;

/// A fit as if it had ended at `population`, with the empirical Bayes estimates that belong to it.
FitSummary fit_at(const ToyModel& model, const Population& population) {
  FitSummary fit;
  fit.population = population;
  const std::vector<std::size_t> places = population.eta_parameters();
  const auto count = static_cast<Eigen::Index>(places.size());
  for (const std::size_t p : places) fit.eta_names.push_back(population.parameters[p].name);
  const titrant::nlme::Design design(model, population);
  const titrant::nlme::RandomEffects effects(population);
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<double> mean = design.mean(subject, population);
    const auto errors = titrant::nlme::observation_errors(model, subject, population);
    const auto problem = titrant::nlme::subject_problem(model, subject, population, mean, effects, errors);
    const auto mode = titrant::nlme::find_mode(problem, titrant::nlme::SmallVector::Zero(count),
                                               titrant::nlme::SmallMatrix::Zero(count, count));
    fit.subjects.push_back(subject);
    fit.etas.emplace_back(mode.eta.begin(), mode.eta.end());
  }
  return fit;
}

std::vector<std::vector<double>> times_of(const ToyModel& model) {
  std::vector<std::vector<double>> times;
  for (const auto& subject : model.data) times.push_back(subject.times);
  return times;
}

/// The symmetric inverse square root of a positive definite matrix by the iteration of Denman and Beavers (1976).
Eigen::MatrixXd inverse_square_root(const Eigen::MatrixXd& matrix) {
  Eigen::MatrixXd root = matrix;
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols());
  for (int step = 0; step < 60; ++step) {
    const Eigen::MatrixXd next = 0.5 * (root + inverse.inverse());
    inverse = 0.5 * (inverse + root.inverse());
    root = next;
  }
  return inverse;
}

/// Residuals of LogLinear standardised by its exact mean and covariance, for one subject.
Eigen::VectorXd exact_residuals(const titrant::tests::ToySubject& subject, const Population& population) {
  const auto n = static_cast<Eigen::Index>(subject.times.size());
  const auto& a = population.parameters[0];
  const auto& b = population.parameters[1];
  Eigen::VectorXd residual(n);
  Eigen::MatrixXd slopes(n, 2);
  for (Eigen::Index j = 0; j < n; ++j) {
    const auto row = static_cast<std::size_t>(j);
    slopes(j, 0) = a.omega;
    slopes(j, 1) = b.omega * subject.times[row];
    residual[j] = subject.values[row] - std::log(a.typical) -
                  a.effects[0].effect.coefficient * std::log(subject.covariates.at("weight") / 70.0) -
                  subject.times[row] * std::log(b.typical);
  }
  Eigen::MatrixXd covariance = slopes * slopes.transpose();
  covariance.diagonal().array() += std::pow(population.errors[0].model.additive, 2);
  return inverse_square_root(covariance) * residual;
}

const std::vector<double> five_times = {0.0, 1.0, 2.0, 4.0, 8.0};

/// Some observations of the first subject are below the limit of quantification, and all of the second.
class LogLinearCensored : public LogLinear {
 public:
  std::span<const unsigned char> censored(std::size_t subject) const override {
    if (subject == 0) return some_;
    if (subject == 1) return all_;
    return {};
  }

 private:
  std::vector<unsigned char> some_ = {0, 1, 0, 0, 1};
  std::vector<unsigned char> all_ = {1, 1, 1, 1, 1};
};

/// Every second observation is of a second kind.
class LogLinearOfTwoKinds : public LogLinear {
 public:
  std::span<const unsigned char> responses(std::size_t /*subject*/) const override { return kinds_; }

 private:
  std::vector<unsigned char> kinds_ = {0, 1, 0, 1, 0};
};

}  // namespace

// A model that is linear in its etas is its own linearisation: the conditional residuals are the exact ones, whatever
// the empirical Bayes estimates. The tolerance is rounding of two different matrix roots.
TEST(Diagnostics, OfALinearModelAreTheExactResiduals) {
  LogLinear model;
  const Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 20, five_times, 61);
  FitSummary fit = fit_at(model, population);
  for (const double shift : {0.0, 0.3}) {
    for (auto& etas : fit.etas) etas[0] += shift;
    const std::vector<ObservationRow> rows = titrant::nlme::diagnose(model, fit, times_of(model));
    ASSERT_EQ(rows.size(), 100U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Eigen::VectorXd exact = exact_residuals(model.data[i / 5], population);
      EXPECT_NEAR(rows[i].cwres, exact[static_cast<Eigen::Index>(i % 5)], 1e-9);
      EXPECT_EQ(rows[i].subject, i / 5);
      EXPECT_EQ(rows[i].time, five_times[i % 5]);
      EXPECT_EQ(rows[i].observed, model.data[i / 5].values[i % 5]);
    }
  }
}

TEST(Diagnostics, PredictAtTheTypicalAndAtTheOwnParameters) {
  LogLinear model;
  const Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 5, five_times, 62);
  const FitSummary fit = fit_at(model, population);
  for (const ObservationRow& row : titrant::nlme::diagnose(model, fit, times_of(model))) {
    const double weight = model.data[row.subject].covariates.at("weight");
    const double typical = std::log(3.0) + 0.75 * std::log(weight / 70.0) + row.time * std::log(1.5);
    const std::vector<double>& etas = fit.etas[row.subject];
    EXPECT_NEAR(row.pred, typical, 1e-12);
    EXPECT_NEAR(row.ipred, typical + etas[0] + row.time * etas[1], 1e-12);
    EXPECT_NEAR(row.iwres, (row.observed - row.ipred) / 0.25, 1e-12);
    EXPECT_FALSE(row.censored);
  }
}

// Without an eta nothing is left but the residual error, at the prediction.
TEST(Diagnostics, WithoutEtasAllWeightedResidualsAreTheSame) {
  titrant::tests::Saturation model;
  Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 5, {0.5, 2.0, 7.0}, 63);
  for (auto& parameter : population.parameters) parameter.omega = 0.0;
  for (const ObservationRow& row : titrant::nlme::diagnose(model, fit_at(model, population), times_of(model))) {
    const double deviation = std::hypot(0.2, 0.1 * row.pred);
    EXPECT_EQ(row.ipred, row.pred);
    EXPECT_NEAR(row.iwres, (row.observed - row.pred) / deviation, 1e-12);
    EXPECT_NEAR(row.cwres, row.iwres, 1e-12);
  }
}

// A strongly nonlinear model with interaction, 400 subjects of 6 values: mean and variance of 2,400 residuals have
// standard errors of 0.02 and 0.03; the linearisation itself is right to a few percent.
TEST(Diagnostics, AreStandardNormalIfTheModelIsRight) {
  titrant::tests::Saturation model;
  Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 400, {0.5, 1.0, 2.0, 4.0, 7.0, 12.0}, 64);
  const auto moments = [&] {
    double sum = 0.0;
    double squares = 0.0;
    const std::vector<ObservationRow> rows = titrant::nlme::diagnose(model, fit_at(model, population), times_of(model));
    for (const ObservationRow& row : rows) {
      sum += row.cwres;
      squares += row.cwres * row.cwres;
    }
    const auto count = static_cast<double>(rows.size());
    return std::pair{sum / count, squares / count};
  };
  const auto [mean, square] = moments();
  EXPECT_NEAR(mean, 0.0, 0.06);
  EXPECT_NEAR(square, 1.0, 0.1);
  population.parameters[0].typical *= 1.5;  // a wrong model is found out
  EXPECT_LT(moments().first, -0.25);
}

// What is censored has no residual, and the others are those of the subject without it.
TEST(Diagnostics, LeaveOutWhatIsCensored) {
  LogLinearCensored model;
  const Population population = titrant::tests::log_linear_population();
  titrant::tests::simulate(model, population, 3, five_times, 65);
  const std::vector<ObservationRow> rows = titrant::nlme::diagnose(model, fit_at(model, population), times_of(model));
  ASSERT_EQ(rows.size(), 15U);
  titrant::tests::ToySubject measured = model.data[0];
  measured.times = {0.0, 2.0, 4.0};
  measured.values = {model.data[0].values[0], model.data[0].values[2], model.data[0].values[3]};
  const Eigen::VectorXd exact = exact_residuals(measured, population);
  EXPECT_NEAR(rows[0].cwres, exact[0], 1e-9);
  EXPECT_NEAR(rows[2].cwres, exact[1], 1e-9);
  EXPECT_NEAR(rows[3].cwres, exact[2], 1e-9);
  for (const std::size_t i : {1U, 4U, 5U, 6U, 7U, 8U, 9U}) {
    EXPECT_TRUE(rows[i].censored);
    EXPECT_TRUE(std::isnan(rows[i].iwres));
    EXPECT_TRUE(std::isnan(rows[i].cwres));
    EXPECT_TRUE(std::isfinite(rows[i].ipred));
  }
  EXPECT_FALSE(std::isnan(rows[10].cwres));
}

// Doubling the error of one kind halves its IWRES and leaves the other's; CWRES mixes both, for they share the etas.
TEST(Diagnostics, WeightEachKindByItsOwnError) {
  LogLinearOfTwoKinds model;
  Population population = titrant::tests::log_linear_population();
  population.errors.push_back(population.errors.front());
  titrant::tests::simulate(model, population, 4, five_times, 66);
  FitSummary fit = fit_at(model, population);
  const std::vector<ObservationRow> before = titrant::nlme::diagnose(model, fit, times_of(model));
  fit.population.errors[1].model.additive *= 2.0;
  const std::vector<ObservationRow> after = titrant::nlme::diagnose(model, fit, times_of(model));
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].response, i % 5 % 2);
    EXPECT_NEAR(after[i].iwres, before[i].iwres * (after[i].response == 1 ? 0.5 : 1.0), 1e-12);
    EXPECT_NE(after[i].cwres, before[i].cwres);
  }
}

namespace {

/// A fit with given empirical Bayes estimates of one eta, one subject per value.
FitSummary fit_of(const std::vector<double>& etas) {
  FitSummary fit;
  fit.eta_names = {"clearance"};
  for (std::size_t i = 0; i < etas.size(); ++i) {
    fit.etas.push_back({etas[i]});
    fit.subjects.push_back(i);
  }
  return fit;
}

}  // namespace

// Anscombe (1973), Am Stat 27:17, the first of his four sets; R's cor.test gives r = 0.81642, p = 0.00217.
TEST(CovariateRelations, OfAContinuousCovariateAreTheCorrelation) {
  LogLinear model;
  const std::vector<double> x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  for (const double value : x) model.data.push_back({{}, {}, {{"age", value}, {"sex", 1.0}}});
  const auto relations = titrant::nlme::covariate_relations(
      model, fit_of({8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}));
  ASSERT_EQ(relations.size(), 1U);  // everybody has the same sex
  EXPECT_EQ(relations[0].eta, "clearance");
  EXPECT_EQ(relations[0].covariate, "age");
  EXPECT_FALSE(relations[0].binary);
  EXPECT_NEAR(relations[0].statistic, 0.81642, 5.1e-6);  // five digits are printed
  EXPECT_NEAR(relations[0].p_value, 0.00217, 5.1e-6);
}

// The sleep data of Student (1908), Biometrika 6:1, as two groups of ten: R's t.test with equal variances gives a
// difference of 1.58 and p = 0.07919.
TEST(CovariateRelations, OfABinaryCovariateAreTheDifferenceOfMeans) {
  LogLinear model;
  for (int i = 0; i < 20; ++i) model.data.push_back({{}, {}, {{"drug", i < 10 ? 0.0 : 1.0}}});
  const auto relations =
      titrant::nlme::covariate_relations(model, fit_of({0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0,  //
                                                        1.9, 0.8,  1.1,  0.1,  -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}));
  ASSERT_EQ(relations.size(), 1U);
  EXPECT_TRUE(relations[0].binary);
  EXPECT_NEAR(relations[0].statistic, 1.58, 1e-12);
  EXPECT_NEAR(relations[0].p_value, 0.07919, 5.1e-6);
}

TEST(CovariateRelations, LeaveOutWhatSomebodyLacksAndWhatSaysNothing) {
  LogLinear model;
  for (int i = 0; i < 4; ++i) model.data.push_back({{}, {}, {{"age", 30.0 + i}, {"height", 170.0 - i}}});
  model.data[2].covariates.erase("height");
  const auto relations = titrant::nlme::covariate_relations(model, fit_of({0.0, 0.0, 0.0, 0.0}));
  ASSERT_EQ(relations.size(), 1U);
  EXPECT_EQ(relations[0].covariate, "age");
  EXPECT_TRUE(std::isnan(relations[0].p_value));  // the etas do not differ
}
