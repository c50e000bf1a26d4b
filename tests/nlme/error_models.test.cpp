#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "expect_gradient.hpp"
#include "titrant/nlme/approximation.hpp"
#include "titrant/nlme/estimate.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/saem.hpp"
#include "toy_trials.hpp"

/// \file
/// Residual error models in fits. References: the linear model whose values are logarithms, differences, and the truth
/// that values were drawn from.

namespace {

using titrant::nlme::Interval;
using titrant::nlme::Objective;
using titrant::nlme::Population;
using titrant::parallel::Communicator;
using titrant::pkpd::ErrorForm;
using titrant::pkpd::ErrorModel;

const std::vector<double> eight_times = {0.3, 0.8, 1.5, 2.5, 4.0, 6.0, 9.0, 14.0};

/// exp(y) of a linear model for its y: with a log-normal error, the same likelihood but for the change of variables.
class Exponentiated : public titrant::nlme::SubjectModel {
 public:
  explicit Exponentiated(const titrant::tests::ToyModel& logarithms) : logarithms_(logarithms) {
    for (std::size_t s = 0; s < logarithms.subjects(); ++s) {
      values_.emplace_back();
      for (const double value : logarithms.observed(s)) values_.back().push_back(std::exp(value));
    }
  }
  std::size_t subjects() const override { return logarithms_.subjects(); }
  std::span<const double> observed(std::size_t subject) const override { return values_[subject]; }
  const titrant::pkpd::Covariates& covariates(std::size_t subject) const override {
    return logarithms_.covariates(subject);
  }
  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    logarithms_.predict(subject, parameters, value, gradient);
    for (std::size_t j = 0; j < value.size(); ++j) {
      value[j] = std::exp(value[j]);
      for (std::size_t p = 0; p < parameters.size(); ++p) gradient[j * parameters.size() + p] *= value[j];
    }
  }
  std::string describe(std::size_t subject, std::size_t observation) const override {
    return logarithms_.describe(subject, observation);
  }
  double minus_two_log_jacobian() const {
    double sum = 0.0;
    for (std::size_t s = 0; s < subjects(); ++s) {
      for (const double value : logarithms_.observed(s)) sum += 2.0 * value;
    }
    return sum;
  }

 private:
  const titrant::tests::ToyModel& logarithms_;
  std::vector<std::vector<double>> values_;
};

Population with_error(Population population, const ErrorModel& error) {
  population.errors[0].model = error;
  return population;
}

class LimitedSaturation : public titrant::tests::Saturation {
 public:
  LimitedSaturation(const Population& truth, double limit) {
    titrant::tests::simulate(*this, truth, 12, eight_times, 31);
    for (titrant::tests::ToySubject& subject : data) {
      flags_.emplace_back();
      limits_.emplace_back();
      for (double& value : subject.values) {
        flags_.back().push_back(value < limit ? 1 : 0);
        limits_.back().push_back({0.0, limit});
        value = std::max(value, limit);
      }
    }
  }
  std::span<const unsigned char> censored(std::size_t subject) const override { return flags_[subject]; }
  std::span<const Interval> intervals(std::size_t subject) const override { return limits_[subject]; }

 private:
  std::vector<std::vector<unsigned char>> flags_;
  std::vector<std::vector<Interval>> limits_;
};

const std::vector<ErrorModel> forms = {
    {.additive = 0.2, .proportional = 0.1, .form = ErrorForm::deviations},
    {.additive = 0.0, .proportional = 0.2, .form = ErrorForm::power, .exponent = 0.6},
    {.additive = 0.0, .proportional = 0.15, .form = ErrorForm::log_normal}};

TEST(ErrorModels, ALogNormalErrorIsAnAdditiveOneOfLogarithms) {
  titrant::tests::LogLinear logarithms;
  const Population linear = titrant::tests::log_linear_population();
  titrant::tests::simulate(logarithms, linear, 20, eight_times, 4);
  const Exponentiated model(logarithms);
  const Population log_normal = with_error(
      linear, {.additive = 0.0, .proportional = linear.errors[0].model.additive, .form = ErrorForm::log_normal});
  Objective of_logarithms(Communicator{}, logarithms, linear);
  Objective of_values(Communicator{}, model, log_normal);
  EXPECT_EQ(of_values.layout().coordinates().back().name, "error.log_normal");
  std::vector<double> x = of_logarithms.layout().encode(linear);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.1 : -0.1;
  const titrant::nlme::Evaluation one = of_logarithms.evaluate(x);
  const titrant::nlme::Evaluation other = of_values.evaluate(x);
  const double jacobian = model.minus_two_log_jacobian();
  EXPECT_NEAR(other.value, one.value + jacobian, 1e-9 * std::abs(one.value));
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(other.gradient[i], one.gradient[i], 1e-5) << i;
  EXPECT_NEAR(titrant::nlme::first_order_objective(model, log_normal),
              titrant::nlme::first_order_objective(logarithms, linear) + jacobian, 1e-8 * std::abs(one.value));
  EXPECT_NEAR(titrant::nlme::conditional_objective_without_interaction(model, log_normal),
              titrant::nlme::conditional_objective_without_interaction(logarithms, linear) + jacobian,
              1e-8 * std::abs(one.value));
  const titrant::nlme::Saem end = titrant::nlme::saem(Communicator{}, model, log_normal, {}, 3);
  const titrant::nlme::Saem same = titrant::nlme::saem(Communicator{}, logarithms, linear, {}, 3);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(end.x[i], same.x[i], 1e-5) << i;
}

TEST(ErrorModels, GradientsOfTheObjectiveWithCensoredValues) {
  for (ErrorModel error : forms) {
    for (const double omega : {0.0, 0.4}) {
      error.omega = omega;
      const Population population = with_error(titrant::tests::saturation_population(), error);
      const LimitedSaturation model(population, 1.5);
      Objective objective(Communicator{}, model, population);
      EXPECT_GE(objective.censored(), 10U);
      std::vector<double> x = objective.layout().encode(population);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.1 : -0.1;
      titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
    }
  }
}

TEST(ErrorModels, FitsFindTheErrorThatValuesWereDrawnWith) {
  for (const ErrorModel& error : forms) {
    const Population truth = with_error(titrant::tests::saturation_population(), error);
    titrant::tests::Saturation model;
    titrant::tests::simulate(model, truth, 60, eight_times, 12);
    Population start = truth;
    titrant::pkpd::ErrorModel& wrong = start.errors[0].model;
    wrong.additive *= 3.0;
    wrong.proportional *= 0.5;
    if (error.form == ErrorForm::power) wrong.exponent = 1.0;
    titrant::nlme::EstimationOptions options;
    options.starts = 1;
    options.covariance = titrant::nlme::CovarianceKind::hessian;
    const titrant::nlme::Estimation fit = titrant::nlme::estimate(Communicator{}, model, start, options, 1);
    ASSERT_TRUE(fit.converged) << fit.message;
    const titrant::nlme::Layout layout(start);
    const std::vector<double> expected = layout.encode(truth);
    for (std::size_t i = 0; i < layout.size(); ++i) {
      if (!is_error(layout.coordinates()[i].role)) continue;
      const double standard_error = std::sqrt(fit.covariance[i * layout.size() + i]);
      EXPECT_NEAR(fit.x[i], expected[i], 3.0 * standard_error) << layout.coordinates()[i].name;
      EXPECT_LT(standard_error, 0.6) << layout.coordinates()[i].name;
    }
  }
}

}  // namespace
