#include <gtest/gtest.h>

#include <optional>

#include "endpoints.hpp"
#include "titrant/trial/outcome.hpp"

using titrant::tests::control;
using titrant::trial::attainment_by_dose;
using titrant::trial::attainment_by_dose_and;
using titrant::trial::ObservedAttainment;
using titrant::trial::Subject;
using titrant::trial::Trial;

namespace {

/// A subject with one biomarker value; none for a negative one.
Subject subject_with(double dose, std::optional<double> site, double biomarker) {
  Subject subject;
  subject.dose = dose;
  if (site) subject.covariates["site"] = *site;
  if (biomarker >= 0.0) subject.biomarkers = {{.time = 490.0, .value = biomarker}};
  return subject;
}

void expect_stratum(const ObservedAttainment& one, double dose, std::optional<double> level, int successes, int count) {
  EXPECT_EQ(one.dose, dose);
  EXPECT_EQ(one.level, level);
  EXPECT_EQ(one.successes, successes);
  EXPECT_EQ(one.count, count);
}

}  // namespace

TEST(ObservedAttainment, CountsByDoseInAscendingOrder) {
  Trial trial;
  trial.subjects = {subject_with(10, 0, 1), subject_with(0, 0, 9), subject_with(10, 1, 1), subject_with(3, 1, 9),
                    subject_with(10, 0, 9), subject_with(3, 0, 1), subject_with(1, 0, -1)};
  const auto strata = attainment_by_dose(trial, control());
  ASSERT_EQ(strata.size(), 4U);
  expect_stratum(strata[0], 0, std::nullopt, 0, 1);
  expect_stratum(strata[1], 1, std::nullopt, 0, 0);
  expect_stratum(strata[2], 3, std::nullopt, 1, 2);
  expect_stratum(strata[3], 10, std::nullopt, 2, 3);
}

TEST(ObservedAttainment, CountsByDoseAndCovariate) {
  Trial trial;
  trial.subjects = {subject_with(3, 1, 1), subject_with(3, 0, 9), subject_with(3, 1, 9), subject_with(0, 1, 9),
                    subject_with(3, std::nullopt, 1)};
  const auto strata = attainment_by_dose_and("site", trial, control());
  ASSERT_EQ(strata.size(), 4U);
  expect_stratum(strata[0], 0, 1, 0, 1);
  expect_stratum(strata[1], 3, std::nullopt, 1, 1);
  expect_stratum(strata[2], 3, 0, 0, 1);
  expect_stratum(strata[3], 3, 1, 1, 2);
}

TEST(ObservedAttainment, IsOfSubjectsWithoutTheCovariateToo) {
  Trial trial;
  trial.subjects = {subject_with(3, std::nullopt, 1)};
  const auto strata = attainment_by_dose_and("site", trial, control());
  ASSERT_EQ(strata.size(), 1U);
  expect_stratum(strata[0], 3, std::nullopt, 1, 1);
  EXPECT_TRUE(attainment_by_dose(Trial{}, control()).empty());
  EXPECT_TRUE(attainment_by_dose_and("site", Trial{}, control()).empty());
}
