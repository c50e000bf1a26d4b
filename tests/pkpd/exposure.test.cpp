#include "titrant/pkpd/exposure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "high_precision.hpp"
#include "people.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::pkpd {

// Equation 2 of the proposal and its two-compartment counterpart, in 100 digits, coincident rates included.
TEST(Exposure, IsTheSteadyStateFormula) {
  std::vector<Individual> people = awkward_people();
  for (const Individual& person : awkward_people_of_three()) people.push_back(person);
  for (const Individual& person : people) {
    for (const double interval : {24.0, 168.0}) {
      const Exposure c = exposure(person, {3.0, interval});
      for (const double part : {0.0, 1e-9, 1e-4, 0.01, 0.3, 0.99, 1.0}) {
        const double time = part * interval;
        const precise::Number truth = precise::steady_state(precise::Person(person), 3.0, interval, time);
        EXPECT_LT(precise::relative_error(c.at(time), truth), 1e-12)
            << person.absorption_rate << " " << person.intercompartmental_clearance << " " << time;
      }
    }
  }
}

TEST(Exposure, IsTheLimitOfALongCourse) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  const std::vector<Dose> doses = course({3.0, 24.0}, 500);  // 1e-13 of the steady state is missing
  const double start = doses.back().time;
  for (const double time : {0.5, 6.0, 23.5}) {
    const double late = concentration(person, doses, std::vector<double>{start + time})[0];
    EXPECT_NEAR(exposure(person, {3.0, 24.0}).at(time) / late, 1.0, 1e-12);
  }
}

TEST(Exposure, LagShiftsTheCurveRound) {
  const Individual prompt = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  for (const double lag : {3.0, 24.0, 27.0}) {
    Individual late = prompt;
    late.lag = lag;
    const double shift = std::fmod(lag, 24.0);
    for (const double time : {1.0, 10.0}) {
      EXPECT_DOUBLE_EQ(exposure(late, {3.0, 24.0}).at(time),
                       exposure(prompt, {3.0, 24.0}).at(std::fmod(24.0 + time - shift, 24.0)));
    }
    EXPECT_NEAR(exposure(late, {3.0, 24.0}).metrics().time_of_maximum,
                exposure(prompt, {3.0, 24.0}).metrics().time_of_maximum + shift, 1e-9);
  }
}

TEST(Exposure, GridAgreesWithSingleTimes) {
  const Exposure c = exposure(two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 5.0), {3.0, 168.0});
  const std::vector<double> times = midpoint_grid(168.0, 128);
  const std::vector<double> values = c.at(times);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(values[i], c.at(times[i]));
}

TEST(Exposure, IsProportionalToTheDose) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  EXPECT_NEAR(exposure(person, {7.0, 24.0}).at(3.3) / exposure(person, {1.0, 24.0}).at(3.3), 7.0, 1e-14);
  EXPECT_EQ(exposure(person, {0.0, 24.0}).metrics().maximum, 0.0);
}

TEST(Exposure, AverageIsDoseOverClearanceAndInterval) {
  // 10 mg every 24 h at 41.67 L/h: 10 ng/mL.
  const Individual person = two_compartment(0.6, 1000.0 / 24.0, 900.0, 60.0, 2600.0);
  EXPECT_NEAR(exposure(person, {10.0, 24.0}).metrics().average, 10.0, 1e-12);
  EXPECT_NEAR(exposure(person, {70.0, 168.0}).metrics().average, 10.0, 1e-12);
}

TEST(Exposure, AreaOfTheIntervalIsDoseOverClearance) {
  for (Individual person : awkward_people()) {
    person.lag = 30.0;
    EXPECT_NEAR(exposure(person, {3.0, 24.0}).auc(0.0, 24.0) / (3000.0 / person.clearance), 1.0, 1e-13)
        << person.absorption_rate << " " << person.intercompartmental_clearance;
  }
}

TEST(Exposure, AreasAgreeWithSimpson) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 5.0);
  const Exposure c = exposure(person, {3.0, 24.0});
  EXPECT_NEAR(c.auc(0.0, 3.0) + c.auc(3.0, 11.0) + c.auc(11.0, 24.0), c.auc(0.0, 24.0), 1e-12);
  double area = 0.0;
  const int steps = 20000;
  const double h = 6.0 / steps;
  for (int i = 0; i < steps; i += 2) {
    area += h / 3.0 * (c.at(6.0 + i * h) + 4.0 * c.at(6.0 + (i + 1) * h) + c.at(6.0 + (i + 2) * h));
  }
  EXPECT_NEAR(c.auc(6.0, 12.0) / area, 1.0, 1e-12);
  EXPECT_EQ(c.auc(7.0, 7.0), 0.0);
}

// Where C hardly changes the area is its height times the width: nothing may cancel in short stretches.
TEST(Exposure, AreasOfShortStretchesKeepTheirDigits) {
  const Exposure c = exposure(two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0), {3.0, 24.0});
  for (const double width : {1e-4, 1e-7}) {
    const double middle = c.at(8.0 + 0.5 * width);
    const double stretch = (8.0 + width) - 8.0;
    // The curvature of C adds C'' width^2 / (24 C).
    EXPECT_NEAR(c.auc(8.0, 8.0 + width) / (middle * stretch), 1.0, 1e-3 * width * width + 1e-14);
  }
}

// Setting the derivative of equation 2 to zero: tmax = log(ka (1 - exp(-ke tau)) / (ke (1 - exp(-ka tau)))) / (ka -
// ke).
TEST(Exposure, MaximumOfOneCompartmentIsAtTheTextbookTime) {
  for (const double ka : {0.05, 0.3, 1.2, 50.0}) {
    const double ke = 0.1;
    const ExposureMetrics metrics = exposure(one_compartment(ka, 40.0, 400.0), {3.0, 24.0}).metrics();
    const double expected = std::log(ka * std::expm1(-ke * 24.0) / (ke * std::expm1(-ka * 24.0))) / (ka - ke);
    EXPECT_NEAR(metrics.time_of_maximum, expected, 1e-11);
  }
}

TEST(Exposure, MetricsBoundTheCurve) {
  std::vector<Individual> people = awkward_people();
  for (const Individual& person : awkward_people_of_three()) people.push_back(person);
  for (const Individual& person : people) {
    for (const double interval : {24.0, 168.0}) {
      const Exposure c = exposure(person, {3.0, interval});
      const ExposureMetrics metrics = c.metrics();
      double highest = 0.0;
      double lowest = 1e300;
      const int steps = 2000;
      for (int i = 0; i <= steps; ++i) {
        // Finest after the arrival, where fast absorption has its peak.
        const double value = c.at(interval * std::pow(static_cast<double>(i) / steps, 6));
        highest = std::max(highest, value);
        lowest = std::min(lowest, value);
      }
      EXPECT_GE(metrics.maximum, highest * (1.0 - 1e-13));
      EXPECT_NEAR(metrics.maximum / highest, 1.0, 1e-4);
      EXPECT_LE(metrics.minimum, lowest * (1.0 + 1e-13));
      EXPECT_NEAR(metrics.minimum / lowest, 1.0, 1e-12);
      EXPECT_LE(metrics.minimum, metrics.average * (1.0 + 1e-13));
      EXPECT_GE(metrics.maximum, metrics.average * (1.0 - 1e-13));
      EXPECT_NEAR(c.at(metrics.time_of_maximum) / metrics.maximum, 1.0, 1e-13);
    }
  }
}

// A week of fast elimination underflows at its end; the peak must be found all the same.
TEST(Exposure, MaximumIsFoundWhereTheTailUnderflows) {
  const ExposureMetrics metrics = exposure(one_compartment(20.0, 100.0, 10.0), {3.0, 168.0}).metrics();
  EXPECT_NEAR(metrics.time_of_maximum, std::log(2.0) / 10.0, 1e-11);
}

TEST(MidpointGrid, HoldsTheMiddleOfEveryCell) {
  const std::vector<double> times = midpoint_grid(24.0, 64);
  ASSERT_EQ(times.size(), 64U);
  EXPECT_DOUBLE_EQ(times.front(), 24.0 / 128.0);
  EXPECT_DOUBLE_EQ(times.back(), 24.0 - 24.0 / 128.0);
}

}  // namespace titrant::pkpd
