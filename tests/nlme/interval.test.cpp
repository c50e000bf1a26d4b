#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <vector>

#include "expect_gradient.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/nlme/censored.hpp"
#include "titrant/nlme/objective.hpp"
#include "toy_trials.hpp"

namespace {

using titrant::nlme::censored_term;
using titrant::nlme::Interval;
using titrant::nlme::interval_term;
using titrant::nlme::Objective;
using titrant::nlme::Population;
using titrant::nlme::ResidualTerm;
using titrant::pkpd::ErrorModel;
using Real = boost::multiprecision::cpp_bin_float_100;

using titrant::core::infinity;
const ErrorModel interval_error{.additive = 0.3, .proportional = 0.2};
const ErrorModel unit{.additive = 1.0, .proportional = 0.0};

/// -2 log of the probability of an interval of a standard normal number, with a hundred digits.
double exactly(double lower, double upper) {
  const Real root = sqrt(Real(2));
  const Real probability = (erfc(Real(lower) / root) - erfc(Real(upper) / root)) / 2;
  return static_cast<double>(-2 * log(probability));
}

/// Wide and narrow, about the prediction and far from it, open at either end.
const std::vector<Interval> intervals = {{0.0, 1.0},   {0.5, 1.0},      {0.999, 1.0},    {1.0, 3.0},
                                         {-50.0, 1.0}, {1.0, infinity}, {-infinity, 1.0}};
const std::vector<double> interval_predictions = {0.05, 0.9, 1.4, 4.0, 40.0};

}  // namespace

TEST(IntervalTerm, IsMinusTwiceTheLogProbability) {
  for (const Interval& known : std::vector<Interval>{{-1.0, 1.0},
                                                     {-9.0, 9.0},
                                                     {0.0, 0.1},
                                                     {2.0, 2.0001},
                                                     {5.0, 9.0},
                                                     {-9.0, -5.0},
                                                     {-30.0, -29.9},
                                                     {35.0, 36.0},
                                                     {-4.0, 30.0}}) {
    const double expected = exactly(known.lower, known.upper);
    // Of a narrow interval the width itself is known to 1e-16 over the width.
    const double rounding = 1e-15 * (1.0 + std::abs(known.upper)) / (known.upper - known.lower);
    EXPECT_NEAR(interval_term(known, 0.0, unit).value, expected, 1e-12 * std::abs(expected) + 4.0 * rounding)
        << known.lower << " " << known.upper;
  }
}

TEST(IntervalTerm, IsFiniteWhereTheProbabilityIsNot) {
  const ResidualTerm term = interval_term({0.0, 1.0}, 1001.0, unit);
  const ResidualTerm below = censored_term(1.0, 1001.0, unit);
  EXPECT_NEAR(term.value, below.value, 1e-12 * below.value);  // the lower end is e^-1000 further away
  EXPECT_NEAR(term.slope, below.slope, 1e-10 * below.slope);
  EXPECT_NEAR(term.weight, below.weight, 1e-8);
}

// An end that no number reaches is none: the quadrature over an interval agrees with the closed form of the tail.
TEST(IntervalTerm, OpensToTheTermOfALimit) {
  for (const double f : interval_predictions) {
    const ResidualTerm closed = interval_term({-1e4, 1.0}, f, interval_error);
    const ResidualTerm open = censored_term(1.0, f, interval_error);
    EXPECT_NEAR(closed.value, open.value, 1e-11 * (1.0 + open.value)) << f;
    EXPECT_NEAR(closed.slope, open.slope, 1e-9 * (1.0 + std::abs(open.slope))) << f;
    EXPECT_NEAR(closed.curvature, open.curvature, 1e-8 * (1.0 + std::abs(open.curvature))) << f;
    EXPECT_NEAR(closed.weight, open.weight, 1e-9 * (1.0 + open.weight)) << f;
    EXPECT_NEAR(closed.weight_slope, open.weight_slope, 1e-8 * (1.0 + std::abs(open.weight_slope))) << f;
    for (std::size_t e = 0; e < 2; ++e) {
      EXPECT_NEAR(closed.value_by_error[e], open.value_by_error[e], 1e-9 * (1.0 + std::abs(open.value_by_error[e])));
      EXPECT_NEAR(closed.slope_by_error[e], open.slope_by_error[e], 1e-8 * (1.0 + std::abs(open.slope_by_error[e])));
      EXPECT_NEAR(closed.weight_by_error[e], open.weight_by_error[e], 1e-8 * (1.0 + std::abs(open.weight_by_error[e])));
    }
  }
}

// A very narrow interval is a measured value: -2 log(density x width).
TEST(IntervalTerm, NarrowsToTheTermOfAValue) {
  constexpr double width = 1e-3;
  for (const double f : {0.5, 1.0, 2.0}) {
    const ResidualTerm term = interval_term({1.0 - 0.5 * width, 1.0 + 0.5 * width}, f, interval_error);
    const ResidualTerm value = titrant::nlme::residual_term(1.0, f, interval_error);
    EXPECT_NEAR(term.value, value.value + std::log(2.0 * M_PI) - 2.0 * std::log(width), 1e-5) << f;
    EXPECT_NEAR(term.slope, value.slope, 1e-4) << f;
  }
}

TEST(IntervalTerm, DerivativesByThePrediction) {
  for (const Interval& known : intervals) {
    for (const double f : interval_predictions) {
      const double step = 1e-5 * f;
      const ResidualTerm term = interval_term(known, f, interval_error);
      const ResidualTerm above = interval_term(known, f + step, interval_error);
      const ResidualTerm below = interval_term(known, f - step, interval_error);
      const auto expect = [&](double derivative, double high, double low, double size, const char* what) {
        EXPECT_NEAR(derivative, (high - low) / (2.0 * step),
                    2e-7 * std::abs(derivative) + 1e-9 * (1.0 + std::abs(size)) / f)
            << what << " at " << f << " in " << known.lower << " .. " << known.upper;
      };
      expect(term.slope, above.value, below.value, term.value, "slope");
      expect(term.curvature, above.slope, below.slope, term.slope, "curvature");
      expect(term.weight_slope, above.weight, below.weight, term.weight, "weight");
      EXPECT_GE(term.weight, 0.0);
    }
  }
}

TEST(IntervalTerm, DerivativesByTheError) {
  constexpr double step = 1e-5;
  for (const Interval& known : intervals) {
    for (const double f : interval_predictions) {
      const ResidualTerm term = interval_term(known, f, interval_error);
      for (std::size_t which = 0; which < 2; ++which) {
        const auto moved = [&](double by) {
          ErrorModel error = interval_error;
          (which == 0 ? error.additive : error.proportional) *= std::exp(by);
          return interval_term(known, f, error);
        };
        const ResidualTerm above = moved(step);
        const ResidualTerm below = moved(-step);
        const auto expect = [&](double actual, double high, double low, double size) {
          EXPECT_NEAR(actual, (high - low) / (2.0 * step), 2e-7 * std::abs(actual) + 1e-8 * (1.0 + std::abs(size)))
              << f << " in " << known.lower << " .. " << known.upper;
        };
        expect(term.value_by_error[which], above.value, below.value, term.value);
        expect(term.slope_by_error[which], above.slope, below.slope, term.slope);
        expect(term.weight_by_error[which], above.weight, below.weight, term.weight);
      }
    }
  }
}

namespace {

/// A toy model of which some values are known to lie in intervals: below 1.5, between 1.5 and 3, above 5.
class Known : public titrant::tests::Saturation {
 public:
  std::span<const unsigned char> censored(std::size_t subject) const override { return flags[subject]; }
  std::span<const Interval> intervals(std::size_t subject) const override { return known[subject]; }
  void coarsen() {
    for (const titrant::tests::ToySubject& subject : data) {
      flags.emplace_back();
      known.emplace_back();
      for (const double value : subject.values) {
        const Interval interval = value < 1.5   ? Interval{-infinity, 1.5}
                                  : value < 3.0 ? Interval{1.5, 3.0}
                                  : value > 5.0 ? Interval{5.0, infinity}
                                                : Interval{};
        flags.back().push_back(std::isinf(interval.lower) && std::isinf(interval.upper) ? 0 : 1);
        known.back().push_back(interval);
      }
    }
  }
  std::vector<std::vector<unsigned char>> flags;
  std::vector<std::vector<Interval>> known;
};

}  // namespace

TEST(Intervals, GradientOfTheObjective) {
  Known model;
  const Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(model, population, 8, {0.5, 1.0, 2.0, 4.0, 7.0, 12.0}, 31);
  model.coarsen();
  std::size_t kinds[3] = {0, 0, 0};
  for (const auto& subject : model.known) {
    for (const Interval& one : subject) {
      if (std::isfinite(one.lower) && std::isfinite(one.upper)) ++kinds[1];
      if (std::isinf(one.lower) && std::isfinite(one.upper)) ++kinds[0];
      if (std::isfinite(one.lower) && std::isinf(one.upper)) ++kinds[2];
    }
  }
  for (const std::size_t count : kinds) EXPECT_GE(count, 2U);
  Objective objective(titrant::parallel::Communicator{}, model, population);
  std::vector<double> x = objective.layout().encode(population);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.1 : -0.1;
  titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
}
