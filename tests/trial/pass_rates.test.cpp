#include <gtest/gtest.h>

#include <optional>

#include "titrant/trial/trial.hpp"

using titrant::trial::pass_rates_by_dose;
using titrant::trial::pass_rates_by_dose_and_comed;
using titrant::trial::PassRate;
using titrant::trial::ResponseRule;
using titrant::trial::Subject;
using titrant::trial::Trial;

namespace {

/// A subject with one biomarker value; none for a negative one.
Subject person(double dose, std::optional<int> comed, double biomarker) {
  Subject subject;
  subject.dose = dose;
  if (comed) subject.covariates["comed"] = *comed;
  if (biomarker >= 0.0) subject.biomarkers = {{.time = 490.0, .value = biomarker}};
  return subject;
}

void expect_rate(const PassRate& rate, double dose, std::optional<int> comed, int successes, int count) {
  EXPECT_EQ(rate.dose, dose);
  EXPECT_EQ(rate.comed, comed);
  EXPECT_EQ(rate.successes, successes);
  EXPECT_EQ(rate.count, count);
}

}  // namespace

TEST(PassRates, CountByDoseInAscendingOrder) {
  Trial trial;
  trial.subjects = {person(10, 0, 1), person(0, 0, 9), person(10, 1, 1), person(3, 1, 9),
                    person(10, 0, 9), person(3, 0, 1), person(1, 0, -1)};
  const auto rates = pass_rates_by_dose(trial, ResponseRule{});
  ASSERT_EQ(rates.size(), 4U);
  expect_rate(rates[0], 0, std::nullopt, 0, 1);
  expect_rate(rates[1], 1, std::nullopt, 0, 0);
  expect_rate(rates[2], 3, std::nullopt, 1, 2);
  expect_rate(rates[3], 10, std::nullopt, 2, 3);
}

TEST(PassRates, CountByDoseAndComed) {
  Trial trial;
  trial.subjects = {person(3, 1, 1), person(3, 0, 9), person(3, 1, 9), person(0, 1, 9), person(3, std::nullopt, 1)};
  const auto rates = pass_rates_by_dose_and_comed(trial, ResponseRule{});
  ASSERT_EQ(rates.size(), 4U);
  expect_rate(rates[0], 0, 1, 0, 1);
  expect_rate(rates[1], 3, std::nullopt, 1, 1);
  expect_rate(rates[2], 3, 0, 0, 1);
  expect_rate(rates[3], 3, 1, 1, 2);
}

TEST(PassRates, AreNotStratifiedWithoutComed) {
  Trial trial;
  trial.subjects = {person(3, std::nullopt, 1)};
  EXPECT_TRUE(pass_rates_by_dose_and_comed(trial, ResponseRule{}).empty());
  EXPECT_TRUE(pass_rates_by_dose(Trial{}, ResponseRule{}).empty());
}
