#include "titrant/pkpd/biomarker_course.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

namespace {

struct Case {
  Individual individual;
  Biomarker biomarker;
  std::vector<Dose> doses;
  std::vector<double> times;
};

/// People and biomarkers over wide ranges: fast and slow absorption, deep and shallow compartments, saturating and
/// faint effects.
Case random_case(std::size_t number) {
  core::Stream stream(11, core::Purpose::test, number);
  const auto log_uniform = [&](double low, double high) { return low * std::pow(high / low, stream.uniform()); };
  Case c;
  c.individual = two_compartment(log_uniform(0.1, 5.0), log_uniform(5.0, 100.0), log_uniform(200.0, 4000.0),
                                 log_uniform(20.0, 300.0), log_uniform(300.0, 6000.0));
  if (number % 2 == 1) {
    c.individual = with_third(c.individual, 0.4 * c.individual.intercompartmental_clearance, 2.0 * c.individual.volume);
  }
  c.individual.lag = number % 3 == 0 ? stream.uniform(0.0, 2.0) : 0.0;
  c.biomarker.structure = all_biomarker_structures.at(number % 8);  // for others see tolerance_precursor.test.cpp
  c.biomarker.baseline = log_uniform(1.0, 100.0);
  c.biomarker.kout = log_uniform(0.003, 2.0);
  c.biomarker.ke0 = log_uniform(0.003, 2.0);
  c.biomarker.imax = number % 7 == 0 ? 1.0 : stream.uniform(0.3, 1.0);
  c.biomarker.ic50 = log_uniform(0.02, 50.0);
  c.biomarker.hill = number % 2 == 0 ? 1.0 : log_uniform(0.6, 4.0);
  c.doses = course({10.0, number % 5 == 0 ? 168.0 : 24.0}, number % 5 == 0 ? 3 : 21);
  c.times = {0.0, 0.5, 2.0, 8.0, 24.0, 36.0, 100.0, 336.0, 481.0, 504.0, 600.0, 900.0};
  return c;
}

double& any_parameter(Case& c, std::size_t which) {
  if (which < biomarker_parameter_count) return parameter(c.biomarker, static_cast<BiomarkerParameter>(which));
  return parameter(c.individual, static_cast<PkParameter>(which - biomarker_parameter_count));
}

std::vector<double> predicted(const Case& c) {
  std::vector<double> value(c.times.size());
  BiomarkerCourse(c.individual, c.doses, c.times).predict(c.biomarker, value);
  return value;
}

}  // namespace

TEST(BiomarkerCourse, AgreesWithStepByStepIntegration) {
  double worst = 0.0;
  for (std::size_t number = 0; number < 160; ++number) {
    const Case c = random_case(number);
    const std::vector<double> fast = predicted(c);
    const std::vector<double> slow = biomarker(c.biomarker, c.individual, c.doses, c.times);
    for (std::size_t i = 0; i < fast.size(); ++i) {
      worst = std::max(worst, std::abs(fast[i] / slow[i] - 1.0));
    }
  }
  EXPECT_LT(worst, 1e-7);  // nearly all of it is the slow one's, where C rises from nothing and ic50 is small
}

// More observations cut the panels shorter, which changes the rest of a converged solution by rounding alone. Without
// the slow one's error this is the sharper test.
TEST(BiomarkerCourse, DoesNotDependOnTheOtherTimesAsked) {
  double worst = 0.0;
  for (std::size_t number = 0; number < 160; ++number) {
    Case c = random_case(number);
    if (number % 9 == 0) c.biomarker.hill = 10.0;
    const std::vector<double> few = predicted(c);
    const std::vector<double> asked = c.times;
    for (int i = 0; i < 1280; ++i) c.times.push_back(0.1 + 0.7 * i);
    for (const Dose& dose : c.doses) {
      for (int i = 0; i < 60; ++i) c.times.push_back(dose.time + c.individual.lag + 1e-6 * std::pow(1.3, i));
    }
    std::sort(c.times.begin(), c.times.end());
    const std::vector<double> many = predicted(c);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto place = std::lower_bound(c.times.begin(), c.times.end(), asked[i]) - c.times.begin();
      worst = std::max(worst, std::abs(few[i] / many[static_cast<std::size_t>(place)] - 1.0));
    }
  }
  EXPECT_LT(worst, 1e-8);
}

TEST(BiomarkerCourse, StandsAwkwardPeople) {
  const std::vector<Dose> doses = course({10.0, 24.0}, 4);
  const std::vector<double> times = {0.0, 1.0, 12.0, 30.0, 95.0, 200.0};
  std::vector<double> fast(times.size());
  for (const Individual& individual : awkward_people()) {
    const BiomarkerCourse prepared(individual, doses, times);
    for (const BiomarkerStructure structure : all_biomarker_structures) {
      for (const double ic50 : {1e-4, 1.0, 1e6}) {
        const Biomarker model{
            .structure = structure, .baseline = 8.0, .kout = 0.1, .imax = 0.9, .ic50 = ic50, .hill = 1.0, .ke0 = 0.1};
        prepared.predict(model, fast);
        const std::vector<double> slow = biomarker(model, individual, doses, times);
        for (std::size_t i = 0; i < times.size(); ++i)
          EXPECT_NEAR(fast[i] / slow[i], 1.0, 1e-7) << name(structure) << " " << individual.absorption_rate;
      }
    }
  }
}

TEST(BiomarkerCourse, RemembersNothing) {
  const Case c = random_case(2);
  const BiomarkerCourse prepared(c.individual, c.doses, c.times);
  std::vector<double> first(c.times.size());
  std::vector<double> other(c.times.size());
  std::vector<double> again(c.times.size());
  Biomarker fast = c.biomarker;
  fast.kout = 9.0;
  fast.hill = 3.0;
  prepared.predict(c.biomarker, first);
  prepared.predict(fast, other);
  prepared.predict(c.biomarker, again);
  EXPECT_EQ(first, again);
}

TEST(BiomarkerCourse, WantsUsableParameters) {
  const Case c = random_case(0);
  const BiomarkerCourse prepared(c.individual, c.doses, c.times);
  std::vector<double> value(c.times.size());
  for (const BiomarkerParameter which : parameters_of(c.biomarker.structure)) {
    for (const double bad : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
      Biomarker model = c.biomarker;
      parameter(model, which) = bad;
      EXPECT_THROW(prepared.predict(model, value), NumericalError);
    }
  }
}

TEST(BiomarkerCourse, FollowsVeryFastBiomarkers) {
  for (std::size_t number = 0; number < 8; ++number) {
    Case c = random_case(number);
    c.biomarker.kout = c.biomarker.ke0 = 30.0;
    const std::vector<double> fast = predicted(c);
    const std::vector<double> slow = biomarker(c.biomarker, c.individual, c.doses, c.times);
    for (std::size_t i = 0; i < fast.size(); ++i) EXPECT_NEAR(fast[i] / slow[i], 1.0, 1e-7);
    c.biomarker.kout = c.biomarker.ke0 = 1e9;
    if (number < 4 || number > 5) {
      EXPECT_THROW(predicted(c), NumericalError);
    }
  }
}

TEST(BiomarkerCourse, GradientIsThatOfThePrediction) {
  for (std::size_t number = 0; number < 32; ++number) {
    Case c = random_case(number);
    c.biomarker.imax = std::min(c.biomarker.imax, 0.99);  // room for differences
    const std::size_t times = c.times.size();
    std::vector<double> value(times);
    std::vector<double> gradient(times * biomarker_parameter_count);
    BiomarkerCourse(c.individual, c.doses, c.times).predict(c.biomarker, value, gradient);
    const std::vector<double> plain = predicted(c);
    for (std::size_t i = 0; i < times; ++i) EXPECT_NEAR(value[i] / plain[i], 1.0, 1e-13);
    for (const BiomarkerParameter which : parameters_of(c.biomarker.structure)) {
      double& parameter = any_parameter(c, static_cast<std::size_t>(which));
      const double at = parameter;
      const double step = 1e-4 * at;
      // Central differences of fourth order.
      std::vector<std::vector<double>> around;
      for (const double k : {-2.0, -1.0, 1.0, 2.0}) {
        parameter = at + k * step;
        around.push_back(predicted(c));
      }
      parameter = at;
      for (std::size_t i = 0; i < times; ++i) {
        const double expected = (around[0][i] - 8.0 * around[1][i] + 8.0 * around[2][i] - around[3][i]) / (12.0 * step);
        const double found = gradient[i * biomarker_parameter_count + static_cast<std::size_t>(which)];
        EXPECT_NEAR(found * at, expected * at, 1e-7 * value[i])
            << name(c.biomarker.structure) << " " << biomarker_parameter_names.at(static_cast<std::size_t>(which));
      }
    }
  }
}

TEST(BiomarkerAndGradient, KnowsThePharmacokineticsToo) {
  constexpr std::size_t width = biomarker_parameter_count + pk_parameter_count;
  for (std::size_t number = 0; number < 32; ++number) {
    Case c = random_case(number);
    const std::size_t times = c.times.size();
    std::vector<double> value(times);
    std::vector<double> gradient(times * width);
    biomarker_and_gradient(c.biomarker, c.individual, c.doses, c.times, value, gradient);
    const std::vector<double> plain = predicted(c);
    for (std::size_t i = 0; i < times; ++i) EXPECT_NEAR(value[i] / plain[i], 1.0, 1e-12);
    for (std::size_t which = biomarker_parameter_count; which < width; ++which) {
      double& parameter = any_parameter(c, which);
      const double at = parameter;
      if (at == 0.0) continue;  // no lag
      const double step = 1e-4 * at;
      std::vector<std::vector<double>> around;
      for (const double k : {-2.0, -1.0, 1.0, 2.0}) {
        parameter = at + k * step;
        around.push_back(predicted(c));
      }
      parameter = at;
      for (std::size_t i = 0; i < times; ++i) {
        const double expected = (around[0][i] - 8.0 * around[1][i] + 8.0 * around[2][i] - around[3][i]) / (12.0 * step);
        EXPECT_NEAR(gradient[i * width + which] * at, expected * at, 2e-6 * value[i])
            << name(c.biomarker.structure) << " " << pk_parameter_names.at(which - biomarker_parameter_count);
      }
    }
  }
}

TEST(BiomarkerCourse, SteadyStateRecordsStartAtThePeriodicSolution) {
  for (std::size_t number = 0; number < 16; ++number) {
    Case c = random_case(number);
    c.doses = {{.time = 10.0, .amount = 7.0, .interval = 24.0, .steady_state = true}};
    c.times = {10.0, 12.0, 30.0, 60.0};
    constexpr std::size_t width = biomarker_parameter_count + pk_parameter_count;
    std::vector<double> value(c.times.size());
    std::vector<double> gradient(c.times.size() * width);
    biomarker_and_gradient(c.biomarker, c.individual, c.doses, c.times, value, gradient);
    const std::vector<double> slow = biomarker(c.biomarker, c.individual, c.doses, c.times);
    for (std::size_t i = 0; i < value.size(); ++i) EXPECT_NEAR(value[i] / slow[i], 1.0, 1e-7);
    const std::size_t clearance = biomarker_parameter_count + 1;
    double& parameter = any_parameter(c, clearance);
    const double at = parameter;
    parameter = at * (1.0 + 1e-4);
    const std::vector<double> above = predicted(c);
    parameter = at * (1.0 - 1e-4);
    const std::vector<double> below = predicted(c);
    for (std::size_t i = 0; i < value.size(); ++i) {
      EXPECT_NEAR(gradient[i * width + clearance] * at, (above[i] - below[i]) / 2e-4, 1e-5 * value[i]);
    }
  }
}

// A steady state of the parameters of its time, then doses under two others: values are those of the course, and
// derivatives by the parameters of each segment those of differences.
TEST(BiomarkerCourse, FollowsChangesWithDerivativesByEachSegment) {
  constexpr std::size_t segments = 3;
  constexpr std::size_t width = biomarker_parameter_count + segments * pk_parameter_count;
  const std::vector<double> times = {3.0, 20.0, 31.0, 47.0, 52.0, 80.0, 100.0};
  const std::vector<Dose> doses = {{.amount = 6.0},
                                   {.time = 26.0, .amount = 7.0, .interval = 12.0, .steady_state = true},
                                   {.time = 50.0, .amount = 5.0}};
  const std::vector<PkParameter> by = {PkParameter::absorption_rate, PkParameter::clearance, PkParameter::volume};
  for (const BiomarkerStructure structure :
       {BiomarkerStructure::direct_stimulation, BiomarkerStructure::turnover_inhibition,
        BiomarkerStructure::tolerance_inhibition, BiomarkerStructure::precursor_stimulation}) {
    Biomarker model;
    model.structure = structure;
    model.baseline = 8.0;
    model.kout = 0.08;
    model.imax = 0.8;
    model.ic50 = 4.0;
    model.ktol = 0.05;
    model.tol50 = 5.0;
    model.kp = 0.06;
    VaryingIndividual individual{
        one_compartment(0.7, 80.0, 1000.0),
        {{24.0, one_compartment(0.5, 60.0, 1200.0)}, {49.0, one_compartment(0.9, 110.0, 900.0)}}};
    std::vector<double> value(times.size());
    std::vector<double> gradient(times.size() * width);
    biomarker_and_gradient(model, individual, doses, times, value, gradient, {}, by);
    std::vector<double> course(times.size());
    BiomarkerCourse(individual, doses, times).predict(model, course);
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(value[i] / course[i], 1.0, 1e-10) << i;
    for (std::size_t s = 0; s < segments; ++s) {
      Individual& own = s == 0 ? individual.first : individual.changes[s - 1].individual;
      for (const PkParameter which : by) {
        const double at = parameter(own, which);
        std::array<std::vector<double>, 2> around;
        for (const std::size_t side : {0U, 1U}) {
          parameter(own, which) = at * (1.0 + (side == 0 ? -1e-4 : 1e-4));
          around.at(side).resize(times.size());
          BiomarkerCourse(individual, doses, times).predict(model, around.at(side));
        }
        parameter(own, which) = at;
        const std::size_t column = biomarker_parameter_count + s * pk_parameter_count + static_cast<std::size_t>(which);
        for (std::size_t i = 0; i < times.size(); ++i) {
          EXPECT_NEAR(gradient[i * width + column] * at, (around[1][i] - around[0][i]) / 2e-4, 1e-6 * value[i])
              << name(structure) << " segment " << s << " " << pk_parameter_names.at(static_cast<std::size_t>(which));
        }
      }
    }
  }
}

TEST(BiomarkerCourse, WithoutDrugStaysAtItsBaseline) {
  const std::vector<double> times = {-5.0, 0.0, 17.0, 400.0};
  std::vector<double> value(times.size());
  for (const BiomarkerStructure structure : all_biomarker_structures) {
    Biomarker model;
    model.structure = structure;
    model.baseline = 8.0;
    BiomarkerCourse(two_compartment(1.0, 40.0, 900.0, 60.0, 2600.0), {}, times).predict(model, value);
    for (const double r : value) EXPECT_EQ(r, 8.0);
  }
}

// A value that stands before a reset of its time is still on drug, one after it is the baseline; a superposed steady
// state leaves the biomarker where it is.
TEST(BiomarkerCourse, RecordsOfEqualTimeActInTheOrderGiven) {
  constexpr std::size_t width = biomarker_parameter_count + pk_parameter_count;
  for (std::size_t number = 0; number < 8; ++number) {
    Case c = random_case(number);
    c.individual.lag = number % 2 == 0 ? 0.0 : 0.5;
    c.doses = {{.amount = 7.0},
               {.time = 30.0, .amount = 5.0, .interval = 24.0, .steady_state = true, .superposed = true},
               {.time = 50.0, .amount = 9.0, .reset = true}};
    c.times = {20.0, 30.0, 30.0, 50.0, 50.0, 70.0};
    const std::vector<std::size_t> places = {1, 1, 2, 2, 3, 3};
    std::vector<double> value(c.times.size());
    std::vector<double> both(c.times.size());
    std::vector<double> gradient(c.times.size() * width);
    BiomarkerCourse(c.individual, c.doses, c.times, places).predict(c.biomarker, value);
    biomarker_and_gradient(c.biomarker, c.individual, c.doses, c.times, both, gradient, places);
    const std::vector<double> slow = biomarker(c.biomarker, c.individual, c.doses, c.times, places);
    for (std::size_t i = 0; i < value.size(); ++i) {
      EXPECT_NEAR(value[i] / slow[i], 1.0, 1e-7) << i;
      EXPECT_NEAR(both[i] / value[i], 1.0, 1e-12) << i;
    }
    const bool direct = c.biomarker.structure == BiomarkerStructure::direct_inhibition ||
                        c.biomarker.structure == BiomarkerStructure::direct_stimulation;
    if (!direct) {
      EXPECT_EQ(value[1], value[2]);
    }
    EXPECT_GT(std::abs(value[3] / c.biomarker.baseline - 1.0), 1e-6);
    EXPECT_EQ(value[4], c.biomarker.baseline);
    const std::vector<double> later = {20.0};
    std::vector<double> alone(1);
    BiomarkerCourse(c.individual, std::vector<Dose>{{.amount = 9.0}}, later).predict(c.biomarker, alone);
    EXPECT_NEAR(value[5] / alone[0], 1.0, 1e-9);
  }
}

}  // namespace titrant::pkpd
