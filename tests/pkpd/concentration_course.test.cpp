#include "titrant/pkpd/concentration_course.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::pkpd {

namespace {

/// What a dense sampling of the window sees: the trapezoidal rule between arrivals would cut their corners, so each
/// stretch between `cuts` is sampled by itself.
ExposureMetrics sampled(const Individual& person, const std::vector<Dose>& doses, double from, double to,
                        std::vector<double> cuts) {
  constexpr int points = 20000;
  std::erase_if(cuts, [&](double cut) { return cut <= from || cut >= to; });
  cuts.insert(cuts.begin(), from);
  cuts.push_back(to);
  ExposureMetrics seen;
  seen.maximum = -1.0;
  seen.minimum = 1e300;
  for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
    const double step = (cuts[k + 1] - cuts[k]) / points;
    std::vector<double> times;
    for (int i = 0; i <= points; ++i) times.push_back(std::min(cuts[k] + step * i, cuts[k + 1]));
    // The end of a stretch is seen just before the record that may be there.
    if (k + 2 < cuts.size()) times.back() = std::nextafter(cuts[k + 1], from);
    const std::vector<double> c = concentration(person, doses, times);
    for (int i = 0; i <= points; ++i) {
      const auto place = static_cast<std::size_t>(i);
      seen.auc += step * c[place] * (i == 0 || i == points ? 0.5 : 1.0);
      if (c[place] > seen.maximum) {
        seen.maximum = c[place];
        seen.time_of_maximum = times[place] - from;
      }
      seen.minimum = std::min(seen.minimum, c[place]);
    }
  }
  seen.average = seen.auc / (to - from);
  return seen;
}

void expect_same(const ExposureMetrics& found, const ExposureMetrics& expected) {
  EXPECT_NEAR(found.auc, expected.auc, 2e-6 * expected.auc);
  EXPECT_NEAR(found.average, expected.average, 2e-6 * expected.average);
  EXPECT_NEAR(found.maximum, expected.maximum, 1e-6 * expected.maximum);
  EXPECT_NEAR(found.minimum, expected.minimum, 1e-6 * expected.maximum);
}

}  // namespace

TEST(ConcentrationCourse, IsTheConcentrationOfTheHistory) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 0.7);
  const std::vector<Dose> doses = {{.amount = 5.0, .interval = 24.0, .additional = 5}, {.time = 61.0, .amount = 9.0}};
  const ConcentrationCourse window(person, doses, 50.0, 90.0);
  std::vector<double> times;
  for (int i = 0; i <= 400; ++i) times.push_back(50.0 + 0.1 * i);
  const std::vector<double> expected = concentration(person, doses, times);
  const std::vector<double> found = window.at(times);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12 * expected[i]) << times[i];
}

// Histories of every kind: irregular times, pauses, resets, steady-state records of both kinds, with and without lag.
TEST(ConcentrationCourse, MetricsAgreeWithDenseSampling) {
  for (std::size_t number = 0; number < 24; ++number) {
    core::Stream stream(3, core::Purpose::test, number);
    const double lag = number % 2 == 0 ? 0.0 : stream.uniform(0.1, 3.0);
    const Individual person =
        number % 3 == 0 ? one_compartment(stream.uniform(0.05, 2.0), 40.0, 400.0, lag)
        : number % 3 == 1
            ? three_compartment(stream.uniform(0.05, 2.0), 38.0, 300.0, stream.uniform(10.0, 200.0), 260.0,
                                stream.uniform(1.0, 50.0), 2600.0, lag)
            : two_compartment(stream.uniform(0.05, 2.0), 38.0, 300.0, stream.uniform(10.0, 200.0), 2600.0, lag);
    std::vector<Dose> doses;
    double time = stream.uniform(-30.0, 30.0);
    for (int i = 0; i < 8; ++i) {
      Dose dose{.time = time, .amount = stream.uniform(0.0, 20.0)};
      if (i == 3 && number % 4 == 1) dose.reset = true;
      if (i == 4 && number % 4 > 1) {
        dose.steady_state = true;
        dose.interval = 11.0;
        dose.superposed = number % 4 == 3;
      }
      doses.push_back(dose);
      time += stream.uniform(1.0, 30.0);
    }
    std::vector<double> cuts;
    for (const Dose& dose : doses) cuts.insert(cuts.end(), {dose.time, dose.time + lag});
    for (int back = 1; back < 3; ++back) cuts.push_back(doses[4].time + lag - 11.0 * back);
    std::sort(cuts.begin(), cuts.end());
    const double from = stream.uniform(-20.0, 60.0);
    const double to = from + stream.uniform(5.0, 100.0);
    expect_same(ConcentrationCourse(person, doses, from, to).metrics(), sampled(person, doses, from, to, cuts));
  }
}

TEST(ConcentrationCourse, BeforeAnyDoseThereIsNothing) {
  const Individual person = one_compartment(0.8, 40.0, 400.0);
  const ExposureMetrics nothing = ConcentrationCourse(person, {}, 0.0, 24.0).metrics();
  EXPECT_EQ(nothing.auc, 0.0);
  EXPECT_EQ(nothing.maximum, 0.0);
  EXPECT_EQ(nothing.minimum, 0.0);
  const std::vector<Dose> late = {{.time = 10.0, .amount = 5.0}};
  const ConcentrationCourse window(person, late, 0.0, 24.0);
  EXPECT_EQ(window.at(5.0), 0.0);
  EXPECT_EQ(window.metrics().minimum, 0.0);
  EXPECT_GT(window.metrics().maximum, 0.0);
}

// Slow absorption of a large dose after fast distribution: C falls, rises and falls again within one stretch.
TEST(ConcentrationCourse, FindsTwoTurningPointsBetweenArrivals) {
  const Individual person = two_compartment(0.15, 5.0, 50.0, 100.0, 300.0);
  const std::vector<Dose> doses = {{.amount = 10.0, .interval = 6.0, .steady_state = true},
                                   {.time = 5.0, .amount = 30.0}};
  for (const double from : {5.0, 5.5, 6.0}) {
    expect_same(ConcentrationCourse(person, doses, from, 40.0).metrics(), sampled(person, doses, from, 40.0, {5.0}));
  }
}

// What one peripheral compartment gives back, the other one takes, and a dose comes on top: C rises, falls, rises and
// falls within one stretch.
TEST(ConcentrationCourse, FindsThreeTurningPointsBetweenArrivals) {
  const Individual filling = three_compartment(4.31, 1e-3, 2.6, 1e-3, 376.0, 200.0, 222.0);
  const Individual exchanging = three_compartment(4.31, 2.07, 17.0, 46.7, 376.0, 10.0, 222.0);
  const VaryingIndividual subject{filling, {{10.0, exchanging}}};
  const std::vector<Dose> doses = {{.amount = 24.3, .into = DoseInto::central}, {.time = 10.0, .amount = 0.6}};
  std::vector<double> times;
  for (int i = 0; i <= 40000; ++i) times.push_back(10.0 + 0.002 * i);
  const std::vector<double> c = concentration(subject, doses, times);
  std::vector<std::size_t> turns;
  for (std::size_t i = 1; i + 1 < c.size(); ++i) {
    if ((c[i] - c[i - 1]) * (c[i + 1] - c[i]) < 0.0) turns.push_back(i);
  }
  ASSERT_EQ(turns.size(), 3U);
  for (const std::size_t first : {std::size_t{0}, turns[0] - 10, turns[0] + 10, turns[1] + 10}) {
    for (const std::size_t last : {turns[1] + 10, turns[2] + 10, c.size() - 1}) {
      if (last <= first) continue;
      const ExposureMetrics metrics = ConcentrationCourse(subject, doses, times[first], times[last]).metrics();
      const auto [low, high] = std::minmax_element(c.begin() + static_cast<std::ptrdiff_t>(first),
                                                   c.begin() + static_cast<std::ptrdiff_t>(last) + 1);
      EXPECT_NEAR(metrics.maximum / *high, 1.0, 1e-6) << first << " " << last;
      EXPECT_NEAR(metrics.minimum / *low, 1.0, 1e-6) << first << " " << last;
    }
  }
}

TEST(ConcentrationCourse, OfARegimenBecomesItsSteadyState) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 1.0);
  const ExposureMetrics steady = exposure(person, {1.0, 24.0}).metrics();
  const ExposureMetrics late = ConcentrationCourse(person, unit_course({24.0}, 12024.0), 12000.0, 12024.0).metrics();
  EXPECT_NEAR(late.auc / steady.auc, 1.0, 1e-11);
  EXPECT_NEAR(late.maximum / steady.maximum, 1.0, 1e-11);
  EXPECT_NEAR(late.minimum / steady.minimum, 1.0, 1e-11);
  EXPECT_NEAR(late.time_of_maximum, steady.time_of_maximum, 1e-5);
}

}  // namespace titrant::pkpd
