// Designs: records whose observations have no values yet.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "nonmem_text.hpp"
#include "same_trial.hpp"

using testing::Contains;
using testing::HasSubstr;
using titrant::DataError;
using titrant::tests::expect_same;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_design;
using titrant::trial::parse_nonmem;
using titrant::trial::Subject;
using titrant::trial::Trial;

namespace {

/// Two subjects with a dose and three observations each; `value` stands where these have one.
std::string records(const std::string& header, const std::string& value) {
  std::string text = header + "\n";
  for (const char* subject : {"7", "8"}) {
    text += fmt::format("{0},0,100,1,.\n{0},1,.,0,{1}\n{0},2.5,.,0,{1}\n{0},30,.,0,{1}\n", subject, value);
  }
  return text;
}

std::string fault_of_design(const std::string& text, const NonmemFormat& format = plain_format()) {
  try {
    parse_design(text, "f", format);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

// Whatever stands for the values, the design is that of the same file with values, which are 0 in it.
TEST(Design, HasNoValues) {
  Trial expected = parse_nonmem(records("ID,TIME,AMT,EVID,DV", "3.5"), "f", plain_format());
  for (Subject& subject : expected.subjects) {
    for (auto& one : subject.concentrations) one.value = 0.0;
  }
  for (const char* value : {"", ".", "0", "NA", "3.5", "BLQ"}) {
    SCOPED_TRACE(value);
    Trial design = parse_design(records("ID,TIME,AMT,EVID,DV", value), "f", plain_format());
    expect_same(design, expected);
  }
  expect_same(parse_design(records("ID,TIME,AMT,EVID,NOTE", "x"), "f", plain_format()), expected);
  EXPECT_THAT(faults_of(records("ID,TIME,AMT,EVID,DV", ".")), HasSubstr("an observation without a value"));
  EXPECT_THAT(faults_of(records("ID,TIME,AMT,EVID,NOTE", "x")), HasSubstr("no column 'DV'"));
}

TEST(Design, KeepsLimitsAndLooksAtNoCensoring) {
  const std::string text = "ID,TIME,AMT,EVID,CENS,LIMIT,LLOQ\n1,0,5,1,0,.,.\n1,1,.,0,1,.,0.25\n1,2,.,0,7,x,0.5\n";
  const Trial design = parse_design(text, "f", plain_format());
  ASSERT_EQ(design.subjects.size(), 1U);
  const auto& observations = design.subjects.front().concentrations;
  ASSERT_EQ(observations.size(), 2U);
  EXPECT_FALSE(observations[0].censored);
  EXPECT_EQ(observations[0].limit, 0.25);
  EXPECT_EQ(observations[1].limit, 0.5);
}

TEST(Design, ObservesBothKinds) {
  const Trial design =
      parse_design("ID,TIME,AMT,EVID,DVID\n1,0,5,1,0\n1,1,.,0,1\n1,2,.,0,2\n1,3,.,0,2\n", "f", plain_format());
  ASSERT_EQ(design.subjects.size(), 1U);
  EXPECT_EQ(design.subjects.front().concentrations.size(), 1U);
  EXPECT_EQ(design.subjects.front().biomarkers.size(), 2U);
}

TEST(Design, SaysWhatIsNotObserved) {
  const Trial design = parse_design("ID,TIME,AMT,EVID,MDV\n1,0,5,1,1\n1,1,.,0,1\n1,2,.,0,0\n", "f", plain_format());
  EXPECT_EQ(design.subjects.front().concentrations.size(), 1U);
  EXPECT_THAT(design.remarks, Contains(HasSubstr("Not observed: 1 record of 1 subject (1) with MDV 1")));
  EXPECT_THAT(fault_of_design("ID,TIME,AMT,EVID,MDV\n1,0,5,1,1\n1,1,.,0,1\n"),
              HasSubstr("no subject has observations; expected records with EVID 0 at the times to be simulated"));
}

// All else is as in a trial.
TEST(Design, RefusesWhatATrialRefuses) {
  EXPECT_THAT(fault_of_design("ID,TIME,AMT,EVID\n1,0,5,1\n1,3,.,0\n1,2,.,0\n"), HasSubstr("time goes backwards"));
  EXPECT_THAT(fault_of_design("ID,AMT,EVID\n1,5,1\n1,.,0\n"), HasSubstr("no column 'TIME'"));
  NonmemFormat format = plain_format();
  format.covariates = {{.name = "age", .column = "AGE", .levels = {}, .reference = {}}};
  EXPECT_THAT(fault_of_design("ID,TIME,AMT,EVID\n1,0,5,1\n1,3,.,0\n", format), HasSubstr("no column 'AGE'"));
}
