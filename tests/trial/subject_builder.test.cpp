// Records as subjects: events, doses, observations, and what no trial can mean.

#include <gtest/gtest.h>

#include <string>

#include "nonmem_text.hpp"

using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::Subject;

namespace {

Subject only_subject(const std::string& text) {
  const auto trial = parse_nonmem(text, "f", plain_format());
  EXPECT_EQ(trial.subjects.size(), 1U);
  return trial.subjects.at(0);
}

}  // namespace

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
            "f:4:3: TIME: time goes backwards within subject 'a', from 5 to 4.5 h");
  EXPECT_EQ(faults_of("ID,TIME,DV\na,.,1\na,5,1\n"), "f:2:3: TIME: the time is missing");
}

TEST(SubjectBuilder, RefusesSubjectsInTwoPlaces) {
  EXPECT_EQ(faults_of("TIME,ID,DV\n0,a,1\n0,b,1\n1,a,1\n2,a,1\n"),
            "f:4:3: the records of subject 'a' are not in one block: others stand before this one");
}

TEST(SubjectBuilder, RefusesSubjectsWithoutObservations) {
  EXPECT_EQ(faults_of("ID,TIME,DV,AMT,EVID,MDV\na,0,.,5,1,1\na,1,.,.,2,1\na,1,.,.,0,1\nb,0,1,.,0,0\n"),
            "f:2:1: subject 'a' has no observations");
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

TEST(SubjectBuilder, RefusesDosesWrittenTwice) {
  const std::string header = "ID,TIME,DV,AMT,EVID,CMT\n";
  const std::string observation = "a,9,1,.,0,2\n";
  EXPECT_EQ(faults_of(header + "a,0,.,5,1,1\na,0,.,5,1,1\n" + observation),
            "f:3:7: the same dose of 5 mg at 0 h a second time in subject 'a'");
  // Another amount, compartment, time or subject is another dose.
  EXPECT_EQ(faults_of(header + "a,0,.,5,1,1\na,0,.,6,1,1\na,0,.,5,1,2\na,1,.,5,1,1\n" + observation +
                      "b,1,.,5,1,1\nb,1,1,.,0,2\n"),
            "");
}

TEST(SubjectBuilder, RefusesObservationsWithoutValueOrKind) {
  EXPECT_EQ(faults_of("ID,TIME,DV,MDV\na,0,.,0\na,1,2,0\n"),
            "f:2:5: DV: an observation without a value; expected a number, or MDV 1");
  EXPECT_EQ(faults_of("ID,TIME,DV\na,0,\na,1,2\n"),
            "f:2:5: DV: an observation without a value; expected a number, or MDV 1");
  EXPECT_EQ(faults_of("ID,TIME,DV,DVID\na,0,1,3\na,1,2,.\na,1,2,1\n"),
            "f:2:7: DVID: expected 1 (concentration) or 2 (biomarker) for an observation, found 3\n"
            "f:3:7: DVID: expected 1 (concentration) or 2 (biomarker) for an observation, found nothing");
}

TEST(SubjectBuilder, RefusesCovariatesThatChangeOrLack) {
  const NonmemFormat format;
  const std::string header = "ID,TIME,DV,BW,COMED\n";
  EXPECT_EQ(faults_of(header + "a,0,1,70,1\na,1,1,71,0\na,2,1,72,1\nb,0,1,80,0\n", format),
            "f:3:7: BW: covariate body_weight changes within subject 'a', from 70 to 71; expected one value\n"
            "f:3:10: COMED: covariate comed changes within subject 'a', from 1 to 0; expected one value");
  EXPECT_EQ(faults_of(header + "a,0,1,.,1\na,1,1,.,1\nb,0,1,80,0\nb,1,1,80,\n", format),
            "f:2:7: BW: covariate body_weight is missing in subject 'a'\n"
            "f:5:10: COMED: covariate comed is missing in subject 'b'");
  EXPECT_EQ(faults_of(header + "a,0,1,0,0.5\n", format),
            "f:2:7: BW: expected a weight in kg, above 0, found 0\nf:2:9: COMED: expected 0 or 1, found 0.5");
}

TEST(SubjectBuilder, OneUnreadableCovariateIsOneFault) {
  EXPECT_EQ(faults_of("ID,TIME,DV,BW,COMED\na,0,1,x,1\na,1,1,70,1\na,2,1,70,1\n", NonmemFormat{}),
            "f:2:7: BW: expected a number, found 'x', which is not a number");
}
