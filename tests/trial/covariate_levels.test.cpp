// Categorical covariates: codes of the file are levels, whose places are the values.

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "nonmem_text.hpp"
#include "same_trial.hpp"

using titrant::DataError;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::Trial;
using titrant::trial::write_nonmem;

namespace {

NonmemFormat with_sex() {
  NonmemFormat format = plain_format();
  format.covariates = {{"sex", "SEX", {{"1", "male"}, {"2", "female"}}, {}}};
  return format;
}

NonmemFormat with_arm() {
  NonmemFormat format = plain_format();
  format.covariates = {
      {"arm", "ARM", {{"A", "alone"}, {"B", "with"}, {"A+B", "both, in turn"}, {"a \"b\", c", "quoted"}}, {}}};
  return format;
}

}  // namespace

TEST(CovariateLevels, ValuesArePlacesOfLevels) {
  const Trial trial = parse_nonmem("ID,TIME,DV,SEX\na,0,1,2\nb,0,1,1\nc,0,1,2.0\nd,0,1,.\n", "f", with_sex());
  EXPECT_EQ(trial.subjects.at(0).covariates.at("sex"), 1.0);
  EXPECT_EQ(trial.subjects.at(1).covariates.at("sex"), 0.0);
  EXPECT_EQ(trial.subjects.at(2).covariates.at("sex"), 1.0) << "2.0 is the number 2";
  EXPECT_FALSE(trial.subjects.at(3).covariates.contains("sex"));
  ASSERT_EQ(trial.covariates.size(), 1U);
  EXPECT_EQ(trial.covariates[0].levels, with_sex().covariates[0].levels);
}

TEST(CovariateLevels, CodesMayBeTexts) {
  const Trial trial = parse_nonmem("ID,TIME,DV,ARM\na,0,1,A+B\nb,0,1,B\nc,0,1,A\n", "f", with_arm());
  EXPECT_EQ(trial.subjects.at(0).covariates.at("arm"), 2.0);
  EXPECT_EQ(trial.subjects.at(1).covariates.at("arm"), 1.0);
  EXPECT_EQ(trial.subjects.at(2).covariates.at("arm"), 0.0);
}

TEST(CovariateLevels, UnknownCodesAreRefusedWithThoseThatAreKnown) {
  EXPECT_EQ(faults_of("ID,TIME,DV,SEX\na,0,1,3\nb,0,1,male\n", with_sex()),
            "f:2:7: SEX: '3' is none of the levels of sex (1 male, 2 female); see data.covariates\n"
            "f:3:7: SEX: 'male' is none of the levels of sex (1 male, 2 female); see data.covariates");
}

TEST(CovariateLevels, AreWrittenAsTheirCodes) {
  const std::string text = "ID,TIME,DV,ARM\na,0,1,A+B\nb,0,1,B\nc,0,1,A\nd,0,1,.\ne,0,1,\"a \"\"b\"\", c\"\n";
  const Trial trial = parse_nonmem(text, "f", with_arm());
  EXPECT_EQ(trial.subjects.at(4).covariates.at("arm"), 3.0);
  std::ostringstream out;
  write_nonmem(out, trial, with_arm());
  EXPECT_NE(out.str().find("a,A+B,0,1"), std::string::npos) << out.str();
  titrant::tests::expect_same(parse_nonmem(out.str(), "f", with_arm()), trial);
}

TEST(CovariateLevels, ValuesWithoutALevelAreNotWritten) {
  Trial trial = parse_nonmem("ID,TIME,DV,SEX\na,0,1,2\n", "f", with_sex());
  trial.subjects[0].covariates["sex"] = 2.0;
  std::ostringstream out;
  EXPECT_THROW(write_nonmem(out, trial, with_sex()), DataError);
}

// No covariate but weight has a rule of its own.
TEST(CovariateLevels, WithoutLevelsAnyNumberIsAValue) {
  const Trial trial = parse_nonmem("ID,TIME,DV,BW,COMED\na,0,1,70,0.5\n", "f", NonmemFormat{});
  EXPECT_EQ(trial.subjects.at(0).covariates.at("comed"), 0.5);
}
