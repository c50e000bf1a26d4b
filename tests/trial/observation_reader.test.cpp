// Observations: which kind they are, what is missing, and what is known of censored ones.

#include <gtest/gtest.h>

#include <string>

#include "nonmem_text.hpp"
#include "titrant/core/constants.hpp"

using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::Subject;

namespace {

using titrant::core::infinity;

const std::string codes = "; see data.concentration_dvid and data.biomarker_dvid, or leave others out with data.ignore";

}  // namespace

TEST(ObservationReader, RefusesObservationsWithoutValueOrKind) {
  EXPECT_EQ(faults_of("ID,TIME,DV,MDV\na,0,.,0\na,1,2,0\n"),
            "f:2:5: DV: an observation without a value; expected a number, or MDV 1");
  EXPECT_EQ(faults_of("ID,TIME,DV\na,0,\na,1,2\n"),
            "f:2:5: DV: an observation without a value; expected a number, or MDV 1");
  EXPECT_EQ(faults_of("ID,TIME,DV,MDV\na,0,NA,0\na,1,2,0\n"),
            "f:2:5: DV: an observation without a value; expected a number, or MDV 1");
  EXPECT_EQ(faults_of("ID,TIME,DV,DVID\na,0,1,3\na,1,2,.\na,1,2,1\n"),
            "f:2:7: DVID: expected 1 (concentration) or 2 (biomarker) for an observation, found 3" + codes +
                "\nf:3:7: DVID: expected 1 (concentration) or 2 (biomarker) for an observation, found nothing" + codes);
}

TEST(ObservationReader, LeavesOutWhatIsMissingInWords) {
  const auto trial = parse_nonmem("ID,TIME,DV\na,0,NA\na,1,2\n", "f", plain_format());
  EXPECT_EQ(trial.subjects.at(0).concentrations.size(), 1U);
  EXPECT_EQ(trial.remarks.at(0), "Left out: 1 record of 1 subject (a) without a value (NA), first in line 2.");
}

TEST(ObservationReader, KindsMayBeTexts) {
  NonmemFormat format = plain_format();
  format.concentration_dvid = std::string("cp");
  format.biomarker_dvid = std::string("pca");
  const auto trial = parse_nonmem("id,time,amt,dv,dvid\n1,0,100,0,cp\n1,1,0,5,cp\n1,1,0,80,pca\n", "f", format);
  EXPECT_EQ(trial.subjects.at(0).concentrations.at(0).value, 5.0);
  EXPECT_EQ(trial.subjects.at(0).biomarkers.at(0).value, 80.0);
  EXPECT_EQ(faults_of("id,time,dv,dvid\n1,1,5,cp\n1,1,80,pc\n", format),
            "f:3:8: dvid: expected cp (concentration) or pca (biomarker) for an observation, found pc" + codes);
}

// Several compartments and nothing that tells what they are: a biomarker could be taken for a concentration.
TEST(ObservationReader, KindsMayBeToldByCompartment) {
  const std::string text = "ID,TIME,DV,AMT,CMT\na,0,.,5,1\na,1,10,.,2\na,1,90,.,3\na,2,9,.,2\na,2,91,.,3\n";
  EXPECT_EQ(faults_of(text),
            "f:4:10: CMT: observations in compartments 2 and 3, and no column 'DVID' tells what they are; expected "
            "data.concentration_cmt and data.biomarker_cmt, or data.ignore for one of them");
  NonmemFormat format = plain_format();
  format.concentration_cmt = std::string("2");
  format.biomarker_cmt = std::string("3");
  const Subject subject = parse_nonmem(text, "f", format).subjects.at(0);
  EXPECT_EQ(subject.concentrations.size(), 2U);
  EXPECT_EQ(subject.biomarkers.at(1).value, 91.0);
  format.biomarker_cmt = std::string("4");
  EXPECT_EQ(faults_of("ID,TIME,DV,CMT\na,1,10,2\na,1,90,3\n", format),
            "f:3:8: CMT: expected 2 (concentration) or 4 (biomarker) for an observation, found 3; see "
            "data.concentration_cmt and data.biomarker_cmt, or leave others out with data.ignore");
  EXPECT_EQ(faults_of("ID,TIME,DV\na,1,10\n", format),
            "f:1:1: no column 'CMT' for the data item that data.columns names so; the header has ID, TIME, DV");
}

// CENS, LLOQ and LIMIT as in Monolix and nlmixr2: DV is the near end of the interval, LIMIT the far one.
TEST(ObservationReader, KnowsWhereCensoredValuesLie) {
  const Subject subject = parse_nonmem(
                              "ID,TIME,DV,CENS,LLOQ,LIMIT\n"
                              "a,0,0.2,1,0.1,.\n"
                              "a,1,0,1,0.1,.\n"
                              "a,2,0.1,1,.,0\n"
                              "a,3,50,-1,.,.\n"
                              "a,4,50,-1,.,60\n"
                              "a,5,.,1,0.1,.\n"
                              "a,6,7,0,0.1,.\n",
                              "f", plain_format())
                              .subjects.at(0);
  struct Bounds {
    double value, lower, upper;
  };
  const std::vector<Bounds> expected = {{0.2, -infinity, 0.2}, {0.0, -infinity, 0.1}, {0.1, 0.0, 0.1},
                                        {50, 50, infinity},    {50, 50, 60},          {0.1, -infinity, 0.1}};
  ASSERT_EQ(subject.concentrations.size(), expected.size() + 1);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_TRUE(subject.concentrations[i].censored);
    EXPECT_EQ(subject.concentrations[i].value, expected[i].value);
    EXPECT_EQ(subject.concentrations[i].lower, expected[i].lower);
    EXPECT_EQ(subject.concentrations[i].upper, expected[i].upper);
  }
  EXPECT_FALSE(subject.concentrations.back().censored);
}

TEST(ObservationReader, RefusesCensoredIntervalsThatAreNone) {
  EXPECT_EQ(faults_of("ID,TIME,DV,CENS,LIMIT\na,0,0.1,1,0.2\na,1,50,-1,40\na,2,.,-1,60\n"),
            "f:2:11: LIMIT: a censored interval from 0.2 to 0.1; expected a limit below 0.1\n"
            "f:3:11: LIMIT: a censored interval from 50 to 40; expected a limit above 50\n"
            "f:4:5: DV: an observation without a value; expected a number, or MDV 1");
}

TEST(ObservationReader, LimitsOfValuesThatAreNotCensoredAreCounted) {
  const auto trial = parse_nonmem("ID,TIME,DV,CENS,LIMIT\na,0,3,0,0.2\n", "f", plain_format());
  EXPECT_EQ(trial.remarks.at(0),
            "The limit of an interval is not used in 1 record without censoring, first in line 2.");
}
