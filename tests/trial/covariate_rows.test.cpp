#include "titrant/trial/covariate_rows.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "titrant/core/error.hpp"

using titrant::ConfigError;
using titrant::DataError;
using titrant::pkpd::Covariates;
using titrant::protocol::CovariateSpec;
using titrant::trial::covariate_rows;
using titrant::trial::parse_covariate_rows;
using titrant::trial::Subject;
using titrant::trial::Trial;

namespace {

const std::vector<CovariateSpec> specs = {
    {"weight", "WT", {}, {}}, {"sex", "SEX", {{"1", "male"}, {"2", "female"}}, {}}, {"age", "AGE", {}, {}}};

template <class Error>
std::string refusal(const std::string& text, const std::string& where = "") {
  try {
    parse_covariate_rows(text, "f", specs, where);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Trial three_with_weights() {
  Trial trial;
  trial.source = "trial.csv";
  trial.covariates = specs;
  const std::vector<Covariates> all = {
      {{"weight", 50.0}, {"sex", 0.0}, {"age", 30.0}}, {{"weight", 80.5}, {"sex", 1.0}}, {{"sex", 1.0}, {"age", 60.0}}};
  for (const Covariates& one : all) trial.subjects.emplace_back().covariates = one;
  return trial;
}

}  // namespace

TEST(CovariateRows, OfATrialWithoutCovariatesAreItsSubjects) {
  Trial trial;
  trial.subjects.resize(3);
  EXPECT_EQ(covariate_rows(trial, ""), std::vector<Covariates>(3));
  EXPECT_THROW(covariate_rows(trial, "weight > 50"), ConfigError);
}

TEST(CovariateRows, AreReadByNameOrByColumn) {
  const std::vector<Covariates> expected = {{{"weight", 70.0}, {"sex", 1.0}}, {{"weight", 82.5}, {"sex", 0.0}}};
  EXPECT_EQ(parse_covariate_rows("ID,WT,SEX\n1,70,2\n2,82.5,1\n", "f", specs, ""), expected);
  EXPECT_EQ(parse_covariate_rows("sex,weight\nfemale,70\nmale,82.5\n", "f", specs, ""), expected);
  // A column called like the covariate comes before the one of the trial.
  EXPECT_EQ(parse_covariate_rows("WT,weight,SEX\n1,70,2\n1,82.5,1\n", "f", specs, ""), expected);
}

TEST(CovariateRows, AreChosenByWhere) {
  const std::string text = "ID,WT,SEX,GROUP\n1,40,1,x\n2,60,1,x\n3,90,2,x\n4,60,2,y\n";
  const std::vector<Covariates> expected = {{{"weight", 60.0}, {"sex", 0.0}}, {{"weight", 90.0}, {"sex", 1.0}}};
  EXPECT_EQ(parse_covariate_rows(text, "f", specs, "WT >= 50 and GROUP == x"), expected);
  EXPECT_EQ(parse_covariate_rows(text, "f", specs, "WT > 100"), std::vector<Covariates>{});
}

TEST(CovariateRows, RefuseMissingValues) {
  EXPECT_EQ(refusal<DataError>("ID,WT,SEX\n1,70,2\n2,.,1\n3,80,NA\n"),
            "f:3:3: weight is missing; expected a value in every row, or a condition (where) that leaves the row out\n"
            "f:4:6: sex is missing; expected a value in every row, or a condition (where) that leaves the row out");
  EXPECT_EQ(refusal<DataError>("ID,WT,SEX\n1,70,2\n2,.,1\n", "WT != ."), "") << "the row is left out";
}

TEST(CovariateRows, RefuseWhatCannotBeRead) {
  EXPECT_EQ(refusal<DataError>("WT,SEX\nheavy,1\n0,1\n70,3\n"),
            "f:2:1: weight: expected a number, found 'heavy', which is not a number\n"
            "f:3:1: weight: expected a weight above 0 (kg), found 0\n"
            "f:4:4: '3' is none of the levels of sex (1 male, 2 female)");
  EXPECT_EQ(refusal<DataError>("ID,HEIGHT\n1,170\n"), "f: no column is called like a covariate of data.covariates");
  EXPECT_NE(refusal<ConfigError>("ID,WT\n1,70\n", "WT >="), "");
  EXPECT_NE(refusal<DataError>("ID,WT\n1,70\n", "HEIGHT > 100").find("no column 'HEIGHT'"), std::string::npos);
}

TEST(CovariateRows, AreReadFromFiles) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "covariate_rows.csv";
  std::ofstream(file) << "WT\n70\n";
  EXPECT_EQ(titrant::trial::read_covariate_rows(file, specs, ""), (std::vector<Covariates>{{{"weight", 70.0}}}));
  std::filesystem::remove(file);
  EXPECT_THROW(titrant::trial::read_covariate_rows(file, specs, ""), titrant::Error);
}

TEST(CovariateRows, OfATrialKnowCovariatesAndLevelsByName) {
  const Trial trial = three_with_weights();
  EXPECT_EQ(covariate_rows(trial, "").size(), 3U);
  EXPECT_EQ(covariate_rows(trial, "sex == female and weight >= 50"),
            (std::vector<Covariates>{trial.subjects[1].covariates}));
  EXPECT_EQ(covariate_rows(trial, "weight <= 80.5"),
            (std::vector<Covariates>{trial.subjects[0].covariates, trial.subjects[1].covariates}))
      << "a comparison with a value that a subject lacks does not hold";
  EXPECT_EQ(covariate_rows(trial, "weight == . or age < 40"),
            (std::vector<Covariates>{trial.subjects[0].covariates, trial.subjects[2].covariates}));
  EXPECT_TRUE(covariate_rows(trial, "weight < 40").empty()) << "a value that is missing is not 0";
  EXPECT_TRUE(covariate_rows(trial, "sex == 2").empty()) << "codes are not known";
}

TEST(CovariateRows, OfATrialMayHaveLevelsOfAnyText) {
  Trial trial;
  trial.source = "trial.csv";
  trial.covariates = {{"arm", "ARM", {{"1", "#1, \"both\""}, {"2", "alone; then both"}}, {}}};
  trial.subjects.resize(3);
  trial.subjects[0].covariates = {{"arm", 0.0}};
  trial.subjects[1].covariates = {{"arm", 1.0}};
  EXPECT_EQ(covariate_rows(trial, "arm == 'alone; then both'"),
            (std::vector<Covariates>{trial.subjects[1].covariates}));
  EXPECT_EQ(covariate_rows(trial, "arm != 'alone; then both'").size(), 2U);
}

TEST(CovariateRows, OfATrialNameWhatThereIsNot) {
  try {
    covariate_rows(three_with_weights(), "heigth > 3");
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_NE(std::string(error.what()).find("no column 'heigth'"), std::string::npos) << error.what();
  }
}

TEST(CovariateRows, OfATrialWithoutCovariatesAreNone) { EXPECT_TRUE(covariate_rows(Trial{}, "").empty()); }
