#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "people.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::pkpd {

namespace {

/// A subject on ten doses with a baseline that moves.
struct MovingCase {
  Individual individual;
  Biomarker biomarker;
  Course course;
  std::vector<Dose> doses;
};

MovingCase moving_case(std::size_t number) {
  core::Stream stream(29, core::Purpose::test, number);
  const auto log_uniform = [&](double low, double high) { return low * std::pow(high / low, stream.uniform()); };
  MovingCase c;
  c.individual = two_compartment(log_uniform(0.2, 3.0), log_uniform(10.0, 80.0), log_uniform(200.0, 2000.0),
                                 log_uniform(20.0, 200.0), log_uniform(300.0, 3000.0));
  c.individual.lag = number % 3 == 0 ? 1.5 : 0.0;
  c.biomarker.structure = all_biomarker_structures.at(number % 8);
  c.biomarker.baseline = log_uniform(1.0, 50.0);
  c.biomarker.kout = log_uniform(0.01, 0.5);
  c.biomarker.ke0 = log_uniform(0.01, 0.5);
  c.biomarker.imax = stream.uniform(0.3, 0.95);
  c.biomarker.ic50 = log_uniform(0.3, 10.0);
  c.biomarker.hill = number % 2 == 0 ? 1.0 : log_uniform(0.7, 3.0);
  c.biomarker.baseline_model = all_baseline_models.at(1 + number / 8 % 3);
  c.biomarker.baseline_slope = stream.uniform(-0.004, 0.008);
  c.biomarker.baseline_amplitude = stream.uniform(0.05, 0.6);
  c.biomarker.baseline_phase = stream.uniform(-12.0, 36.0);
  c.course = {.interval = number % 5 == 0 ? 48.0 : 24.0};
  for (int k = 0; k < 10; ++k) c.doses.push_back({.time = k * c.course.interval, .amount = 10.0});
  return c;
}

/// b and b' as the documentation has them.
std::array<double, 2> documented(const Biomarker& biomarker, double t) {
  switch (biomarker.baseline_model) {
    case BaselineModel::linear:
      return {1.0 + biomarker.baseline_slope * t, biomarker.baseline_slope};
    case BaselineModel::exponential: {
      const double b = std::exp(biomarker.baseline_slope * t);
      return {b, biomarker.baseline_slope * b};
    }
    default: {
      const double w = std::numbers::pi / 12.0;
      const double angle = w * (t - biomarker.baseline_phase);
      return {1.0 + biomarker.baseline_amplitude * std::cos(angle),
              -biomarker.baseline_amplitude * w * std::sin(angle)};
    }
  }
}

/// R at the end of equal steps, by the classical Runge-Kutta method on the equations of BaselineModel as they stand: R
/// itself, or Ce. `concentrations` has C at the begin, middle and end of every step.
std::vector<double> by_runge_kutta(const Biomarker& m, const std::vector<double>& concentrations, double step) {
  using enum BiomarkerStructure;
  const bool turnover = m.structure <= turnover_stimulation_of_loss;
  const auto effect = [&](double c) {
    const double u = std::pow(c, m.hill) / (std::pow(m.ic50, m.hill) + std::pow(c, m.hill));
    return inhibits(m.structure) ? 1.0 - m.imax * u : 1.0 + m.imax * u;
  };
  const auto slope = [&](double t, double y, double c) {
    if (!turnover) return m.ke0 * (c - y);
    const auto [b, by_time] = documented(m, t);
    const bool of_loss = m.structure == turnover_inhibition_of_loss || m.structure == turnover_stimulation_of_loss;
    const double f = of_loss ? 1.0 : effect(c);
    const double g = of_loss ? effect(c) : 1.0;
    return m.kout * m.baseline * b * f - (m.kout * g - by_time / b) * y;
  };
  double y = turnover ? m.baseline * documented(m, 0.0)[0] : 0.0;
  std::vector<double> values;
  for (std::size_t i = 0; 2 * i + 2 < concentrations.size(); ++i) {
    const double t = static_cast<double>(i) * step;
    const double* c = &concentrations[2 * i];
    const double k1 = slope(t, y, c[0]);
    const double k2 = slope(t + 0.5 * step, y + 0.5 * step * k1, c[1]);
    const double k3 = slope(t + 0.5 * step, y + 0.5 * step * k2, c[1]);
    const double k4 = slope(t + step, y + step * k3, c[2]);
    y += step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    const double b = documented(m, t + step)[0];
    if (turnover) {
      values.push_back(y);
    } else {
      const bool direct = m.structure == direct_inhibition || m.structure == direct_stimulation;
      values.push_back(m.baseline * b * effect(direct ? c[2] : y));
    }
  }
  return values;
}

}  // namespace

TEST(BaselineModel, SolvesItsEquations) {
  constexpr double step = 0.02;
  for (std::size_t number = 0; number < 24; ++number) {
    MovingCase c = moving_case(number);
    c.individual.lag = 0.0;  // arrivals at ends of steps
    std::vector<double> half_steps;
    for (int i = 0; i <= 2 * 6000; ++i) half_steps.push_back(0.5 * step * i);
    const std::vector<double> concentrations = concentration(c.individual, c.doses, half_steps);
    const std::vector<double> expected = by_runge_kutta(c.biomarker, concentrations, step);
    std::vector<double> times;
    for (int i = 250; i <= 6000; i += 250) times.push_back(step * i);
    std::vector<double> fast(times.size());
    BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, fast);
    const std::vector<double> slow = biomarker(c.biomarker, c.individual, c.doses, times);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double value = expected[250 * (i + 1) - 1];
      // Steps of 0.02 h leave errors of about 1e-7 where a Hill coefficient below 1 meets C = 0.
      EXPECT_NEAR(fast[i] / value, 1.0, 2e-5) << number << " at " << times[i];
      EXPECT_NEAR(slow[i] / fast[i], 1.0, 1e-7) << number << " at " << times[i];
    }
  }
}

TEST(BaselineModel, GradientIsThatOfThePrediction) {
  const std::vector<double> times = {0.0, 0.7, 5.0, 30.0, 31.0, 100.0, 240.0, 300.0};
  constexpr std::size_t width = biomarker_parameter_count + pk_parameter_count;
  for (std::size_t number = 0; number < 24; ++number) {
    const MovingCase c = moving_case(number);
    std::vector<double> value(times.size());
    std::vector<double> own(times.size() * biomarker_parameter_count);
    std::vector<double> joint(times.size() * width);
    BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, value, own);
    biomarker_and_gradient(c.biomarker, c.individual, c.doses, times, value, joint);
    const auto predicted = [&](const Biomarker& biomarker, const Individual& individual) {
      std::vector<double> result(times.size());
      BiomarkerCourse(individual, c.doses, times).predict(biomarker, result);
      return result;
    };
    const auto expect = [&](const std::vector<double>& up, const std::vector<double>& down, double width_of_step,
                            std::size_t column, bool of_biomarker) {
      for (std::size_t i = 0; i < times.size(); ++i) {
        const double difference = (up[i] - down[i]) / width_of_step;
        const double tolerance = 1e-6 * (std::abs(difference) + c.biomarker.baseline);
        EXPECT_NEAR(joint[i * width + column], difference, tolerance) << number << " " << column;
        if (!of_biomarker) continue;
        EXPECT_NEAR(own[i * biomarker_parameter_count + column], difference, tolerance) << number << " " << column;
      }
    };
    for (const BiomarkerParameter which : parameters_of(c.biomarker.structure, c.biomarker.baseline_model)) {
      Biomarker up = c.biomarker;
      Biomarker down = c.biomarker;
      const double step =
          which == BiomarkerParameter::baseline_slope ? 1e-7 : 1e-5 * std::abs(parameter(c.biomarker, which)) + 1e-9;
      parameter(up, which) += step;
      parameter(down, which) -= step;
      expect(predicted(up, c.individual), predicted(down, c.individual), parameter(up, which) - parameter(down, which),
             static_cast<std::size_t>(which), true);
    }
    for (const PkParameter which : {PkParameter::clearance, PkParameter::volume}) {
      Individual up = c.individual;
      Individual down = c.individual;
      parameter(up, which) *= 1.0 + 1e-5;
      parameter(down, which) *= 1.0 - 1e-5;
      expect(predicted(c.biomarker, up), predicted(c.biomarker, down), parameter(up, which) - parameter(down, which),
             biomarker_parameter_count + static_cast<std::size_t>(which), false);
    }
  }
}

// The largest and the smallest R of a window against R at four thousand times of it.
TEST(BaselineModel, ExtremesAreThoseOfTheCourse) {
  for (std::size_t number = 0; number < 48; ++number) {
    const MovingCase c = moving_case(number);
    const double from = number % 4 == 0 ? 0.0 : 61.0;
    const double to = number % 4 == 1 ? 75.0 : 140.0;
    std::vector<double> times;
    for (int i = 0; i <= 4000; ++i) times.push_back(from + (to - from) * i / 4000);
    std::vector<double> values(times.size());
    BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, values);
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    const BiomarkerResponse response(c.individual, c.course, {.steady_state = false, .from = from, .to = to}, times);
    const double maximum = response.maximum(c.biomarker, 10.0);
    const double minimum = response.minimum(c.biomarker, 10.0);
    // Between two times of the sampling as much may hide where R has a kink, at the arrival of a dose.
    EXPECT_NEAR(maximum / *highest, 1.0, 1e-3) << number;
    EXPECT_NEAR(minimum / *lowest, 1.0, 1e-3) << number;
    EXPECT_GT(maximum, *highest * (1.0 - 1e-9)) << number;
    EXPECT_LT(minimum, *lowest * (1.0 + 1e-9)) << number;
    std::vector<double> sampled(times.size());
    response.at_samples(c.biomarker, 10.0, sampled);
    for (std::size_t i = 0; i < times.size(); i += 100) EXPECT_NEAR(sampled[i] / values[i], 1.0, 1e-8) << number;
    // Placebo.
    double most = 0.0;
    for (const double time : times) most = std::max(most, documented(c.biomarker, time)[0]);
    EXPECT_NEAR(response.maximum(c.biomarker, 0.0) / (c.biomarker.baseline * most), 1.0, 1e-6) << number;
  }
}

TEST(BaselineModel, CircadianSteadyStateIsWhatACourseComesTo) {
  for (std::size_t number = 16; number < 24; ++number) {
    MovingCase c = moving_case(number);
    ASSERT_EQ(c.biomarker.baseline_model, BaselineModel::circadian);
    c.biomarker.kout = c.biomarker.ke0 = 0.05;
    const std::vector<double> samples = {0.0, 3.0, 11.0, 24.0};
    const BiomarkerResponse steady(c.individual, {.interval = 24.0}, {.steady_state = true}, samples);
    const std::vector<double> late = {24000.0, 24003.0, 24011.0, 24024.0};
    const BiomarkerResponse course(c.individual, {.interval = 24.0},
                                   {.steady_state = false, .from = 24000.0, .to = 24024.0}, late);
    EXPECT_NEAR(steady.maximum(c.biomarker, 7.0) / course.maximum(c.biomarker, 7.0), 1.0, 1e-6) << number;
    EXPECT_NEAR(steady.minimum(c.biomarker, 7.0) / course.minimum(c.biomarker, 7.0), 1.0, 1e-6) << number;
    std::vector<double> at_steady(samples.size());
    std::vector<double> at_course(samples.size());
    steady.at_samples(c.biomarker, 7.0, at_steady);
    course.at_samples(c.biomarker, 7.0, at_course);
    for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_NEAR(at_steady[i] / at_course[i], 1.0, 1e-6) << number;
  }
}

TEST(BaselineModel, SaysWhereItHasNoSteadyState) {
  EXPECT_TRUE(has_steady_state(BaselineModel::constant, 7.0));
  EXPECT_TRUE(has_steady_state(BaselineModel::circadian, 168.0));
  EXPECT_FALSE(has_steady_state(BaselineModel::circadian, 12.0));
  EXPECT_FALSE(has_steady_state(BaselineModel::linear, 24.0));
  EXPECT_FALSE(has_steady_state(BaselineModel::exponential, 24.0));
  MovingCase c = moving_case(0);
  c.biomarker.baseline_model = BaselineModel::linear;
  const BiomarkerResponse response(c.individual, {.interval = 24.0}, {.steady_state = true});
  EXPECT_THROW(response.maximum(c.biomarker, 1.0), ConfigError);
  std::vector<double> none;
  EXPECT_THROW(response.at_samples(c.biomarker, 1.0, none), ConfigError);
}

TEST(BaselineModel, ALineEndsAtZero) {
  MovingCase c = moving_case(0);
  c.biomarker.baseline_model = BaselineModel::linear;
  c.biomarker.baseline_slope = -0.02;
  const std::vector<double> times = {49.0, 50.0, 51.0, 400.0};
  std::vector<double> value(times.size());
  BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, value);
  EXPECT_GT(value[0], 0.0);
  EXPECT_EQ(value[2], 0.0);
  EXPECT_EQ(value[3], 0.0);
}

}  // namespace titrant::pkpd
