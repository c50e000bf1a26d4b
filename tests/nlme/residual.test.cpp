#include "titrant/nlme/residual.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "titrant/nlme/censored.hpp"

using titrant::nlme::FactorTerm;
using titrant::nlme::Interval;
using titrant::nlme::interval_term;
using titrant::nlme::residual_term;
using titrant::nlme::ResidualTerm;
using titrant::pkpd::ErrorForm;
using titrant::pkpd::ErrorModel;

namespace {

constexpr double observed = 2.7;
constexpr double predicted = 1.9;
constexpr double step = 1e-5;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// One of each form, with the standard deviation that its definition gives at `predicted`.
struct NamedError {
  const char* name;
  ErrorModel error;
  double deviation;
};
const std::vector<NamedError> residual_errors = {
    {"variances", {.additive = 0.3, .proportional = 0.2}, std::sqrt(0.09 + 0.04 * predicted * predicted)},
    {"deviations", {.additive = 0.3, .proportional = 0.2, .form = ErrorForm::deviations}, 0.3 + 0.2 * predicted},
    {"power",
     {.additive = 0.0, .proportional = 0.25, .form = ErrorForm::power, .exponent = 0.7},
     0.25 * std::pow(predicted, 0.7)},
    {"log_normal", {.additive = 0.0, .proportional = 0.2, .form = ErrorForm::log_normal}, 0.2}};

/// What is known of a value: its number, or that it lies in an interval.
const std::vector<Interval> known_intervals = {{-infinity, 1.1}, {1.6, 2.9}, {0.0, 0.8}, {3.1, infinity}};

ErrorModel moved(ErrorModel error, std::size_t which, double by) {
  double& first = error.form == ErrorForm::power ? error.exponent : error.additive;
  (which == 0 ? first : error.proportional) *= std::exp(by);
  return error;
}

/// Holds all derivatives of a term against differences.
/// \param term_at  the term at a prediction with an error model
template <class Term>
void expect_derivatives(const Term& term_at, const ErrorModel& error, const std::string& what) {
  const ResidualTerm term = term_at(predicted, error);
  const auto expect = [&](double actual, double high, double low, const char* which) {
    // Truncation is step^2 = 1e-10 times third derivatives, which are of order 100 far out in a tail.
    EXPECT_NEAR(actual, (high - low) / (2.0 * step), 1e-7 * (1.0 + std::abs(actual))) << what << ": " << which;
  };
  const ResidualTerm above = term_at(predicted + step, error);
  const ResidualTerm below = term_at(predicted - step, error);
  expect(term.slope, above.value, below.value, "slope");
  expect(term.curvature, above.slope, below.slope, "curvature");
  expect(term.weight_slope, above.weight, below.weight, "slope of the weight");
  for (std::size_t which = 0; which < 2; ++which) {
    const ResidualTerm more = term_at(predicted, moved(error, which, step));
    const ResidualTerm less = term_at(predicted, moved(error, which, -step));
    expect(term.value_by_error[which], more.value, less.value, "value by an error");
    expect(term.slope_by_error[which], more.slope, less.slope, "slope by an error");
    expect(term.weight_by_error[which], more.weight, less.weight, "weight by an error");
  }
}

/// The same of the subject's own factor.
template <class Term>
void expect_factor_derivatives(const Term& term_at, ErrorModel error, const std::string& what) {
  error.omega = 0.3;
  const FactorTerm term = term_at(predicted, error).factor;
  const auto expect = [&](double actual, double high, double low, const char* which) {
    EXPECT_NEAR(actual, (high - low) / (2.0 * step), 1e-7 * (1.0 + std::abs(actual))) << what << ": " << which;
  };
  const ResidualTerm wide = term_at(predicted, error.of_subject(step));
  const ResidualTerm narrow = term_at(predicted, error.of_subject(-step));
  expect(term.slope, wide.value, narrow.value, "slope by the factor");
  expect(term.curvature, wide.factor.slope, narrow.factor.slope, "curvature by the factor");
  expect(term.mixed, wide.slope, narrow.slope, "mixed derivative");
  expect(term.weight_by_factor, wide.weight, narrow.weight, "weight by the factor");
  expect(term.own_weight_by_factor, wide.factor.own_weight, narrow.factor.own_weight, "own weight by the factor");
  expect(term.shared_weight_by_factor, wide.factor.shared_weight, narrow.factor.shared_weight,
         "shared weight by the factor");
  const FactorTerm above = term_at(predicted + step, error).factor;
  const FactorTerm below = term_at(predicted - step, error).factor;
  expect(term.own_weight_slope, above.own_weight, below.own_weight, "slope of the own weight");
  expect(term.shared_weight_slope, above.shared_weight, below.shared_weight, "slope of the shared weight");
  for (std::size_t which = 0; which < 2; ++which) {
    const FactorTerm more = term_at(predicted, moved(error, which, step)).factor;
    const FactorTerm less = term_at(predicted, moved(error, which, -step)).factor;
    expect(term.slope_by_error[which], more.slope, less.slope, "slope by an error");
    expect(term.own_weight_by_error[which], more.own_weight, less.own_weight, "own weight by an error");
    expect(term.shared_weight_by_error[which], more.shared_weight, less.shared_weight, "shared weight by an error");
  }
}

double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi); }
double normal_probability(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

}  // namespace

TEST(Residual, IsMinusTwiceTheLogDensityOfTheValueWithoutItsConstant) {
  for (const auto& [name, error, deviation] : residual_errors) {
    const bool log = error.form == ErrorForm::log_normal;
    const double z = log ? std::log(observed / predicted) / deviation : (observed - predicted) / deviation;
    const double density = normal_density(z) / (log ? deviation * observed : deviation);
    EXPECT_NEAR(residual_term(observed, predicted, error).value,
                -2.0 * std::log(density) - std::log(2.0 * std::numbers::pi), 1e-13)
        << name;
    EXPECT_NEAR(std::sqrt(error.variance(predicted)), deviation, 1e-15) << name;
    EXPECT_NEAR(error.measured(predicted, z), observed, 1e-14) << name;
  }
}

TEST(Residual, OfAnIntervalIsMinusTwiceTheLogOfItsProbability) {
  for (const auto& [name, error, deviation] : residual_errors) {
    for (const Interval& known : known_intervals) {
      const auto standardised = [&, deviation = deviation, error = error](double value) {
        if (std::isinf(value)) return value;
        const bool log = error.form == ErrorForm::log_normal;
        return (log ? std::log(value / predicted) : value - predicted) / deviation;
      };
      const double probability =
          normal_probability(standardised(known.upper)) - normal_probability(standardised(known.lower));
      EXPECT_NEAR(interval_term(known, predicted, error).value, -2.0 * std::log(probability), 1e-9)
          << name << " " << known.lower << " .. " << known.upper;
    }
  }
}

TEST(Residual, WeightIsTheInformationAboutThePrediction) {
  // Half the expectation of the curvature over values with the error's distribution: by three-point Gauss-Hermite
  // quadrature, exact for the quadratic that the curvature is in the standardised residual.
  const double node = std::sqrt(3.0);
  for (const auto& [name, error, deviation] : residual_errors) {
    double expectation = 2.0 / 3.0 * residual_term(predicted, predicted, error).curvature;
    for (const double z : {-node, node}) {
      expectation += residual_term(error.measured(predicted, z), predicted, error).curvature / 6.0;
    }
    EXPECT_NEAR(residual_term(observed, predicted, error).weight, 0.5 * expectation, 1e-11) << name;
  }
}

TEST(Residual, WeightsOfTheFactorAreTheInformationAboutItAndThePrediction) {
  const double node = std::sqrt(3.0);  // exact as above: both are at most quadratic in the standardised residual
  for (const auto& [name, error, deviation] : residual_errors) {
    const FactorTerm at_median = residual_term(predicted, predicted, error).factor;
    double alone = 2.0 / 3.0 * at_median.curvature;
    double shared = 2.0 / 3.0 * at_median.mixed;
    for (const double z : {-node, node}) {
      const FactorTerm factor = residual_term(error.measured(predicted, z), predicted, error).factor;
      alone += factor.curvature / 6.0;
      shared += factor.mixed / 6.0;
    }
    const FactorTerm factor = residual_term(observed, predicted, error).factor;
    EXPECT_NEAR(factor.own_weight, 0.5 * alone, 1e-11) << name;
    EXPECT_NEAR(factor.shared_weight, 0.5 * shared, 1e-11) << name;
  }
}

// Of an interval the information about (f, u) is a positive semidefinite matrix: half the curvature of -2 log P in ends
// that move, and P is log-concave in both.
TEST(Residual, InformationOfAnIntervalIsNeverNegative) {
  for (NamedError one : residual_errors) {
    one.error.omega = 0.3;
    for (const Interval& known : known_intervals) {
      const ResidualTerm term = interval_term(known, predicted, one.error);
      const FactorTerm& factor = term.factor;
      EXPECT_GE(factor.own_weight, 0.0) << one.name;
      EXPECT_GE(term.weight * factor.own_weight - factor.shared_weight * factor.shared_weight,
                -1e-12 * term.weight * factor.own_weight)
          << one.name << " " << known.lower << " .. " << known.upper;
    }
  }
}

TEST(Residual, DerivativesByTheFactorOfASubject) {
  for (const NamedError& one : residual_errors) {
    expect_factor_derivatives([](double f, const ErrorModel& error) { return residual_term(observed, f, error); },
                              one.error, one.name);
    for (const Interval& known : known_intervals) {
      expect_factor_derivatives([&](double f, const ErrorModel& error) { return interval_term(known, f, error); },
                                one.error, std::string(one.name) + " in an interval");
    }
  }
}

TEST(Residual, Derivatives) {
  for (const NamedError& one : residual_errors) {
    expect_derivatives([](double f, const ErrorModel& error) { return residual_term(observed, f, error); }, one.error,
                       one.name);
    for (const Interval& known : known_intervals) {
      expect_derivatives([&](double f, const ErrorModel& error) { return interval_term(known, f, error); }, one.error,
                         std::string(one.name) + " in an interval");
    }
  }
}
