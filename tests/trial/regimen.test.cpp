#include "titrant/trial/regimen.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace titrant::trial {

namespace {

Subject on(std::vector<pkpd::Dose> doses) {
  Subject subject;
  subject.id = std::string("7");
  subject.doses = std::move(doses);
  return subject;
}

void expect_daily_ten(const Subject& subject) {
  const NominalRegimen nominal = nominal_regimen(subject, 504.0);
  EXPECT_EQ(nominal.regimen.dose, 10.0);
  EXPECT_EQ(nominal.regimen.interval, 24.0);
}

}  // namespace

// What it gives in a day, whatever else the subject is given.
TEST(Regimen, AConstantInfusionIsTheAmountOfADay) {
  const Subject subject =
      on({{.time = 3.0, .steady_state = true, .rate = 2.0, .into = titrant::pkpd::DoseInto::central}});
  const NominalRegimen nominal = nominal_regimen(subject, 504.0);
  EXPECT_EQ(nominal.regimen.dose, 48.0);
  EXPECT_EQ(nominal.regimen.interval, 24.0);
  EXPECT_EQ(nominal.regimen.duration, 24.0);
  EXPECT_EQ(nominal.regimen.into, titrant::pkpd::DoseInto::central);
}

TEST(NominalRegimen, IsTheCourseThatWasGiven) {
  const Subject daily = on(pkpd::course({10.0, 24.0}, 21));
  expect_daily_ten(daily);
  EXPECT_TRUE(nominal_regimen(daily, 504.0).followed);
  const Subject brief = on({{.amount = 10.0, .interval = 24.0, .additional = 20}});
  expect_daily_ten(brief);
  EXPECT_TRUE(nominal_regimen(brief, 504.0).followed);
  EXPECT_TRUE(nominal_regimen(brief, 504.0).repeated);
  EXPECT_FALSE(nominal_regimen(on({{.amount = 10.0}}), 504.0).repeated) << "one dose has no interval";
  const Subject steady = on({{.amount = 10.0, .interval = 24.0, .steady_state = true}});
  expect_daily_ten(steady);
}

TEST(NominalRegimen, IsNotChangedByWhatIsNoPartOfIt) {
  Subject late = on(pkpd::course({10.0, 24.0}, 21));
  late.doses[9].time += 10.0;
  expect_daily_ten(late);
  EXPECT_FALSE(nominal_regimen(late, 504.0).followed);

  Subject reset = on(pkpd::course({10.0, 24.0}, 21));
  reset.doses.insert(reset.doses.begin(), {.time = 0.0, .reset = true});
  expect_daily_ten(reset);
  EXPECT_TRUE(nominal_regimen(reset, 504.0).followed);

  Subject loading = on(pkpd::course({10.0, 24.0}, 21));
  loading.doses[0].amount = 40.0;
  expect_daily_ten(loading);
  EXPECT_FALSE(nominal_regimen(loading, 504.0).followed);

  Subject nothing_between = on(pkpd::course({10.0, 24.0}, 21));
  for (int day = 0; day < 20; ++day) nothing_between.doses.push_back({.time = 24.0 * day + 12.0, .amount = 0.0});
  expect_daily_ten(nothing_between);
  EXPECT_TRUE(nominal_regimen(nothing_between, 504.0).followed);

  Subject afterwards = on(pkpd::course({10.0, 24.0}, 21));
  afterwards.doses.push_back({.time = 505.0, .amount = 80.0});
  afterwards.doses.push_back({.time = 506.0, .amount = 80.0});
  expect_daily_ten(afterwards);
  EXPECT_TRUE(nominal_regimen(afterwards, 504.0).followed);

  Subject clock = on(pkpd::course({10.0, 24.0}, 21));
  for (std::size_t i = 1; i < clock.doses.size(); ++i)
    clock.doses[i].time += i % 3 == 0 ? 2.0 : i % 3 == 1 ? -2.0 : 0.0;
  const NominalRegimen jittered = nominal_regimen(clock, 504.0);
  EXPECT_NEAR(jittered.regimen.interval, 24.0, 4.0);
  EXPECT_TRUE(jittered.followed);

  Subject two_tablets = on({});
  for (int day = 0; day < 21; ++day)
    two_tablets.doses.insert(two_tablets.doses.end(), 2, {.time = 24.0 * day, .amount = 5.0});
  expect_daily_ten(two_tablets);
}

TEST(NominalRegimen, OfEquallyCommonDosesIsTheLast) {
  std::vector<pkpd::Dose> doses = pkpd::course({5.0, 24.0}, 20);
  for (std::size_t i = 10; i < 20; ++i) doses[i].amount = 10.0;
  expect_daily_ten(on(doses));
  EXPECT_EQ(nominal_regimen(on(doses), 400.0).regimen.dose, 5.0);
}

TEST(NominalRegimen, OfNothingIsPlacebo) {
  const NominalRegimen nominal = nominal_regimen(on({{.time = 0.0, .reset = true}, {.time = 3.0}}), 504.0);
  EXPECT_EQ(nominal.regimen.dose, 0.0);
  EXPECT_EQ(nominal.regimen.interval, 24.0);
  EXPECT_EQ(nominal_regimen(on({{.time = 600.0, .amount = 3.0}}), 504.0).regimen.dose, 3.0);
}

TEST(StartOfTreatment, IsTheCommonestFirstDose) {
  Trial trial;
  EXPECT_EQ(start_of_treatment(trial), 0.0);
  for (const double first : {1.0, 1.0, 5.0}) {
    trial.subjects.push_back(
        on({{.time = 0.0, .reset = true}, {.time = first, .amount = 3.0}, {.time = 30.0, .amount = 3.0}}));
  }
  trial.subjects.push_back(on({}));
  EXPECT_EQ(start_of_treatment(trial), 1.0);
}

TEST(AssignNominalDoses, NamesWhoDidNotFollowOneRegimen) {
  Trial trial;
  trial.subjects.push_back(on(pkpd::course({10.0, 24.0}, 21)));
  trial.subjects.push_back(on(pkpd::course({3.0, 168.0}, 3)));
  EXPECT_EQ(assign_nominal_doses(trial, 504.0), "");
  EXPECT_EQ(trial.subjects[1].dose, 3.0);
  trial.subjects[0].id = std::string("S9");
  trial.subjects[0].doses[0].amount = 99.0;
  const std::string remark = assign_nominal_doses(trial, 504.0);
  EXPECT_NE(remark.find("S9 (10 every 24 h)"), std::string::npos) << remark;
  EXPECT_EQ(trial.subjects[0].dose, 10.0);
}

}  // namespace titrant::trial
