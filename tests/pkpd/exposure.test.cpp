#include "titrant/pkpd/exposure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "high_precision.hpp"
#include "people.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::pkpd {

// Equation 2 of the proposal and its two-compartment counterpart, in 100 digits, coincident rates included.
TEST(Exposure, IsTheSteadyStateFormula) {
  for (const Individual& person : awkward_people()) {
    for (const double interval : {24.0, 168.0}) {
      const Exposure c = exposure(person, {3.0, interval});
      for (const double part : {0.0, 1e-4, 0.01, 0.3, 0.99, 1.0}) {
        const precise::Number truth = precise::steady_state(person, 3.0, interval, part * interval);
        if (truth < 1e-250) continue;
        // At the very end C is that just before the next dose, which equals C at 0.
        const double error = static_cast<double>(abs((precise::Number(c.at(part * interval)) - truth) / truth));
        EXPECT_LT(error, 1e-10) << person.absorption_rate << " " << person.intercompartmental_clearance << " " << part;
      }
    }
  }
}

TEST(Exposure, LagShiftsTheCurveRound) {
  const Individual prompt = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  for (const double lag : {3.0, 24.0, 27.0}) {
    Individual late = prompt;
    late.lag = lag;
    const double shift = std::fmod(lag, 24.0);
    EXPECT_NEAR(exposure(late, {3.0, 24.0}).at(10.0), exposure(prompt, {3.0, 24.0}).at(10.0 - shift), 1e-12);
    EXPECT_NEAR(exposure(late, {3.0, 24.0}).at(1.0), exposure(prompt, {3.0, 24.0}).at(std::fmod(25.0 - shift, 24.0)),
                1e-12);
  }
}

TEST(Exposure, AverageIsDoseOverClearanceAndInterval) {
  // 10 mg every 24 h at 41.667 L/h: 10 ng/mL.
  const Individual person = two_compartment(0.6, 1000.0 / 24.0, 900.0, 60.0, 2600.0);
  EXPECT_NEAR(exposure(person, {10.0, 24.0}).metrics().average, 10.0, 1e-12);
  EXPECT_NEAR(exposure(person, {70.0, 168.0}).metrics().average, 10.0, 1e-12);
}

TEST(Exposure, MetricsAgreeWithAFineScan) {
  for (const Individual& person : awkward_people()) {
    if (person.absorption_rate > 100.0) continue;  // its peak is narrower than the scan
    const Exposure c = exposure(person, {3.0, 24.0});
    const ExposureMetrics metrics = c.metrics();
    double highest = 0.0;
    double lowest = 1e300;
    const int steps = 20000;
    for (int i = 0; i <= steps; ++i) {
      const double value = c.at(24.0 * i / steps);
      highest = std::max(highest, value);
      lowest = std::min(lowest, value);
    }
    EXPECT_GE(metrics.maximum, highest * (1.0 - 1e-13));
    EXPECT_NEAR(metrics.maximum / highest, 1.0, 1e-5);
    EXPECT_NEAR(metrics.minimum / lowest, 1.0, 1e-5);
    EXPECT_NEAR(c.at(metrics.time_of_maximum) / metrics.maximum, 1.0, 1e-12);
  }
}

TEST(Exposure, AreasAddUpAndAgreeWithSimpson) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 5.0);
  const Exposure c = exposure(person, {3.0, 24.0});
  EXPECT_NEAR(c.auc(0.0, 24.0), 3000.0 / 38.0, 1e-10);
  EXPECT_NEAR(c.auc(0.0, 3.0) + c.auc(3.0, 11.0) + c.auc(11.0, 24.0), c.auc(0.0, 24.0), 1e-10);
  double area = 0.0;
  const int steps = 20000;
  const double h = 6.0 / steps;
  for (int i = 0; i < steps; i += 2) {
    area += h / 3.0 * (c.at(6.0 + i * h) + 4.0 * c.at(6.0 + (i + 1) * h) + c.at(6.0 + (i + 2) * h));
  }
  EXPECT_NEAR(c.auc(6.0, 12.0), area, 1e-9);
}

TEST(Exposure, IsProportionalToTheDose) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  EXPECT_NEAR(exposure(person, {7.0, 24.0}).at(3.3) / exposure(person, {1.0, 24.0}).at(3.3), 7.0, 1e-12);
  EXPECT_EQ(exposure(person, {0.0, 24.0}).metrics().maximum, 0.0);
}

TEST(Exposure, IsTheLimitOfALongCourse) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  const std::vector<Dose> doses = course({3.0, 24.0}, 300);
  const double start = doses.back().time;
  for (const double time : {0.5, 6.0, 23.5}) {
    const double late = concentration(person, doses, std::vector<double>{start + time})[0];
    EXPECT_NEAR(exposure(person, {3.0, 24.0}).at(time) / late, 1.0, 1e-10);
  }
}

TEST(MidpointGrid, HoldsTheMiddleOfEveryCell) {
  const std::vector<double> times = midpoint_grid(24.0, 64);
  ASSERT_EQ(times.size(), 64U);
  EXPECT_DOUBLE_EQ(times.front(), 24.0 / 128.0);
  EXPECT_DOUBLE_EQ(times.back(), 24.0 - 24.0 / 128.0);
}

}  // namespace titrant::pkpd
