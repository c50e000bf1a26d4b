#include "titrant/pkpd/varying.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/concentration_course.hpp"

namespace titrant::pkpd {

namespace {

constexpr std::size_t subject_count = 24;

/// A history with everything that dose records can say.
std::vector<Dose> any_doses(std::size_t number) {
  std::vector<Dose> doses = {{.time = -3.0, .amount = 10.0, .interval = 24.0, .additional = 4},
                             {.time = 40.0, .amount = 4.0}};
  if (number % 4 == 1) doses.push_back({.time = 50.0, .amount = 6.0, .reset = true});
  if (number % 4 == 2) doses.push_back({.time = 50.0, .amount = 6.0, .interval = 12.0, .steady_state = true});
  if (number % 4 == 3) {
    doses.push_back({.time = 50.0, .amount = 6.0, .interval = 12.0, .steady_state = true, .superposed = true});
  }
  doses.push_back({.time = 60.0, .amount = 8.0, .interval = 10.0, .additional = 3});
  return doses;
}

Individual any_individual(std::size_t number) {
  const double lag = number % 3 == 0 ? 0.0 : number % 3 == 1 ? 0.7 : 13.0;
  if (number >= 18) return three_compartment(0.6, 38.0, 500.0, 60.0, 600.0, 25.0, 250.0, lag);  // k21 = k31
  if (number >= 12) return three_compartment(0.6, 38.0, 500.0, 60.0, 1600.0, 12.0, 2900.0, lag);
  return number % 2 == 0 ? one_compartment(0.6, 38.0, 500.0, lag)
                         : two_compartment(0.6, 38.0, 500.0, 60.0, 1600.0, lag);
}

Individual scaled(Individual individual, double ka, double clearance, double volume) {
  individual.absorption_rate *= ka;
  individual.clearance *= clearance;
  individual.volume *= volume;
  individual.intercompartmental_clearance *= clearance;
  individual.peripheral_volume *= volume;
  individual.second_intercompartmental_clearance *= clearance;
  individual.second_peripheral_volume *= volume * volume;
  return individual;
}

VaryingIndividual changing(std::size_t number) {
  const Individual first = any_individual(number);
  return {first, {{20.0, scaled(first, 1.3, 0.6, 1.2)}, {47.0, scaled(first, 0.8, 1.7, 0.7)}, {61.3, first}}};
}

const std::vector<double> asked = {-5.0, -2.0, 3.0,  19.9, 20.0, 21.0, 40.5, 47.0,
                                   49.9, 50.0, 53.0, 61.3, 66.0, 90.0, 150.0};

using Amounts = std::array<double, 4>;

/// C by step-by-step integration of the amounts, for plain doses without lag.
std::vector<double> integrated(const VaryingIndividual& subject, const std::vector<Dose>& doses,
                               const std::vector<double>& times) {
  namespace odeint = boost::numeric::odeint;
  std::vector<double> events = times;
  for (const Dose& dose : doses) events.push_back(dose.time);
  for (const IndividualChange& change : subject.changes) events.push_back(change.time);
  std::sort(events.begin(), events.end());
  events.erase(std::unique(events.begin(), events.end()), events.end());
  Amounts x{};
  std::vector<double> result;
  for (std::size_t e = 0; e < events.size(); ++e) {
    const double now = events[e];
    const Individual& one = subject.segment(subject.segment_at(now));
    for (const Dose& dose : doses) x[0] += dose.time == now ? dose.amount : 0.0;
    if (std::find(times.begin(), times.end(), now) != times.end()) result.push_back(1000.0 * x[1] / one.volume);
    if (e + 1 == events.size()) break;
    const auto rhs = [&](const Amounts& a, Amounts& slope, double) {
      const auto gain = [&](double flow, double volume, double amount) {
        return flow > 0.0 ? flow * (a[1] / one.volume - amount / volume) : 0.0;
      };
      const double first = gain(one.intercompartmental_clearance, one.peripheral_volume, a[2]);
      const double second = gain(one.second_intercompartmental_clearance, one.second_peripheral_volume, a[3]);
      const double absorbed = one.absorption_rate * a[0];
      slope = {-absorbed, absorbed - one.clearance / one.volume * a[1] - first - second, first, second};
    };
    odeint::integrate_adaptive(odeint::make_controlled<odeint::runge_kutta_fehlberg78<Amounts>>(1e-13, 1e-13), rhs, x,
                               now, events[e + 1], 1e-3);
  }
  return result;
}

}  // namespace

TEST(Varying, AgreesWithStepByStepIntegration) {
  for (std::size_t number : {0U, 3U, 12U, 18U}) {  // one, two and three compartments, no lag
    const VaryingIndividual subject = changing(number);
    const std::vector<Dose> doses = {
        {.time = -3.0, .amount = 10.0}, {.time = 20.0, .amount = 4.0}, {.time = 30.0, .amount = 7.0}};
    const std::vector<double> found = concentration(subject, doses, asked);
    const std::vector<double> expected = integrated(subject, doses, asked);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t j = 0; j < found.size(); ++j) EXPECT_NEAR(found[j], expected[j], 1e-9 * expected[j]) << asked[j];
  }
}

// Changes to the same parameters change nothing, whatever records there are.
TEST(Varying, WithoutRealChangesIsTheClosedForm) {
  for (std::size_t number = 0; number < subject_count; ++number) {
    const Individual one = any_individual(number);
    const VaryingIndividual subject{one, {{20.0, one}, {47.0, one}, {50.0, one}}};
    const std::vector<Dose> doses = any_doses(number);
    const std::vector<std::size_t> places(asked.size(), number % 5 == 0 ? 2 : 9);
    const std::vector<double> expected = concentration(one, doses, asked, places);
    const std::vector<double> found = concentration(subject, doses, asked, places);
    for (std::size_t j = 0; j < asked.size(); ++j) {
      EXPECT_NEAR(found[j], expected[j], 1e-11 * expected[j] + 1e-300) << number << " " << asked[j];
    }
    // The derivatives by all segments add up to those of a subject that does not change.
    std::vector<double> value(asked.size());
    std::vector<double> whole(asked.size() * pk_parameter_count);
    concentration_and_gradient(one, doses, asked, value, whole, places);
    std::vector<double> parts(asked.size() * 4 * pk_parameter_count);
    concentration_and_gradient(subject, doses, asked, value, parts, places);
    for (std::size_t j = 0; j < asked.size(); ++j) {
      for (std::size_t p = 0; p < pk_parameter_count; ++p) {
        double sum = 0.0;
        for (std::size_t s = 0; s < 4; ++s) sum += parts[(j * 4 + s) * pk_parameter_count + p];
        const double base = std::max(parameter(one, static_cast<PkParameter>(p)), 0.1);
        // At the time of an arrival C is 0 and its slope is not.
        EXPECT_NEAR(sum * base, whole[j * pk_parameter_count + p] * base, 1e-9 * value[j] + 1e-14)
            << number << " " << asked[j] << " " << pk_parameter_names[p];
      }
    }
  }
}

// Amounts in compartments and modes are two ways to the same C, also where rates coincide.
TEST(Varying, OfThreeCompartmentsIsTheClosedFormForAwkwardPeople) {
  const std::vector<std::vector<Dose>> histories = {
      {{.amount = 10.0, .interval = 12.0, .additional = 3}, {.time = 7.0, .amount = 4.0, .into = DoseInto::central}},
      {{.amount = 10.0, .interval = 8.0, .additional = 4, .rate = 0.5},
       {.time = 3.0, .amount = 30.0, .rate = 2.0, .into = DoseInto::central}},
      {{.amount = 30.0, .interval = 12.0, .additional = 2, .steady_state = true}},
      {{.amount = 30.0,
        .interval = 12.0,
        .additional = 2,
        .steady_state = true,
        .rate = 1.0,
        .into = DoseInto::central}}};
  const std::vector<double> times = {0.31, 5.17, 12.11, 26.21, 41.19, 130.0};
  for (const Individual& one : awkward_people_of_three()) {
    const VaryingIndividual subject{one, {{6.0, one}, {30.0, one}}};
    for (const std::vector<Dose>& doses : histories) {
      std::vector<double> expected(times.size());
      std::vector<double> whole(times.size() * pk_parameter_count);
      concentration_and_gradient(one, doses, times, expected, whole);
      std::vector<double> found(times.size());
      std::vector<double> parts(times.size() * 3 * pk_parameter_count);
      concentration_and_gradient(subject, doses, times, found, parts);
      const std::vector<double> followed = ConcentrationCourse(subject, doses, 0.1, 140.0).at(times);
      for (std::size_t j = 0; j < times.size(); ++j) {
        EXPECT_NEAR(found[j], expected[j], 1e-12 * expected[j]) << times[j];
        EXPECT_NEAR(followed[j], expected[j], 1e-12 * expected[j]) << times[j];
        for (std::size_t p = 0; p + 1 < pk_parameter_count; ++p) {
          double sum = 0.0;
          for (std::size_t s = 0; s < 3; ++s) sum += parts[(j * 3 + s) * pk_parameter_count + p];
          const double base = parameter(one, static_cast<PkParameter>(p));
          const double slope = whole[j * pk_parameter_count + p] * base;
          EXPECT_NEAR(sum * base, slope, 1e-10 * (expected[j] + std::abs(slope)))
              << times[j] << " " << pk_parameter_names[p];
        }
      }
    }
  }
}

TEST(Varying, GradientIsThatOfTheConcentration) {
  for (std::size_t number = 0; number < subject_count; ++number) {
    VaryingIndividual subject = changing(number);
    const std::vector<Dose> doses = any_doses(number);
    const std::vector<double> times = {-2.0, 19.0, 30.0, 49.0, 51.7, 59.0, 75.0, 150.0};
    const std::size_t width = subject.segments() * pk_parameter_count;
    std::vector<double> value(times.size());
    std::vector<double> gradient(times.size() * width);
    concentration_and_gradient(subject, doses, times, value, gradient);
    EXPECT_EQ(value, concentration(subject, doses, times));
    for (std::size_t s = 0; s < subject.segments(); ++s) {
      Individual& segment = s == 0 ? subject.first : subject.changes[s - 1].individual;
      for (std::size_t p = 0; p < pk_parameter_count; ++p) {
        double& moved = parameter(segment, static_cast<PkParameter>(p));
        const double before = moved;
        if (before == 0.0) continue;
        const double step = 1e-5 * before;
        moved = before + step;
        const std::vector<double> above = concentration(subject, doses, times);
        moved = before - step;
        const std::vector<double> below = concentration(subject, doses, times);
        moved = before;
        for (std::size_t j = 0; j < times.size(); ++j) {
          EXPECT_NEAR(gradient[j * width + s * pk_parameter_count + p] * before, (above[j] - below[j]) / 2e-5,
                      3e-7 * value[j])
              << number << " " << times[j] << " segment " << s << " " << pk_parameter_names[p];
        }
      }
    }
  }
}

TEST(Varying, CourseAndBiomarkerFollowTheSameConcentration) {
  for (std::size_t number = 0; number < subject_count; ++number) {
    const VaryingIndividual subject = changing(number);
    const std::vector<Dose> doses = any_doses(number);
    const ConcentrationCourse course(subject, doses, 10.0, 100.0);
    std::vector<double> times;
    for (int i = 0; i <= 1800; ++i) times.push_back(10.0 + 0.05 * i);
    const std::vector<double> expected = concentration(subject, doses, times);
    const std::vector<double> found = course.at(times);
    double largest = 0.0;
    double area = 0.0;
    for (std::size_t j = 0; j < times.size(); ++j) {
      EXPECT_NEAR(found[j], expected[j], 1e-10 * expected[j]) << number << " " << times[j];
      largest = std::max(largest, expected[j]);
      area += expected[j] * (j == 0 || j + 1 == times.size() ? 0.025 : 0.05);
    }
    const ExposureMetrics metrics = course.metrics();
    EXPECT_NEAR(metrics.maximum, largest, 0.05 * largest);
    EXPECT_GE(metrics.maximum, largest * (1.0 - 1e-12));
    EXPECT_NEAR(metrics.auc, area, 5e-3 * area);

    // A fast effect compartment has the concentration of a moment ago.
    const Biomarker direct{.structure = BiomarkerStructure::direct_inhibition, .baseline = 8.0, .imax = 0.9};
    Biomarker fast = direct;
    fast.structure = BiomarkerStructure::effect_compartment_inhibition;
    fast.ke0 = 1e3;
    const std::vector<double> few = {15.0, 35.0, 49.0, 58.0, 90.0};
    std::vector<double> at_once(few.size());
    std::vector<double> followed(few.size());
    const BiomarkerCourse prepared(subject, doses, few);
    prepared.predict(direct, at_once);
    prepared.predict(fast, followed);
    for (std::size_t j = 0; j < few.size(); ++j) EXPECT_NEAR(followed[j] / at_once[j], 1.0, 2e-3) << number;
  }
}

}  // namespace titrant::pkpd
