#include "titrant/pkpd/concentration_response.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "people.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/concentration_course.hpp"

namespace titrant::pkpd {

namespace {

const Individual subject = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 1.5);

std::vector<double> even(double from, double to, std::size_t steps) {
  std::vector<double> times(steps + 1);
  for (std::size_t i = 0; i <= steps; ++i) {
    times[i] = from + (to - from) * static_cast<double>(i) / static_cast<double>(steps);
  }
  return times;
}

/// A course on 1 mg, written out as records.
std::vector<Dose> written_out(const Course& course, double until) {
  std::vector<Dose> doses;
  for (int k = 0; k * course.interval <= until; ++k) {
    doses.push_back({.time = k * course.interval, .amount = k < course.loading.doses ? course.loading.factor : 1.0});
  }
  return doses;
}

}  // namespace

TEST(UnitCourse, IsItsRecordsWrittenOut) {
  const std::vector<double> times = even(0.0, 120.0, 240);
  for (const Course& course :
       {Course{24.0, {}}, Course{12.0, {}}, Course{24.0, {3.0, 1}}, Course{24.0, {0.5, 3}}, Course{24.0, {2.0, 99}}}) {
    const std::vector<double> expected = concentration(subject, written_out(course, 120.0), times);
    const std::vector<double> found = concentration(subject, unit_course(course, 120.0), times);
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12 * expected[i]);
  }
}

// Twice 5 mg a day: the records of 5 mg every 12 h, and 5 times what 1 mg does.
TEST(ConcentrationResponse, TwiceADayIsTheSameRecords) {
  std::vector<Dose> doses;
  for (int day = 0; day <= 3; ++day) {
    doses.push_back({.time = 24.0 * day, .amount = 5.0});
    doses.push_back({.time = 24.0 * day + 12.0, .amount = 5.0});
  }
  const std::vector<double> times = even(72.0, 96.0, 48);
  const ConcentrationResponse response(subject, {12.0}, {false, 72.0, 96.0}, times);
  const std::vector<double> expected = concentration(subject, doses, times);
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    EXPECT_NEAR(5.0 * response.at_samples()[i], expected[i], 1e-12 * expected[i]);
  }
}

// Extremes of 20,000 values, which miss them by the square of a step where C turns and by a step where a dose arrives.
TEST(ConcentrationResponse, ExtremesBoundADenseGrid) {
  for (std::size_t number = 0; number < 60; ++number) {
    core::Stream stream(17, core::Purpose::test, number);
    const auto log_uniform = [&](double low, double high) { return low * std::pow(high / low, stream.uniform()); };
    Individual one = two_compartment(log_uniform(0.03, 5.0), log_uniform(5.0, 100.0), log_uniform(20.0, 2000.0),
                                     log_uniform(2.0, 300.0), log_uniform(30.0, 4000.0), stream.uniform(0.0, 5.0));
    if (number % 4 == 0) one.structure = Structure::one_compartment;
    if (number % 4 == 1) one = with_third(one, 0.3 * one.intercompartmental_clearance, 5.0 * one.volume);
    const Course course{number % 2 == 0 ? 24.0 : 12.0, {log_uniform(0.2, 20.0), static_cast<int>(number % 3)}};
    for (const ResponseWindow& window :
         {ResponseWindow{}, ResponseWindow{false, 0.0, 24.0}, ResponseWindow{false, 20.0, 75.0}}) {
      const double from = window.steady_state ? 0.0 : window.from;
      const double to = window.steady_state ? course.interval : window.to;
      const std::vector<double> times = even(from, to, 20000);
      const ConcentrationResponse response(one, course, window, times);
      const auto [lowest, highest] = std::minmax_element(response.at_samples().begin(), response.at_samples().end());
      EXPECT_GE(response.maximum(), *highest * (1.0 - 1e-12)) << number;
      EXPECT_NEAR(response.maximum(), *highest, 2e-3 * *highest) << number;
      EXPECT_LE(response.minimum(), *lowest * (1.0 + 1e-12)) << number;
      EXPECT_NEAR(response.minimum(), *lowest, 2e-3 * *highest) << number;
    }
  }
}

TEST(ConcentrationResponse, SteadyStateIsTheLimitOfALongCourse) {
  const std::vector<double> clock = {0.0, 1.0, 7.0, 23.0};
  const ConcentrationResponse steady(subject, {24.0, {3.0, 2}}, {}, clock);
  std::vector<double> late = clock;
  for (double& time : late) time += 12000.0;
  const ConcentrationResponse course(subject, {24.0, {3.0, 2}}, {false, 12000.0, 12024.0}, late);
  for (std::size_t i = 0; i < clock.size(); ++i) {
    EXPECT_NEAR(course.at_samples()[i] / steady.at_samples()[i], 1.0, 1e-10);
  }
  EXPECT_NEAR(course.maximum() / steady.maximum(), 1.0, 1e-10);
  EXPECT_NEAR(course.minimum() / steady.minimum(), 1.0, 1e-10);
}

// What is left when the next dose is taken. Without a lag it arrives at once and the trough is the lowest C.
TEST(ConcentrationResponse, TroughIsWhereTheNextDoseIsTaken) {
  const std::vector<double> end = {24.0};
  const ConcentrationResponse lagged(subject, {24.0}, {}, end);
  EXPECT_EQ(lagged.trough(), lagged.at_samples()[0]);
  EXPECT_GT(lagged.trough(), lagged.minimum() * 1.001);
  Individual prompt = subject;
  prompt.lag = 0.0;
  const ConcentrationResponse at_once(prompt, {24.0}, {});
  EXPECT_NEAR(at_once.trough() / at_once.minimum(), 1.0, 1e-12);
  EXPECT_THROW(ConcentrationResponse(subject, {24.0}, {false, 0.0, 24.0}).trough(), std::logic_error);
}

TEST(ConcentrationResponse, BeforeTheFirstArrivalThereIsNothing) {
  EXPECT_EQ(ConcentrationResponse(subject, {24.0}, {false, 0.0, 24.0}).minimum(), 0.0);
  EXPECT_EQ(ConcentrationResponse(subject, {24.0}, {false, 0.0, 1.0}).maximum(), 0.0);
}

}  // namespace titrant::pkpd
