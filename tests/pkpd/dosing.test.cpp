#include "titrant/pkpd/dosing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/pkpd/concentration.hpp"

// What dose records mean, seen in the concentrations they lead to.
namespace titrant::pkpd {

namespace {

double value_at(const Individual& subject, const std::vector<Dose>& doses, double time) {
  return concentration(subject, doses, std::vector<double>{time})[0];
}

const Individual slow = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);

}  // namespace

TEST(Dosing, CourseStartsAtZero) {
  const std::vector<Dose> doses = course({3.0, 12.0}, 3);
  ASSERT_EQ(doses.size(), 3U);
  EXPECT_EQ(doses[0].time, 0.0);
  EXPECT_EQ(doses[2].time, 24.0);
  EXPECT_EQ(doses[2].amount, 3.0);
  EXPECT_TRUE(course({3.0, 12.0}, 0).empty());
}

TEST(Dosing, AdditionalDosesAreDosesWrittenShort) {
  const std::vector<Dose> brief = {{.amount = 5.0, .interval = 12.0, .additional = 9}};
  for (const double time : {5.0, 107.9, 130.0}) {
    EXPECT_EQ(value_at(slow, brief, time), value_at(slow, course({5.0, 12.0}, 10), time));
  }
}

TEST(Dosing, RecordsMayComeInAnyOrderAndOverlap) {
  const std::vector<Dose> overlapping = {{.time = 18.0, .amount = 2.0},
                                         {.time = 0.0, .amount = 5.0, .interval = 12.0, .additional = 3}};
  const double sum = value_at(slow, {overlapping[0]}, 40.0) + value_at(slow, {overlapping[1]}, 40.0);
  EXPECT_NEAR(value_at(slow, overlapping, 40.0) / sum, 1.0, 1e-14);
}

// A steady-state record is what very many doses before it would have led to, also where doses are still on their way.
TEST(Dosing, SteadyStateRecordIsTheLimitOfManyDoses) {
  for (const double lag : {0.0, 0.7, 24.0, 30.0, 49.0}) {
    Individual subject = slow;
    subject.lag = lag;
    const std::vector<Dose> record = {{.amount = 3.0, .interval = 24.0, .steady_state = true}};
    const std::vector<Dose> many = course({3.0, 24.0}, 500);  // 1e-13 of the steady state is missing
    const double start = many.back().time;
    for (const double time : {0.0, 0.3, 1.0, 23.0, 26.0, 60.0}) {
      EXPECT_NEAR(value_at(subject, record, time) / value_at(subject, many, start + time), 1.0, 1e-11)
          << lag << " " << time;
    }
    EXPECT_EQ(value_at(subject, record, -0.1), 0.0);
  }
}

TEST(Dosing, SteadyStateRecordMayBeContinued) {
  const std::vector<Dose> brief = {
      {.time = 5.0, .amount = 3.0, .interval = 24.0, .additional = 2, .steady_state = true}};
  std::vector<Dose> one_by_one = {{.time = 5.0, .amount = 3.0, .interval = 24.0, .steady_state = true}};
  for (const double time : {29.0, 53.0}) one_by_one.push_back({.time = time, .amount = 3.0});
  EXPECT_EQ(value_at(slow, brief, 70.0), value_at(slow, one_by_one, 70.0));
  // Doses that go on at the same interval keep the steady state.
  EXPECT_NEAR(value_at(slow, brief, 59.0) / value_at(slow, brief, 11.0), 1.0, 1e-14);
}

TEST(Dosing, SteadyStateRecordForgetsWhatWasBefore) {
  const Dose steady{.time = 50.0, .amount = 3.0, .interval = 24.0, .steady_state = true};
  const std::vector<Dose> both = {{.amount = 100.0, .interval = 20.0, .additional = 5}, steady};
  EXPECT_EQ(value_at(slow, both, 70.0), value_at(slow, {steady}, 70.0));
  EXPECT_EQ(value_at(slow, both, 50.0), value_at(slow, {steady}, 50.0));
  EXPECT_EQ(value_at(slow, both, 49.9), value_at(slow, {both[0]}, 49.9));
}

TEST(Dosing, ResetEmptiesTheBodyAndCancelsWhatIsToCome) {
  Individual subject = slow;
  subject.lag = 2.0;
  // The second of these doses has not arrived at 25 h, the third is not taken any more.
  const Dose before{.amount = 100.0, .interval = 24.0, .additional = 2};
  const Dose reset{.time = 25.0, .reset = true};
  EXPECT_GT(value_at(subject, {before, reset}, 24.9), 0.0);
  for (const double time : {25.0, 26.5, 60.0}) EXPECT_EQ(value_at(subject, {before, reset}, time), 0.0);
  const Dose reset_and_dose{.time = 25.0, .amount = 2.0, .reset = true};
  EXPECT_EQ(value_at(subject, {before, reset_and_dose}, 30.0), value_at(subject, {{.amount = 2.0}}, 5.0));
  EXPECT_EQ(value_at(subject, {before, reset_and_dose}, 26.0), 0.0);
}

TEST(Dosing, RecordsOfEqualTimeActInTheOrderGiven) {
  const Dose dose{.time = 4.0, .amount = 2.0};
  const Dose reset{.time = 4.0, .reset = true};
  EXPECT_EQ(value_at(slow, {dose, reset}, 9.0), 0.0);
  EXPECT_EQ(value_at(slow, {reset, dose}, 9.0), value_at(slow, {dose}, 9.0));
}

// A trough that stands before the reset of its time in the file is of what was before; the same for the jump of a
// steady-state record.
TEST(Dosing, ObservationsActInTheOrderGiven) {
  const std::vector<Dose> records = {{.amount = 20.0}, {.time = 24.0, .amount = 40.0, .reset = true}};
  const std::vector<double> times = {24.0, 24.0};
  const std::vector<std::size_t> places = {1, 2};
  const std::vector<double> c = concentration(slow, records, times, places);
  EXPECT_EQ(c[0], value_at(slow, {records[0]}, 24.0));
  EXPECT_EQ(c[1], 0.0);
  EXPECT_EQ(value_at(slow, records, 24.0), 0.0);  // with no place given, after the record
  std::vector<double> value(2);
  std::vector<double> gradient(2 * pk_parameter_count);
  concentration_and_gradient(slow, records, times, value, gradient, places);
  EXPECT_EQ(value, c);
  EXPECT_LT(gradient[1], 0.0);

  const std::vector<Dose> steady = {{.amount = 20.0},
                                    {.time = 24.0, .amount = 40.0, .interval = 12.0, .steady_state = true}};
  const std::vector<double> jump = concentration(slow, steady, times, places);
  EXPECT_EQ(jump[0], c[0]);
  EXPECT_EQ(jump[1], value_at(slow, steady, 24.0));
}

// Between two resets of one time there is nothing, whatever was before and comes after.
TEST(Dosing, ObservationsStandBetweenRecordsOfOneTime) {
  const std::vector<Dose> records = {{.amount = 20.0},
                                     {.time = 24.0, .reset = true},
                                     {.time = 24.0, .amount = 5.0, .interval = 24.0, .steady_state = true}};
  const std::vector<std::size_t> places = {1, 2, 3};
  const std::vector<double> c = concentration(slow, records, std::vector<double>(3, 24.0), places);
  EXPECT_GT(c[0], 0.0);
  EXPECT_EQ(c[1], 0.0);
  EXPECT_EQ(c[2], value_at(slow, {records[2]}, 24.0));
}

// SS = 2: explicit doses in the past, of which nothing shows before the record.
TEST(Dosing, SuperposedSteadyStateIsAddedToWhatIsThere) {
  for (const double lag : {0.0, 0.7, 12.0, 30.0}) {
    Individual subject = slow;
    subject.lag = lag;
    const std::vector<Dose> others = {{.time = 1.0, .amount = 50.0, .interval = 20.0, .additional = 3},
                                      {.time = 49.5, .amount = 7.0}};
    const Dose record{
        .time = 50.0, .amount = 3.0, .interval = 12.0, .additional = 2, .steady_state = true, .superposed = true};
    std::vector<Dose> all = others;
    all.push_back(record);
    all.push_back({.time = 90.0, .amount = 11.0});
    std::vector<Dose> rest = others;
    rest.push_back(all.back());
    // 500 doses every 12 h up to the record, and the two that follow: 1e-13 of the steady state is missing.
    const std::vector<Dose> past = course({3.0, 12.0}, 502);
    for (const double time : {50.0, 50.2, 55.0, 71.0, 80.0, 95.0, 200.0}) {
      const double added = value_at(subject, past, 499 * 12.0 + time - 50.0);
      const double expected = value_at(subject, rest, time) + added;
      EXPECT_NEAR(value_at(subject, all, time) / expected, 1.0, 1e-11) << lag << " " << time;
    }
    for (const double time : {10.0, 49.9}) EXPECT_EQ(value_at(subject, all, time), value_at(subject, rest, time));
    const std::vector<double> tie = {50.0};
    EXPECT_EQ(concentration(subject, all, tie, std::vector<std::size_t>{2})[0], value_at(subject, rest, 50.0));
  }
}

TEST(Dosing, SuperposedSteadyStatesAddUp) {
  const Dose first{.time = 10.0, .amount = 3.0, .interval = 24.0, .steady_state = true};
  const Dose second{.time = 15.0, .amount = 8.0, .interval = 12.0, .steady_state = true, .superposed = true};
  EXPECT_NEAR(value_at(slow, {first, second}, 40.0) / (value_at(slow, {first}, 40.0) + value_at(slow, {second}, 40.0)),
              1.0, 1e-13);
  // A steady-state record of the other kind forgets both.
  const Dose last{.time = 30.0, .amount = 1.0, .interval = 24.0, .steady_state = true};
  EXPECT_EQ(value_at(slow, {first, second, last}, 40.0), value_at(slow, {last}, 40.0));
}

TEST(Dosing, GradientKnowsSuperposedSteadyStates) {
  Individual subject = slow;
  subject.lag = 0.4;
  const std::vector<Dose> doses = {
      {.amount = 10.0}, {.time = 30.0, .amount = 3.0, .interval = 12.0, .steady_state = true, .superposed = true}};
  const std::vector<double> times = {30.2, 33.0, 60.0};
  std::vector<double> value(3);
  std::vector<double> gradient(3 * pk_parameter_count);
  concentration_and_gradient(subject, doses, times, value, gradient);
  for (std::size_t p = 0; p < pk_parameter_count; ++p) {
    double& moved = parameter(subject, static_cast<PkParameter>(p));
    const double before = moved;
    const double step = 1e-5 * before;
    moved = before + step;
    const std::vector<double> above = concentration(subject, doses, times);
    moved = before - step;
    const std::vector<double> below = concentration(subject, doses, times);
    moved = before;
    for (std::size_t j = 0; j < times.size(); ++j) {
      EXPECT_NEAR(gradient[j * pk_parameter_count + p] * before, (above[j] - below[j]) / 2e-5, 1e-7 * value[j]);
    }
  }
}

}  // namespace titrant::pkpd
