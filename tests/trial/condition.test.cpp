// data.ignore and data.where: conditions on the fields of records.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "nonmem_text.hpp"

using titrant::ConfigError;
using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;

namespace {

const std::string condition_text =
    "ID,TIME,DV,ARM,Body weight\n"
    "1,0,10,a,70\n1,1,11,b,70\n1,2,12,a,80\n1,3,13,.,90\n";

NonmemFormat ignoring(const std::string& condition) {
  NonmemFormat format = plain_format();
  format.ignore = {condition};
  return format;
}

/// The values that are left.
std::string left_by(const NonmemFormat& format) {
  std::string result;
  const auto trial = parse_nonmem(condition_text, "f", format);
  for (const auto& one : trial.subjects.at(0).concentrations) {
    result += std::to_string(static_cast<int>(one.value)) + " ";
  }
  return result;
}

std::string left_where(const std::string& condition) {
  NonmemFormat format = plain_format();
  format.where = {condition};
  return left_by(format);
}

std::string refusal(const std::string& condition) {
  try {
    parse_nonmem(condition_text, "f", ignoring(condition));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Condition, ComparesNumbers) {
  EXPECT_EQ(left_where("TIME == 1.0"), "11 ");
  EXPECT_EQ(left_where("TIME = 1"), "11 ");
  EXPECT_EQ(left_where("TIME != 1"), "10 12 13 ");
  EXPECT_EQ(left_where("TIME /= 1"), "10 12 13 ");
  EXPECT_EQ(left_where("TIME<2"), "10 11 ");
  EXPECT_EQ(left_where("TIME <= 2"), "10 11 12 ");
  EXPECT_EQ(left_where("time>2"), "13 ");
  EXPECT_EQ(left_where("TIME >= -1e0"), "10 11 12 13 ");
}

TEST(Condition, KnowsTheOperatorsOfNonmem) {
  EXPECT_EQ(left_where("TIME.EQ.1"), "11 ");
  EXPECT_EQ(left_where("TIME.ne.1"), "10 12 13 ");
  EXPECT_EQ(left_where("TIME.LT.1.5"), "10 11 ");
  EXPECT_EQ(left_where("TIME .LE. 1"), "10 11 ");
  EXPECT_EQ(left_where("TIME.GT.1.AND.TIME.LT.3"), "12 ");
  EXPECT_EQ(left_where("TIME.GE.3.OR.TIME.EQN.0"), "10 13 ");
}

TEST(Condition, JoinsComparisons) {
  EXPECT_EQ(left_where("TIME >= 1 and ARM == a or TIME == 0"), "10 12 ");
  EXPECT_EQ(left_where("TIME >= 1 and (ARM == a or ARM == b)"), "11 12 ");
  EXPECT_EQ(left_where("TIME > 0 && ARM != 'a' || ARM == \"a\" AND \"Body weight\" > 75"), "11 12 13 ");
  NonmemFormat both = plain_format();
  both.ignore = {"TIME == 0", "ARM == b"};  // any of them
  EXPECT_EQ(left_by(both), "12 13 ");
  both.ignore = {};
  both.where = {"TIME > 0", "ARM == a"};  // all of them
  EXPECT_EQ(left_by(both), "12 ");
}

TEST(Condition, MissingIsEqualToMissingAlone) {
  EXPECT_EQ(left_where("ARM == ."), "13 ");
  EXPECT_EQ(left_where("ARM != NA"), "10 11 12 ");
  EXPECT_EQ(left_where("ARM == a"), "10 12 ");
  EXPECT_EQ(left_where("ARM != a"), "11 13 ");
}

// NONMEM reads 0 for nothing: a condition on values does not take the doses away.
TEST(Condition, NothingIsZeroWhereANumberIsCompared) {
  const std::string doses = "ID,TIME,DV,AMT,EVID\n1,0,.,10,1\n1,1,5,0,0\n1,2,-1,0,0\n2,0,NA,10,1\n2,1,6,,0\n";
  NonmemFormat format = plain_format();
  format.where = {"DV >= 0"};
  const auto trial = parse_nonmem(doses, "f", format);
  ASSERT_EQ(trial.subjects.size(), 2U);
  EXPECT_EQ(trial.subjects[0].doses.size(), 1U);
  EXPECT_EQ(trial.subjects[0].concentrations.size(), 1U);
  EXPECT_EQ(trial.subjects[1].doses.size(), 0U);  // NA is no number
  const auto& said = trial.remarks;
  EXPECT_NE(std::find(said.begin(), said.end(), "data.where 'DV >= 0' leaves out 2 records, 1 with a dose."),
            said.end());
}

TEST(Condition, WhatIsLeftOutIsCounted) {
  NonmemFormat format = ignoring("TIME > 2");
  format.where = {"ARM != b", "TIME >= 0"};
  const auto remarks = parse_nonmem(condition_text, "f", format).remarks;
  ASSERT_EQ(remarks.size(), 4U);
  EXPECT_EQ(remarks[1], "data.ignore 'TIME > 2' leaves out 1 record.");
  EXPECT_EQ(remarks[2], "data.where 'ARM != b' leaves out 1 record.");
  EXPECT_EQ(remarks[3], "data.where 'TIME >= 0' leaves out 0 records.");
  EXPECT_EQ(faults_of(condition_text, ignoring("TIME >= 0")),
            "f:1:1: no records are left: all are comments, or left out by data.ignore or data.where");
}

TEST(Condition, FaultsOfRecordsThatAreLeftOutDoNotMatter) {
  EXPECT_EQ(faults_of("ID,TIME,DV,BAD\n1,0,x,1\n1,1,2,0\n", ignoring("BAD == 1")), "");
}

TEST(Condition, ColumnsMustBeThere) {
  EXPECT_EQ(faults_of(condition_text, ignoring("ARMS == a or WHAT > 1")),
            "f:1:1: no column 'ARMS' for data.ignore: ARMS == a or WHAT > 1; did you mean 'ARM'?\n"
            "f:1:1: no column 'WHAT' for data.ignore: ARMS == a or WHAT > 1; the header has ID, TIME, DV, ARM, Body "
            "weight");
}

TEST(Condition, AnOrderNeedsNumbers) {
  EXPECT_EQ(faults_of(condition_text, ignoring("ARM > 1")),
            "f:2:8: data.ignore: ARM > 1: expected a number in column 'ARM', found 'a'\n"
            "f:3:8: data.ignore: ARM > 1: expected a number in column 'ARM', found 'b'\n"
            "f:4:8: data.ignore: ARM > 1: expected a number in column 'ARM', found 'a'");
  EXPECT_EQ(refusal("ARM > a"),
            "data.ignore: 'ARM > a': expected a number at character 7, as in \"DOSE == 10 and AGE >= 18\"");
}

TEST(Condition, WhatCannotBeReadIsRefused) {
  const std::string example = ", as in \"DOSE == 10 and AGE >= 18\"";
  EXPECT_EQ(refusal("TIME"),
            "data.ignore: 'TIME': expected a comparison (==, !=, <, <=, >, >=) at character 5" + example);
  EXPECT_EQ(refusal("TIME =="), "data.ignore: 'TIME ==': expected a number or a text at character 8" + example);
  EXPECT_EQ(refusal("== 1"), "data.ignore: '== 1': expected the name of a column at character 1" + example);
  EXPECT_EQ(refusal("TIME == 1 DV == 2"),
            "data.ignore: 'TIME == 1 DV == 2': expected 'and' or 'or' at character 11" + example);
  EXPECT_EQ(refusal("(TIME == 1"),
            "data.ignore: '(TIME == 1': expected a closing parenthesis at character 11" + example);
  EXPECT_EQ(refusal("TIME == 'x"),
            "data.ignore: 'TIME == 'x': expected a closing quote for that at character 9" + example);
  EXPECT_EQ(refusal("! TIME"), "data.ignore: '! TIME': expected a comparison at character 1" + example);
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal(std::string(2000, '(')), "");
  EXPECT_NE(refusal(fmt::format("{:(<500}A == 1", "")), "");
}
