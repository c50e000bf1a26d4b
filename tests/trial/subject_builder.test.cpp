// Records as subjects: events, doses, observations, and what no trial can mean.

#include <gtest/gtest.h>

#include <string>

#include "nonmem_text.hpp"

using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::parse_nonmem;
using titrant::trial::Subject;

namespace {

Subject only_subject(const std::string& text) {
  const auto trial = parse_nonmem(text, "f", plain_format());
  EXPECT_EQ(trial.subjects.size(), 1U);
  return trial.subjects.at(0);
}

}  // namespace

const std::string in_order = "; expected records in the order of time, or EVID 3 or 4 where a new period begins";

TEST(SubjectBuilder, KnowsTheFiveEvents) {
  const Subject subject = only_subject(
      "ID,TIME,DV,AMT,EVID\n"
      "a,0,.,5,1\n"
      "a,1,10,.,0\n"
      "a,2,.,.,2\n"
      "a,3,.,.,3\n"
      "a,4,.,7,4\n"
      "a,5,20,0,0\n");
  ASSERT_EQ(subject.doses.size(), 3U);
  EXPECT_EQ(subject.doses[0].time, 0.0);
  EXPECT_EQ(subject.doses[0].amount, 5.0);
  EXPECT_FALSE(subject.doses[0].reset);
  EXPECT_EQ(subject.doses[1].time, 3.0);
  EXPECT_EQ(subject.doses[1].amount, 0.0);
  EXPECT_TRUE(subject.doses[1].reset);
  EXPECT_EQ(subject.doses[2].time, 4.0);
  EXPECT_EQ(subject.doses[2].amount, 7.0);
  EXPECT_TRUE(subject.doses[2].reset);
  ASSERT_EQ(subject.concentrations.size(), 2U);
  EXPECT_EQ(subject.concentrations[1].time, 5.0);
  EXPECT_EQ(subject.dose, 7.0);
  EXPECT_TRUE(subject.active());
}

TEST(SubjectBuilder, ReadsAdditionalAndSteadyStateDoses) {
  const Subject subject = only_subject(
      "ID,TIME,DV,AMT,EVID,ADDL,II,SS\n"
      "a,0,.,5,1,20,24,0\n"
      "a,600,.,6,1,.,12,1\n"
      "a,700,1,.,0,.,.,.\n");
  ASSERT_EQ(subject.doses.size(), 2U);
  EXPECT_EQ(subject.doses[0].additional, 20);
  EXPECT_EQ(subject.doses[0].interval, 24.0);
  EXPECT_FALSE(subject.doses[0].steady_state);
  EXPECT_EQ(subject.doses[1].additional, 0);
  EXPECT_EQ(subject.doses[1].interval, 12.0);
  EXPECT_TRUE(subject.doses[1].steady_state);
}

TEST(SubjectBuilder, KnowsDosesByAmountWithoutEvents) {
  const Subject subject = only_subject("ID,TIME,DV,AMT\na,0,0,5\na,1,10,0\na,2,11,.\n");
  EXPECT_EQ(subject.doses.size(), 1U);
  EXPECT_EQ(subject.concentrations.size(), 2U);
}

TEST(SubjectBuilder, SortsObservationsByDvid) {
  const Subject subject = only_subject("ID,TIME,DV,DVID\na,0,1,2\na,1,2,1\na,1,3,2\n");
  ASSERT_EQ(subject.concentrations.size(), 1U);
  EXPECT_EQ(subject.concentrations[0].value, 2.0);
  ASSERT_EQ(subject.biomarkers.size(), 2U);
  EXPECT_EQ(subject.biomarkers[1].value, 3.0);
  EXPECT_FALSE(subject.active());
}

TEST(SubjectBuilder, SkipsMissingObservationsAndKeepsCensoredOnes) {
  const Subject subject = only_subject(
      "ID,TIME,DV,MDV,CENS,LLOQ\n"
      "a,0,.,1,0,0.1\n"
      "a,1,99,1,0,0.1\n"
      "a,2,0.1,0,1,0.1\n"
      "a,3,0.4,0,0,0.1\n"
      "a,4,0.5,0,.,.\n");
  ASSERT_EQ(subject.concentrations.size(), 3U);
  EXPECT_TRUE(subject.concentrations[0].censored);
  EXPECT_EQ(subject.concentrations[0].limit, 0.1);
  EXPECT_FALSE(subject.concentrations[1].censored);
  EXPECT_EQ(subject.concentrations[1].limit, 0.1);
  EXPECT_EQ(subject.concentrations[2].limit, 0.0);
}

TEST(SubjectBuilder, RefusesTimeThatGoesBackwards) {
  EXPECT_EQ(faults_of("ID,TIME,DV\na,0,1\na,5,1\na,4.5,1\na,5,1\nb,1,1\n"),
            "f:4:3: TIME: time goes backwards within subject 'a', from 5 to 4.5 h" + in_order);
  EXPECT_EQ(faults_of("ID,TIME,DV\na,.,1\na,5,1\n"), "f:2:3: TIME: the time is missing");
  EXPECT_EQ(faults_of("ID,TIME,DV\na,-5,1\na,-6,1\n"),
            "f:3:3: TIME: time goes backwards within subject 'a', from -5 to -6 h" + in_order);
}

// PREDPP: records of the same time act in the order of the file.
TEST(SubjectBuilder, KeepsTheOrderOfRecordsOfOneTime) {
  const Subject subject = only_subject(
      "ID,TIME,DV,AMT,EVID,DVID\n"
      "a,0,.,5,1,0\n"
      "a,24,1,.,0,1\n"
      "a,24,7,.,0,2\n"
      "a,24,.,5,4,0\n"
      "a,24,2,.,0,1\n"
      "a,24,8,.,0,2\n");
  ASSERT_EQ(subject.concentrations.size(), 2U);
  EXPECT_EQ(subject.concentrations[0].records_before, 1U);
  EXPECT_EQ(subject.concentrations[1].records_before, 2U);
  ASSERT_EQ(subject.biomarkers.size(), 2U);
  EXPECT_EQ(subject.biomarkers[0].records_before, 1U);
  EXPECT_EQ(subject.biomarkers[1].records_before, 2U);
}

TEST(SubjectBuilder, TimeMayStartAgainAtAReset) {
  const auto trial = parse_nonmem(
      "ID,TIME,DV,AMT,EVID\n"
      "a,0,.,5,1\na,24,1,.,0\na,0,.,7,4\na,2,2,.,0\na,1,.,.,3\na,1,3,.,0\na,-1,.,.,3\na,0,4,.,0\n",
      "f", plain_format());
  const Subject& subject = trial.subjects.at(0);
  ASSERT_EQ(subject.doses.size(), 4U);
  EXPECT_EQ(subject.doses[1].time, 24.0);
  EXPECT_EQ(subject.concentrations[1].time, 26.0);
  EXPECT_EQ(subject.doses[2].time, 27.0) << "1 h on the clock that begins with the reset";
  EXPECT_EQ(subject.concentrations[2].time, 27.0);
  EXPECT_EQ(subject.doses[3].time, 27.0);
  EXPECT_EQ(subject.concentrations[3].time, 28.0);
  EXPECT_EQ(trial.remarks.at(0),
            "Time starts again at 3 records (EVID 3 or 4) of 1 subject (a), first in line 4: it is counted on from the "
            "record before.");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,EVID\na,0,.,5,1\na,24,1,.,0\na,0,.,7,1\na,2,2,.,0\n"),
            "f:4:3: TIME: time goes backwards within subject 'a', from 24 to 0 h" + in_order +
                "\nf:5:3: TIME: time goes backwards within subject 'a', from 24 to 2 h" + in_order);
}

TEST(SubjectBuilder, TimesMayBeNegativeBeforeTheFirstDose) {
  const Subject subject = only_subject("ID,TIME,DV,AMT\na,-24,1,0\na,-0.5,2,.\na,0,.,5\na,1,3,.\n");
  EXPECT_EQ(subject.concentrations.at(0).time, -24.0);
  EXPECT_EQ(subject.concentrations.at(1).records_before, 0U);
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT\na,-24,.,5\na,1,3,.\n"),
            "f:2:3: TIME: a dose at -24 h; expected doses from 0 on: negative times are for samples before the first "
            "dose");
}

TEST(SubjectBuilder, RefusesTimeWithoutEnd) {
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,EVID\na,9e8,1,.,0\na,9e8,2,.,0\na,8e8,.,5,4\n"),
            "f:4:3: TIME: 1700000000 h after the first record; expected at most 1e+09");
}

// In NONMEM an id is a number.
TEST(SubjectBuilder, NumbersAreOneSubjectHoweverWritten) {
  const auto trial = parse_nonmem("ID,TIME,DV\n1,0,1\n1.0,1,2\n01,2,3\n1x,0,4\n2,0,1\n", "f", plain_format());
  ASSERT_EQ(trial.subjects.size(), 3U);
  EXPECT_EQ(trial.subjects[0].id, "1");
  EXPECT_EQ(trial.subjects[0].concentrations.size(), 3U);
  EXPECT_EQ(trial.subjects[1].id, "1x");
  EXPECT_EQ(trial.remarks.at(0),
            "Subjects are numbers: 2 records of 1 subject (1) write another form of the number, first in line 3.");
  // Longer than a double can tell apart.
  EXPECT_EQ(parse_nonmem("ID,TIME,DV\n1234567890123456781,0,1\n1234567890123456782,0,1\n", "f", plain_format())
                .subjects.size(),
            2U);
  EXPECT_EQ(faults_of("ID,TIME,DV\n1,0,1\n2,1,2\n1.0,2,3\n"),
            "f:4:1: the records of subject '1.0' are not in one block: others stand before this one");
}

TEST(SubjectBuilder, ReadsOtherCodesOfEvents) {
  // RxODE's 101 is a dose into compartment 1; a second steady state is added (SS 2); SS 99 of published files is none.
  const auto trial = parse_nonmem(
      "ID,TIME,DV,AMT,EVID,MDV,SS,II\n"
      "a,0,.,5,101,1,99,0\na,1,1,.,0,0,.,.\na,2,.,5,1,1,2,12\na,3,7,.,0,100,.,.\na,4,8,5,1,101,.,.\n",
      "f", plain_format());
  const Subject& subject = trial.subjects.at(0);
  ASSERT_EQ(subject.doses.size(), 2U);
  EXPECT_FALSE(subject.doses[0].steady_state);
  EXPECT_TRUE(subject.doses[1].steady_state);
  EXPECT_TRUE(subject.doses[1].superposed);
  EXPECT_EQ(subject.concentrations.size(), 1U);
  EXPECT_EQ(trial.remarks.at(0), "SS 99 is taken as 0 in 1 record without interval, first in line 2.");
  EXPECT_EQ(trial.remarks.at(1), "Left out: 2 records of 1 subject (a) with MDV 100 or 101, first in line 5.");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,SS,II\na,0,.,5,99,24\na,1,2,.,0,0\n"),
            "f:2:9: SS: expected 0, 1 or 2, found '99'");
}

TEST(SubjectBuilder, ValuesThatAreNotUsedAreCounted) {
  const auto trial =
      parse_nonmem("ID,TIME,DV,AMT,EVID,MDV\na,0,9,5,1,.\na,1,8,.,0,1\na,2,0,.,0,1\na,3,7,.,2,.\na,4,1,.,0,0\n", "f",
                   plain_format());
  EXPECT_EQ(trial.subjects.at(0).concentrations.size(), 1U);
  EXPECT_EQ(trial.remarks.at(0),
            "Left out: the values of 2 records of 1 subject (a) that are doses or other events, first in line 2.");
  EXPECT_EQ(trial.remarks.at(1), "Left out: the values of 1 record of 1 subject (a) with MDV 1, first in line 3.");
}

TEST(SubjectBuilder, RefusesSubjectsInTwoPlaces) {
  EXPECT_EQ(faults_of("TIME,ID,DV\n0,a,1\n0,b,1\n1,a,1\n2,a,1\n"),
            "f:4:3: the records of subject 'a' are not in one block: others stand before this one");
}

TEST(SubjectBuilder, LeavesOutSubjectsWithoutObservations) {
  const auto trial =
      parse_nonmem("ID,TIME,DV,AMT,EVID,MDV\na,0,.,5,1,1\na,1,.,.,2,1\na,1,.,.,0,1\nb,0,1,.,0,0\nc,0,.,5,1,1\n", "f",
                   plain_format());
  ASSERT_EQ(trial.subjects.size(), 1U);
  EXPECT_EQ(trial.subjects[0].id, "b");
  EXPECT_EQ(trial.remarks.at(0), "Left out: 2 subjects (a, c) without observations.");
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT\na,0,.,5\nb,0,.,5\n"), "f:3:1: no subject has observations");
  // What could not be read may have been one.
  EXPECT_EQ(faults_of("ID,TIME,DV\na,0,x\nb,0,1\n"),
            "f:2:5: DV: expected a number, -1e15 to 1e15, found 'x', which is not a number");
}

TEST(SubjectBuilder, RefusesDosesThatMakeNoSense) {
  const std::string header = "ID,TIME,DV,AMT,EVID,CMT,ADDL,II,SS\n";
  const std::string observation = "a,9,1,.,0,2,.,.,.\n";
  EXPECT_EQ(faults_of(header + "a,0,.,.,1,1,.,.,.\n" + observation), "f:2:7: AMT: the amount of the dose is missing");
  EXPECT_EQ(faults_of(header + "a,0,1,5,0,1,.,.,.\n" + observation),
            "f:2:7: AMT: a dose of 5 mg with EVID 0; expected 1 or 4 for a dose");
  EXPECT_EQ(faults_of(header + "a,0,1,5,3,1,.,.,.\n" + observation),
            "f:2:7: AMT: a dose of 5 mg with EVID 3; expected 1 or 4 for a dose");
  EXPECT_EQ(faults_of(header + "a,0,.,5,1,1,3,.,.\n" + observation),
            "f:2:13: ADDL without II; expected the hours between two doses");
  EXPECT_EQ(faults_of(header + "a,0,.,5,1,1,.,0,1\n" + observation),
            "f:2:17: SS without II; expected the hours between two doses");
  EXPECT_EQ(faults_of("ID,TIME,DV,EVID\na,0,.,1\na,1,.,1\na,1,2,0\n"),
            "f:2:7: a dose, but the file has no column 'AMT'");
}

TEST(SubjectBuilder, GivesEqualDosesOfOneTimeAll) {
  const auto trial = parse_nonmem("ID,TIME,DV,AMT\na,0,.,5\na,0,.,5\na,0,.,6\na,1,.,5\na,9,1,.\n", "f", plain_format());
  EXPECT_EQ(trial.subjects.at(0).doses.size(), 4U);
  EXPECT_EQ(trial.remarks.at(0),
            "1 record of 1 subject (a) repeat a dose of the same time and amount, first in line 3: all are given.");
}
