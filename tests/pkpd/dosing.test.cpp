#include "titrant/pkpd/dosing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/pkpd/concentration.hpp"

// What dose records mean, seen in the concentrations they lead to.
namespace titrant::pkpd {

namespace {

double at(const Individual& person, const std::vector<Dose>& doses, double time) {
  return concentration(person, doses, std::vector<double>{time})[0];
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
    EXPECT_EQ(at(slow, brief, time), at(slow, course({5.0, 12.0}, 10), time));
  }
}

TEST(Dosing, RecordsMayComeInAnyOrderAndOverlap) {
  const std::vector<Dose> overlapping = {{.time = 18.0, .amount = 2.0},
                                         {.time = 0.0, .amount = 5.0, .interval = 12.0, .additional = 3}};
  const double sum = at(slow, {overlapping[0]}, 40.0) + at(slow, {overlapping[1]}, 40.0);
  EXPECT_NEAR(at(slow, overlapping, 40.0) / sum, 1.0, 1e-14);
}

// A steady-state record is what very many doses before it would have led to, also where doses are still on their way.
TEST(Dosing, SteadyStateRecordIsTheLimitOfManyDoses) {
  for (const double lag : {0.0, 0.7, 24.0, 30.0, 49.0}) {
    Individual person = slow;
    person.lag = lag;
    const std::vector<Dose> record = {{.amount = 3.0, .interval = 24.0, .steady_state = true}};
    const std::vector<Dose> many = course({3.0, 24.0}, 500);  // 1e-13 of the steady state is missing
    const double start = many.back().time;
    for (const double time : {0.0, 0.3, 1.0, 23.0, 26.0, 60.0}) {
      EXPECT_NEAR(at(person, record, time) / at(person, many, start + time), 1.0, 1e-11) << lag << " " << time;
    }
    EXPECT_EQ(at(person, record, -0.1), 0.0);
  }
}

TEST(Dosing, SteadyStateRecordMayBeContinued) {
  const std::vector<Dose> brief = {
      {.time = 5.0, .amount = 3.0, .interval = 24.0, .additional = 2, .steady_state = true}};
  std::vector<Dose> one_by_one = {{.time = 5.0, .amount = 3.0, .interval = 24.0, .steady_state = true}};
  for (const double time : {29.0, 53.0}) one_by_one.push_back({.time = time, .amount = 3.0});
  EXPECT_EQ(at(slow, brief, 70.0), at(slow, one_by_one, 70.0));
  // Doses that go on at the same interval keep the steady state.
  EXPECT_NEAR(at(slow, brief, 59.0) / at(slow, brief, 11.0), 1.0, 1e-14);
}

TEST(Dosing, SteadyStateRecordForgetsWhatWasBefore) {
  const Dose steady{.time = 50.0, .amount = 3.0, .interval = 24.0, .steady_state = true};
  const std::vector<Dose> both = {{.amount = 100.0, .interval = 20.0, .additional = 5}, steady};
  EXPECT_EQ(at(slow, both, 70.0), at(slow, {steady}, 70.0));
  EXPECT_EQ(at(slow, both, 50.0), at(slow, {steady}, 50.0));
  EXPECT_EQ(at(slow, both, 49.9), at(slow, {both[0]}, 49.9));
}

TEST(Dosing, ResetEmptiesTheBodyAndCancelsWhatIsToCome) {
  Individual person = slow;
  person.lag = 2.0;
  // The second of these doses has not arrived at 25 h, the third is not taken any more.
  const Dose before{.amount = 100.0, .interval = 24.0, .additional = 2};
  const Dose reset{.time = 25.0, .reset = true};
  EXPECT_GT(at(person, {before, reset}, 24.9), 0.0);
  for (const double time : {25.0, 26.5, 60.0}) EXPECT_EQ(at(person, {before, reset}, time), 0.0);
  const Dose reset_and_dose{.time = 25.0, .amount = 2.0, .reset = true};
  EXPECT_EQ(at(person, {before, reset_and_dose}, 30.0), at(person, {{.amount = 2.0}}, 5.0));
  EXPECT_EQ(at(person, {before, reset_and_dose}, 26.0), 0.0);
}

TEST(Dosing, RecordsOfEqualTimeActInTheOrderGiven) {
  const Dose dose{.time = 4.0, .amount = 2.0};
  const Dose reset{.time = 4.0, .reset = true};
  EXPECT_EQ(at(slow, {dose, reset}, 9.0), 0.0);
  EXPECT_EQ(at(slow, {reset, dose}, 9.0), at(slow, {dose}, 9.0));
}

}  // namespace titrant::pkpd
