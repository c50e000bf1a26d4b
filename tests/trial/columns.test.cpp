// Columns by name: what must be there, what may, and what to say where it is not.

#include <gtest/gtest.h>

#include "nonmem_text.hpp"

using titrant::ConfigError;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;

TEST(Columns, MissingOnesAreNamedTogetherWithTheNearest) {
  EXPECT_EQ(faults_of("ID,TIMES,VALUE\n1,2,3\n"),
            "f:1:1: no column 'TIME' for the time; did you mean 'TIMES'?\n"
            "f:1:1: no column 'DV' for the observed value; the header has ID, TIMES, VALUE");
  EXPECT_EQ(faults_of("PATIENT,TIME,OBSERVED\n1,2,3\n"),
            "f:1:1: no column 'ID' for the subject; the header has PATIENT, TIME, OBSERVED\n"
            "f:1:1: no column 'DV' for the observed value; the header has PATIENT, TIME, OBSERVED");
}

TEST(Columns, MissingCovariatesSayWhatAsksForThem) {
  EXPECT_EQ(faults_of("ID,TIME,DV,BWT\n1,2,3,70\n", {}),
            "f:1:1: no column 'BW' for the covariate body_weight (see data.covariates); did you mean 'BWT'?\n"
            "f:1:1: no column 'COMED' for the covariate comed (see data.covariates); the header has ID, TIME, DV, BWT");
}

TEST(Columns, FaultsOfRowsAreStillReported) {
  EXPECT_EQ(faults_of("ID,TIMES,DV\n1,2,x\n"),
            "f:1:1: no column 'TIME' for the time; did you mean 'TIMES'?\n"
            "f:2:5: DV: expected a number, -1e15 to 1e15, found 'x', which is not a number");
}

TEST(Columns, CaseMattersOnlyWhereTwoNamesDifferInNothingElse) {
  EXPECT_EQ(faults_of("id,Time,dv\n1,2,3\n"), "");
  EXPECT_EQ(faults_of("ID,id,TIME,DV\n1,x,2,3\n"), "");
  EXPECT_EQ(faults_of("ID,TIME,dv,Dv\n1,2,3,4\n"), "f:1:12: a second column 'DV'");
  EXPECT_EQ(faults_of("ID,TIME,DV,TIME\n1,2,3,4\n"), "f:1:12: a second column 'TIME'");
}

TEST(Columns, NamesCanBeChosen) {
  NonmemFormat format = plain_format();
  format.id = "subject";
  format.time = "hours";
  format.value = "result";
  format.covariates = {{"age", "years"}};
  const auto trial = parse_nonmem("subject,years,hours,result,ID\nA,41,1,2,x\n", "f", format);
  EXPECT_EQ(trial.subjects.at(0).id, "A");
  EXPECT_EQ(trial.subjects.at(0).covariates.at("age"), 41.0);
  EXPECT_EQ(trial.subjects.at(0).concentrations.at(0).value, 2.0);
}

// With a wrong name for DVID, biomarker values would silently become concentrations.
TEST(Columns, ChosenNamesMustBeThere) {
  NonmemFormat format = plain_format();
  format.dvid = "KIND";
  EXPECT_EQ(faults_of("ID,TIME,DV,KINDS\n1,2,3,1\n", format),
            "f:1:1: no column 'KIND' for the data item that data.columns names so; did you mean 'KINDS'?");
  format.dvid = "";
  EXPECT_EQ(faults_of("ID,TIME,DV,KINDS\n1,2,3,1\n", format), "");
}

TEST(Columns, FormatsThatServeNoFileAreRefused) {
  NonmemFormat twice = plain_format();
  twice.value = "TIME";
  EXPECT_THROW(parse_nonmem("ID,TIME\n", "f", twice), ConfigError);
  NonmemFormat nameless = plain_format();
  nameless.time = "";
  EXPECT_THROW(parse_nonmem("ID,DV\n", "f", nameless), ConfigError);
  NonmemFormat one_code = plain_format();
  one_code.biomarker_dvid = one_code.concentration_dvid;
  EXPECT_THROW(parse_nonmem("ID,TIME,DV\n", "f", one_code), ConfigError);
  NonmemFormat no_column = plain_format();
  no_column.covariates = {{"age", ""}};
  EXPECT_THROW(parse_nonmem("ID,TIME,DV\n", "f", no_column), ConfigError);
}
