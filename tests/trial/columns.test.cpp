// Columns by name: what must be there, what may, and what to say where it is not.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nonmem_text.hpp"

using titrant::ConfigError;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;

TEST(Columns, MissingOnesAreNamedTogetherWithTheNearest) {
  EXPECT_EQ(faults_of("ID,TIMES,VALUE\n1,2,3\n"),
            "f:1:1: no column 'TIME' for the time (see data.columns.time); did you mean 'TIMES'?\n"
            "f:1:1: no column 'DV' for the observed value (see data.columns.value); the header has ID, TIMES, VALUE");
  EXPECT_EQ(
      faults_of("PATIENT,TIME,OBSERVED\n1,2,3\n"),
      "f:1:1: no column 'ID' for the subject (see data.columns.id); the header has PATIENT, TIME, OBSERVED\n"
      "f:1:1: no column 'DV' for the observed value (see data.columns.value); the header has PATIENT, TIME, OBSERVED");
}

TEST(Columns, MissingCovariatesSayWhatAsksForThem) {
  NonmemFormat format;
  format.covariates = {{"weight", "BODYW", {}, {}}, {"comed", "DRUG2", {}, {}}};
  EXPECT_EQ(faults_of("ID,TIME,DV,BODYWT\n1,2,3,70\n", format),
            "f:1:1: no column 'BODYW' for the covariate weight (see data.covariates); did you mean 'BODYWT'?\n"
            "f:1:1: no column 'DRUG2' for the covariate comed (see data.covariates); the header has ID, TIME, DV, "
            "BODYWT");
}

TEST(Columns, DefaultCovariatesNeedNotBeThere) {
  const auto bare = parse_nonmem("ID,TIME,DV,AGE\n1,2,3,41\n", "f", {});
  EXPECT_TRUE(bare.subjects.at(0).covariates.empty());
  EXPECT_EQ(bare.remarks,
            (std::vector<std::string>{"No column 'BW': the subjects have no covariate weight (data.covariates).",
                                      "No column 'COMED': the subjects have no covariate comed (data.covariates).",
                                      "Not read: AGE."}));
  const auto weighed = parse_nonmem("ID,TIME,DV,wt,COMED\n1,2,3,70,1\n", "f", {});
  EXPECT_EQ(weighed.subjects.at(0).covariates.at("weight"), 70.0);
  EXPECT_EQ(
      weighed.remarks,
      (std::vector<std::string>{"Covariate weight is read from column 'wt': there is no 'BW' (data.covariates)."}));
}

TEST(Columns, UsualNamesStandForDefaultOnes) {
  const auto infused = parse_nonmem("ID,TIME,DV,AMT,TINF\n1,0,.,5,2\n1,2,3,.,0\n", "f", plain_format());
  EXPECT_EQ(infused.subjects.at(0).doses.at(0).rate, 2.5);
  const auto trial = parse_nonmem("ID,TIME,DV,YTYPE\n1,0,5,1\n1,0,6,2\n", "f", plain_format());
  EXPECT_EQ(trial.subjects.at(0).biomarkers.at(0).value, 6.0);
  NonmemFormat none = plain_format();
  none.dvid = "";  // the user says that there is no such column
  EXPECT_EQ(parse_nonmem("ID,TIME,DV,YTYPE\n1,0,5,1\n1,0,6,2\n", "f", none).subjects.at(0).concentrations.size(), 2U);
}

TEST(Columns, ColumnsThatLookAsIfTheyMeantSomethingAreRemarked) {
  const auto trial = parse_nonmem("ID,TIME,DV,BLQ,OCC,DOSE\n1,2,3,0,1,5\n", "f", plain_format());
  EXPECT_EQ(trial.remarks,
            (std::vector<std::string>{
                "Column 'BLQ' is not read; if it marks values below their limit, data.columns.censored names it.",
                "Column 'OCC' is not read; variability between occasions is not modelled.", "Not read: DOSE."}));
}

TEST(Columns, AColumnCMayHoldValues) {
  NonmemFormat format = plain_format();
  format.value = std::string("C");
  EXPECT_EQ(parse_nonmem("ID,TIME,C\n1,2,3\n", "f", format).subjects.at(0).concentrations.at(0).value, 3.0);
}

TEST(Columns, FaultsOfRowsAreStillReported) {
  EXPECT_EQ(faults_of("ID,TIMES,DV\n1,2,x\n"),
            "f:1:1: no column 'TIME' for the time (see data.columns.time); did you mean 'TIMES'?\n"
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
  format.covariates = {{"age", "years", {}, {}}};
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
  no_column.covariates = {{"age", "", {}, {}}};
  EXPECT_THROW(parse_nonmem("ID,TIME,DV\n", "f", no_column), ConfigError);
  NonmemFormat same_number = plain_format();
  same_number.biomarker_dvid = std::string("1.0");
  EXPECT_THROW(parse_nonmem("ID,TIME,DV\n", "f", same_number), ConfigError);
  NonmemFormat one_compartment = plain_format();
  one_compartment.central = one_compartment.depot;
  EXPECT_THROW(parse_nonmem("ID,TIME,DV\n", "f", one_compartment), ConfigError);
  NonmemFormat units = plain_format();
  units.units.concentration = "percent";
  EXPECT_THROW(parse_nonmem("ID,TIME,DV\n", "f", units), ConfigError);
}
