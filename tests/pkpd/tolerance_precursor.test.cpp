#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/concentration.hpp"

/// \file
/// The new_structures of two states: tolerance, and a precursor.

namespace titrant::pkpd {

namespace {

struct TwoStateCase {
  Individual individual;
  Biomarker biomarker;
  std::vector<Dose> doses;
};

TwoStateCase two_state_case(std::size_t number) {
  using enum BiomarkerStructure;
  constexpr std::array new_structures = {tolerance_inhibition, tolerance_stimulation, precursor_inhibition,
                                         precursor_stimulation};
  core::Stream stream(31, core::Purpose::test, number);
  const auto log_uniform = [&](double low, double high) { return low * std::pow(high / low, stream.uniform()); };
  TwoStateCase c;
  c.individual = two_compartment(log_uniform(0.2, 3.0), log_uniform(10.0, 80.0), log_uniform(200.0, 2000.0),
                                 log_uniform(20.0, 200.0), log_uniform(300.0, 3000.0));
  if (number % 3 == 1) c.individual.lag = 0.7;
  c.biomarker.structure = new_structures.at(number % 4);
  c.biomarker.baseline = log_uniform(1.0, 50.0);
  c.biomarker.kout = log_uniform(0.02, 1.0);
  c.biomarker.kp = log_uniform(0.02, 1.0);
  c.biomarker.ktol = log_uniform(0.01, 0.5);
  c.biomarker.tol50 = log_uniform(1.0, 20.0);
  c.biomarker.imax = inhibits(c.biomarker.structure) ? stream.uniform(0.3, 0.99) : log_uniform(0.5, 5.0);
  c.biomarker.ic50 = log_uniform(0.3, 10.0);
  c.biomarker.hill = number % 8 < 4 ? 1.0 : log_uniform(0.7, 3.0);
  for (int k = 0; k < 5; ++k) {
    Dose& dose = c.doses.emplace_back();
    dose.time = 24.0 * k;
    dose.amount = 10.0;
    if (number % 5 == 2) {
      dose.into = DoseInto::central;
      dose.rate = 4.0;
    }
  }
  return c;
}

/// R at the end of equal steps by the classical Runge-Kutta method on the equations of BiomarkerStructure as they
/// stand.
std::vector<double> two_states_by_runge_kutta(const Biomarker& m, const std::vector<double>& concentrations,
                                              double step) {
  const bool precursor = m.structure >= BiomarkerStructure::precursor_inhibition;
  const auto effect = [&](double c) {
    const double u = std::pow(c, m.hill) / (std::pow(m.ic50, m.hill) + std::pow(c, m.hill));
    return inhibits(m.structure) ? 1.0 - m.imax * u : 1.0 + m.imax * u;
  };
  const double kin = m.kout * m.baseline;
  using State = std::array<double, 2>;
  const auto slope = [&](const State& x, double c) -> State {
    if (!precursor) return {m.ktol * (c - x[0]), 0.0};
    const double released = m.kp * effect(c) * x[0];
    return {kin - released, released - m.kout * x[1]};
  };
  const auto moved = [](const State& x, double h, const State& k) -> State {
    return {x[0] + h * k[0], x[1] + h * k[1]};
  };
  State x = precursor ? State{kin / m.kp, m.baseline} : State{0.0, 0.0};
  std::vector<double> values;
  for (std::size_t i = 0; 2 * i + 2 < concentrations.size(); ++i) {
    const double* c = &concentrations[2 * i];
    const State k1 = slope(x, c[0]);
    const State k2 = slope(moved(x, 0.5 * step, k1), c[1]);
    const State k3 = slope(moved(x, 0.5 * step, k2), c[1]);
    const State k4 = slope(moved(x, step, k3), c[2]);
    for (std::size_t s = 0; s < 2; ++s) x[s] += step / 6.0 * (k1[s] + 2.0 * k2[s] + 2.0 * k3[s] + k4[s]);
    values.push_back(precursor ? x[1] : m.baseline * effect(c[2] / (1.0 + x[0] / m.tol50)));
  }
  return values;
}

}  // namespace

TEST(TwoStates, SolveTheirEquations) {
  constexpr double step = 0.02;
  for (std::size_t number = 0; number < 16; ++number) {
    TwoStateCase c = two_state_case(number);
    c.individual.lag = 0.0;
    std::vector<double> half_steps;
    for (int i = 0; i <= 2 * 8000; ++i) half_steps.push_back(0.5 * step * i);
    const std::vector<double> concentrations = concentration(c.individual, c.doses, half_steps);
    const std::vector<double> expected = two_states_by_runge_kutta(c.biomarker, concentrations, step);
    std::vector<double> times;
    for (int i = 250; i <= 8000; i += 250) times.push_back(step * i);
    std::vector<double> fast(times.size());
    BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, fast);
    const std::vector<double> slow = biomarker(c.biomarker, c.individual, c.doses, times);
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_NEAR(fast[i] / expected[250 * (i + 1) - 1], 1.0, 2e-5) << number << " at " << times[i];
      EXPECT_NEAR(slow[i] / fast[i], 1.0, 1e-7) << number << " at " << times[i];
    }
  }
}

TEST(TwoStates, FollowRecordsOfEveryKind) {
  for (std::size_t number = 0; number < 16; ++number) {
    TwoStateCase c = two_state_case(number);
    c.doses = {{.amount = 7.0},
               {.time = 30.0, .amount = 9.0, .interval = 12.0, .steady_state = true},
               {.time = 50.0, .amount = 9.0, .reset = true}};
    const std::vector<double> times = {-1.0, 5.0, 29.0, 31.0, 41.0, 49.0, 50.0, 57.0, 80.0};
    std::vector<double> fast(times.size());
    BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, fast);
    const std::vector<double> slow = biomarker(c.biomarker, c.individual, c.doses, times);
    for (std::size_t i = 0; i < times.size(); ++i) {
      EXPECT_NEAR(slow[i] / fast[i], 1.0, 1e-7) << number << " at " << times[i];
    }
    // The steady state is what many doses come to.
    std::vector<Dose> many;
    for (int k = 0; k < 1000; ++k) {
      Dose& dose = many.emplace_back();
      dose.time = 12.0 * k;
      dose.amount = 9.0;
    }
    if (c.biomarker.kp * (1.0 - (inhibits(c.biomarker.structure) ? c.biomarker.imax : 0.0)) < 0.01) continue;
    const std::vector<double> late = {999 * 12.0 + 1.0, 999 * 12.0 + 11.0};
    std::vector<double> waited(2);
    BiomarkerCourse(c.individual, many, late).predict(c.biomarker, waited);
    EXPECT_NEAR(fast[3] / waited[0], 1.0, 1e-7) << number;
    EXPECT_NEAR(fast[4] / waited[1], 1.0, 1e-7) << number;
  }
}

TEST(TwoStates, GradientIsThatOfThePrediction) {
  const std::vector<double> times = {0.0, 0.9, 5.0, 30.0, 60.0, 100.0, 130.0};
  constexpr std::size_t width = biomarker_parameter_count + pk_parameter_count;
  for (std::size_t number = 0; number < 16; ++number) {
    TwoStateCase c = two_state_case(number);
    if (number % 4 > 1) c.biomarker.baseline_model = BaselineModel::exponential;
    c.biomarker.baseline_slope = 0.002;
    if (number > 7) c.doses.front() = {.amount = 10.0, .interval = 24.0, .steady_state = true};
    std::vector<double> value(times.size());
    std::vector<double> own(times.size() * biomarker_parameter_count);
    std::vector<double> joint(times.size() * width);
    BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, value, own);
    biomarker_and_gradient(c.biomarker, c.individual, c.doses, times, value, joint);
    for (std::size_t column = 0; column < width; ++column) {
      const bool of_biomarker = column < biomarker_parameter_count;
      const auto moved = [&](double factor) {
        TwoStateCase other = c;
        double& one = of_biomarker
                          ? parameter(other.biomarker, static_cast<BiomarkerParameter>(column))
                          : parameter(other.individual, static_cast<PkParameter>(column - biomarker_parameter_count));
        one *= factor;
        std::vector<double> result(times.size());
        BiomarkerCourse(other.individual, other.doses, times).predict(other.biomarker, result);
        return result;
      };
      if (!of_biomarker && column > biomarker_parameter_count + 4) continue;  // as the structure has them
      constexpr double step = 1e-4;
      const double at = of_biomarker
                            ? parameter(c.biomarker, static_cast<BiomarkerParameter>(column))
                            : parameter(c.individual, static_cast<PkParameter>(column - biomarker_parameter_count));
      if (at == 0.0) continue;
      const std::vector<double> up = moved(1.0 + step);
      const std::vector<double> down = moved(1.0 - step);
      for (std::size_t i = 0; i < times.size(); ++i) {
        const double difference = (up[i] - down[i]) / (2.0 * step);
        EXPECT_NEAR(joint[i * width + column] * at, difference, 2e-6 * (std::abs(difference) + value[i]))
            << number << " " << column;
        if (!of_biomarker) continue;
        EXPECT_NEAR(own[i * biomarker_parameter_count + column] * at, difference,
                    2e-6 * (std::abs(difference) + value[i]))
            << number << " " << column;
      }
    }
  }
}

TEST(TwoStates, ExtremesAreThoseOfTheCourse) {
  for (std::size_t number = 0; number < 16; ++number) {
    TwoStateCase c = two_state_case(number);
    c.doses.clear();
    for (int k = 0; k < 6; ++k) c.doses.push_back({.time = 24.0 * k, .amount = 10.0});
    const double from = number % 2 == 0 ? 0.0 : 49.0;
    std::vector<double> times;
    for (int i = 0; i <= 4000; ++i) times.push_back(from + (130.0 - from) * i / 4000);
    std::vector<double> values(times.size());
    BiomarkerCourse(c.individual, c.doses, times).predict(c.biomarker, values);
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    const BiomarkerResponse response(c.individual, {.interval = 24.0},
                                     {.steady_state = false, .from = from, .to = 130.0}, times);
    // Between two times of the sampling as much may hide where R has a kink, at the arrival of a dose.
    EXPECT_NEAR(response.maximum(c.biomarker, 10.0) / *highest, 1.0, 1e-3) << number;
    EXPECT_NEAR(response.minimum(c.biomarker, 10.0) / *lowest, 1.0, 1e-3) << number;
    EXPECT_GT(response.maximum(c.biomarker, 10.0), *highest * (1.0 - 1e-9)) << number;
    EXPECT_LT(response.minimum(c.biomarker, 10.0), *lowest * (1.0 + 1e-9)) << number;
    std::vector<double> sampled(times.size());
    response.at_samples(c.biomarker, 10.0, sampled);
    for (std::size_t i = 0; i < times.size(); i += 50) EXPECT_NEAR(sampled[i] / values[i], 1.0, 1e-8) << number;
    EXPECT_EQ(response.maximum(c.biomarker, 0.0), c.biomarker.baseline);
  }
}

// What a lasting exposure does to them: the closed forms of the equations at rest, dC/dt = 0.
TEST(TwoStates, WearOffUnderALastingExposure) {
  const Individual individual = one_compartment(1.0, 10.0, 100.0);
  Dose forever;
  forever.amount = 0.0;
  forever.rate = 0.02;  // mg/h: C = 2 ng/mL
  forever.steady_state = true;
  forever.into = DoseInto::central;
  const std::vector<Dose> doses = {forever};
  Biomarker m{.baseline = 8.0, .kout = 0.1, .imax = 0.8, .ic50 = 2.0, .hill = 1.0};
  m.ktol = 0.05;
  m.tol50 = 1.0;
  m.kp = 0.05;
  const auto r = [&](BiomarkerStructure structure) {
    m.structure = structure;
    std::vector<double> value(1);
    std::vector<double> start = {0.0};
    BiomarkerCourse(individual, doses, start).predict(m, value);
    return value[0];
  };
  // Half of C / 3 = 2/3 ng/mL against the ic50 of 2: u = 1/4.
  EXPECT_NEAR(r(BiomarkerStructure::tolerance_inhibition), 8.0 * (1.0 - 0.8 * 0.25), 1e-9);
  EXPECT_NEAR(r(BiomarkerStructure::tolerance_stimulation), 8.0 * (1.0 + 0.8 * 0.25), 1e-9);
  EXPECT_NEAR(r(BiomarkerStructure::precursor_inhibition), 8.0, 1e-7);
  EXPECT_NEAR(r(BiomarkerStructure::precursor_stimulation), 8.0, 1e-7);
}

// What was held back comes after the drug has gone: R rebounds, and all of it comes: the area over the baseline is 0.
TEST(TwoStates, APrecursorRebounds) {
  const Individual individual = one_compartment(1.0, 20.0, 100.0);
  const std::vector<Dose> doses = {{.amount = 1.0}};
  Biomarker m{
      .structure = BiomarkerStructure::precursor_inhibition, .baseline = 8.0, .kout = 0.5, .imax = 0.9, .ic50 = 1.0};
  m.kp = 0.2;
  std::vector<double> times;
  for (int i = 0; i <= 20000; ++i) times.push_back(0.02 * i);
  std::vector<double> value(times.size());
  BiomarkerCourse(individual, doses, times).predict(m, value);
  EXPECT_LT(*std::min_element(value.begin(), value.end()), 7.0);
  EXPECT_GT(*std::max_element(value.begin(), value.end()), 8.1);
  double area = 0.0;
  double lost = 0.0;
  for (std::size_t i = 1; i < value.size(); ++i) {
    const double mean = 0.5 * (value[i] + value[i - 1]) - 8.0;
    area += 0.02 * mean;
    lost += 0.02 * std::max(-mean, 0.0);
  }
  EXPECT_NEAR(area / lost, 0.0, 1e-4);
}

}  // namespace titrant::pkpd
