// Covariates record by record: missing ones, and those that change.

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "nonmem_text.hpp"

using titrant::tests::faults_of;
using titrant::trial::CovariateMissing;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::Subject;
using titrant::trial::TimeVarying;

namespace {

using Values = titrant::pkpd::Covariates;

NonmemFormat with(TimeVarying varying) {
  NonmemFormat format;
  format.time_varying = varying;
  return format;
}

const std::string header = "ID,TIME,DV,BW,COMED\n";
const std::string changing = header + "a,0,1,70,1\na,5,1,71,1\na,5,1,71,1\na,9,1,72,0\n";

}  // namespace

TEST(CovariateHistory, LastValuesAreCarriedForward) {
  const auto trial = parse_nonmem(changing, "f", NonmemFormat{});
  const Subject& subject = trial.subjects.at(0);
  EXPECT_EQ(subject.covariates, (Values{{"weight", 70.0}, {"comed", 1.0}}));
  ASSERT_EQ(subject.changes.size(), 2U);
  EXPECT_EQ(subject.changes[0].time, 5.0);
  EXPECT_EQ(subject.changes[0].covariates, (Values{{"weight", 71.0}, {"comed", 1.0}}));
  EXPECT_EQ(subject.changes[1].time, 9.0);
  EXPECT_EQ(subject.changes[1].covariates, (Values{{"weight", 72.0}, {"comed", 0.0}}));
  EXPECT_EQ(trial.remarks.at(0),
            "Covariate weight changes in 1 subject (a): its value holds until the next record with another "
            "(data.time_varying).");
}

// NONMEM: the covariates of a record hold from the record before up to it.
TEST(CovariateHistory, NextValuesAreCarriedBackward) {
  const Subject subject = parse_nonmem(changing, "f", with(TimeVarying::backward)).subjects.at(0);
  EXPECT_EQ(subject.covariates.at("weight"), 70.0);
  ASSERT_EQ(subject.changes.size(), 2U);
  EXPECT_EQ(subject.changes[0].time, std::nextafter(0.0, 1.0)) << "just after the record before";
  EXPECT_EQ(subject.changes[0].covariates.at("weight"), 71.0);
  EXPECT_EQ(subject.changes[1].time, std::nextafter(5.0, 6.0));
  EXPECT_EQ(subject.changes[1].covariates.at("comed"), 0.0);
}

TEST(CovariateHistory, RecordsOfOtherEventsMayChangeThem) {
  const Subject subject =
      parse_nonmem("ID,TIME,DV,EVID,BW\na,0,1,0,70\na,5,.,2,80\na,9,1,0,80\n", "f", {}).subjects.at(0);
  ASSERT_EQ(subject.changes.size(), 1U);
  EXPECT_EQ(subject.changes[0].time, 5.0);
}

TEST(CovariateHistory, ChangesCanBeRefused) {
  EXPECT_EQ(faults_of(header + "a,0,1,70,1\na,1,1,71,0\na,2,1,72,1\nb,0,1,80,0\n", with(TimeVarying::refuse)),
            "f:3:7: BW: covariate weight changes within subject 'a', from 70 to 71; expected one value, or "
            "data.time_varying: forward\n"
            "f:3:10: COMED: covariate comed changes within subject 'a', from 1 to 0; expected one value, or "
            "data.time_varying: forward");
}

TEST(CovariateHistory, MissingValuesAreCarriedWithinASubject) {
  const auto trial = parse_nonmem(header + "a,0,1,.,1\na,1,1,70,NA\na,2,1,,1\na,3,1,75,1\n", "f", NonmemFormat{});
  const Subject& subject = trial.subjects.at(0);
  EXPECT_EQ(subject.covariates, (Values{{"weight", 70.0}, {"comed", 1.0}}));
  ASSERT_EQ(subject.changes.size(), 1U);
  EXPECT_EQ(subject.changes[0].time, 3.0);
  EXPECT_EQ(trial.remarks.at(1),
            "Covariate weight is missing in records of 1 subject (a): the last value is carried (the next one "
            "before the first).");
  // Backward, the interval up to the record with a value is that since the last one with a value.
  const Subject backward =
      parse_nonmem(header + "a,0,1,70,1\na,1,1,.,1\na,2,1,75,1\n", "f", with(TimeVarying::backward)).subjects.at(0);
  ASSERT_EQ(backward.changes.size(), 1U);
  EXPECT_EQ(backward.changes[0].time, std::nextafter(0.0, 1.0));
}

TEST(CovariateHistory, SubjectsWithoutAnyValueMayTakeTheMedian) {
  const std::string text = header + "a,0,1,70,0\nb,0,1,.,1\nc,0,1,80,1\nd,0,1,90,.\ne,0,1,100,1\n";
  const auto without = parse_nonmem(text, "f", NonmemFormat{});
  EXPECT_FALSE(without.subjects.at(1).covariates.contains("weight"));
  EXPECT_EQ(without.remarks.at(0),
            "Covariate weight is missing in 1 subject (b): what uses it cannot be computed for them "
            "(data.covariate_missing: median).");
  NonmemFormat format;
  format.covariate_missing = CovariateMissing::median;
  const auto filled = parse_nonmem(text, "f", format);
  EXPECT_EQ(filled.subjects.at(1).covariates.at("weight"), 80.0) << "the lower of the two in the middle";
  EXPECT_EQ(filled.subjects.at(3).covariates.at("comed"), 1.0);
  EXPECT_EQ(filled.remarks.at(0),
            "Covariate weight is missing in 1 subject (b): the median of the others, 80, stands for it.");
}

TEST(CovariateHistory, NoMedianStandsForAnOccasion) {
  NonmemFormat format;
  format.covariate_missing = CovariateMissing::median;
  for (auto& spec : format.covariates) spec.tells_occasions = spec.name == "comed";
  const auto trial = parse_nonmem(header + "a,0,1,70,1\nb,0,1,80,.\n", "f", format);
  EXPECT_FALSE(trial.subjects.at(1).covariates.contains("comed"));
  EXPECT_EQ(trial.remarks.at(0),
            "Covariate comed is missing in 1 subject (b): what uses it cannot be computed for them.");
}

TEST(CovariateHistory, MissingValuesCanBeRefused) {
  NonmemFormat format;
  format.covariate_missing = CovariateMissing::refuse;
  EXPECT_EQ(faults_of(header + "a,0,1,.,1\na,1,1,.,1\nb,0,1,80,0\nb,1,1,80,\n", format),
            "f:2:7: BW: covariate weight is missing in subject 'a' (data.covariate_missing: refuse)\n"
            "f:5:10: COMED: covariate comed is missing in subject 'b' (data.covariate_missing: refuse)");
}

TEST(CovariateHistory, RefusesValuesThatCannotBe) {
  EXPECT_EQ(faults_of(header + "a,0,1,0,0.5\n", NonmemFormat{}), "f:2:7: BW: expected a weight above 0, found 0");
  EXPECT_EQ(faults_of("ID,TIME,DV,BW,COMED\na,0,1,x,1\na,1,1,70,1\na,2,1,70,1\n", NonmemFormat{}),
            "f:2:7: BW: expected a number, found 'x', which is not a number");
}
