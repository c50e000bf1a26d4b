#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/nlme/fit_summary.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/residual.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace {

using namespace titrant;

const pkpd::ErrorModel zero_or_one{.form = pkpd::ErrorForm::binary};

/// Subjects with some values of 0 or 1 each, whose probability is a parameter with an eta on the logit scale.
class Coins : public nlme::SubjectModel {
 public:
  explicit Coins(std::vector<std::vector<double>> values) : values_(std::move(values)) {}
  std::size_t subjects() const override { return values_.size(); }
  std::span<const double> observed(std::size_t subject) const override { return values_[subject]; }
  const pkpd::Covariates& covariates(std::size_t /*subject*/) const override { return none_; }
  void predict(std::size_t /*subject*/, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    for (double& one : value) one = parameters[0];
    for (double& one : gradient) one = 1.0;
  }
  std::string describe(std::size_t subject, std::size_t /*observation*/) const override {
    return "subject " + std::to_string(subject);
  }

 private:
  std::vector<std::vector<double>> values_;
  pkpd::Covariates none_;
};

nlme::Population coin_population(double probability, double omega) {
  nlme::Population population;
  population.parameters = {{.name = "p",
                            .units = "1",
                            .scale = {.kind = nlme::Scale::Kind::logit, .lower = 0.0, .upper = 1.0},
                            .typical = probability,
                            .omega = omega}};
  population.errors.front().model = zero_or_one;
  return population;
}

}  // namespace

TEST(Binary, TermIsThatOfBernoulli) {
  for (const double p : {1e-6, 0.03, 0.4, 0.9, 0.9999}) {
    for (const double y : {0.0, 1.0}) {
      const auto value = [&](double at) { return -2.0 * std::log(y > 0.0 ? at : 1.0 - at); };
      const nlme::ResidualTerm term = nlme::residual_term(y, p, zero_or_one);
      const double h = 1e-4 * std::min(p, 1.0 - p);
      EXPECT_NEAR(term.value, value(p), 1e-9);
      EXPECT_NEAR(term.slope, (value(p + h) - value(p - h)) / (2.0 * h), 1e-6 * std::abs(term.slope));
      const auto slope = [&](double at) { return nlme::residual_term(y, at, zero_or_one).slope; };
      EXPECT_NEAR(term.curvature, (slope(p + h) - slope(p - h)) / (2.0 * h), 1e-6 * term.curvature);
      // The expectation of half the curvature over both values.
      const double other = nlme::residual_term(1.0 - y, p, zero_or_one).curvature;
      const double expected =
          0.5 * (y > 0.0 ? p * term.curvature + (1.0 - p) * other : (1.0 - p) * term.curvature + p * other);
      EXPECT_NEAR(term.weight, expected, 1e-9 * expected);
      const double up = nlme::residual_term(y, p + h, zero_or_one).weight;
      const double down = nlme::residual_term(y, p - h, zero_or_one).weight;
      EXPECT_NEAR(term.weight_slope, (up - down) / (2.0 * h), 1e-5 * (std::abs(term.weight_slope) + term.weight));
    }
  }
}

// Laplace's approximation of one subject written out: -2 log of the integrand at its largest, and the log of half its
// second derivative, both by plain search and differences on the logit.
TEST(Binary, ObjectiveIsLaplaces) {
  const std::vector<double> values = {1, 0, 1, 1, 0, 1, 1, 1};
  const Coins model({values});
  constexpr double omega = 0.8;
  const double typical = std::log(0.3 / 0.7);
  const auto minus_two_log = [&](double eta) {
    double sum = eta * eta / (omega * omega) + 2.0 * std::log(omega);
    for (const double y : values) sum += 2.0 * std::log1p(std::exp(y > 0.0 ? -(typical + eta) : typical + eta));
    return sum;
  };
  double best = 0.0;
  for (double width = 4.0; width > 1e-9; width *= 0.5) {
    for (const double candidate : {best - width, best + width}) {
      if (minus_two_log(candidate) < minus_two_log(best)) best = candidate;
    }
  }
  constexpr double h = 1e-3;
  const double curvature =
      (minus_two_log(best + h) - 2.0 * minus_two_log(best) + minus_two_log(best - h)) / (2.0 * h * h);
  nlme::Objective objective(parallel::Communicator{}, model, coin_population(0.3, omega));
  const std::vector<double> x = {typical, std::log(omega)};
  EXPECT_NEAR(objective.evaluate(x).value, minus_two_log(best) + std::log(curvature), 1e-4);
  EXPECT_EQ(objective.binary(), values.size());
}

// A probability has no constant log(2 pi): -2 log L is the objective, so that BIC compares with that of a constant.
TEST(Binary, MinusTwoLogLikelihoodHasNoConstant) {
  nlme::Estimation estimation;
  estimation.objective = 700.0;
  estimation.observations = 110;
  estimation.censored = 10;
  estimation.binary = 60;
  const nlme::FitSummary fit = nlme::summarise(std::move(estimation), {});
  EXPECT_NEAR(fit.minus_two_log_likelihood, 700.0 + 40.0 * std::log(2.0 * std::numbers::pi), 1e-10);
}
