// Fields as numbers: each item has its range, and a fault names the field.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "nonmem_text.hpp"

using titrant::tests::faults_of;

namespace {

/// A file of one observation with one item set to `field`; the item stands in character 7 of line 2.
std::string with_item(const std::string& item, const std::string& field) {
  return "ID,TIME,DV," + item + "\n1,2,3," + field + "\n";
}

struct Wrong {
  const char* item;
  const char* field;
  const char* message;
};

class WrongItem : public testing::TestWithParam<Wrong> {};

}  // namespace

TEST_P(WrongItem, IsReportedWithItsPlace) {
  const auto& [item, field, message] = GetParam();
  EXPECT_EQ(faults_of(with_item(item, field)), std::string("f:2:7: ") + message);
}

INSTANTIATE_TEST_SUITE_P(
    Record, WrongItem,
    testing::Values(
        Wrong{"AMT", "ten", "AMT: expected a dose, 0 to 1e15, found 'ten', which is not a number"},
        Wrong{"AMT", "-5", "AMT: expected a dose, 0 to 1e15, found '-5'"},
        Wrong{"AMT", "inf", "AMT: expected a dose, 0 to 1e15, found 'inf', which is not finite"},
        Wrong{"AMT", "1e999",
              "AMT: expected a dose, 0 to 1e15, found '1e999', which no number of double precision can hold"},
        Wrong{"EVID", "7",
              "EVID: expected 0 (observation), 1 (dose), 2 (other event), 3 (reset), 4 (reset and dose) or 101 (dose "
              "into "
              "compartment 1), found '7'"},
        Wrong{"EVID", "0.5",
              "EVID: expected 0 (observation), 1 (dose), 2 (other event), 3 (reset), 4 (reset and dose) or 101 (dose "
              "into "
              "compartment 1), found '0.5'"},
        Wrong{"EVID", "102",
              "EVID: expected 0 (observation), 1 (dose), 2 (other event), 3 (reset), 4 (reset and dose) or 101 (dose "
              "into "
              "compartment 1), found '102'"},
        Wrong{"MDV", "2", "MDV: expected 0, 1, 100 or 101, found '2'"},
        Wrong{"MDV", "0.5", "MDV: expected 0, 1, 100 or 101, found '0.5'"},
        Wrong{"DVID", "1x",
              "DVID: expected 1 (concentration) or 2 (biomarker) for an observation, found 1x; see "
              "data.concentration_dvid and data.biomarker_dvid, or leave others out with data.ignore"},
        Wrong{"ADDL", "2.5", "ADDL: expected a whole number of doses, 0 to 100000, found '2.5'"},
        Wrong{"ADDL", "100001", "ADDL: expected a whole number of doses, 0 to 100000, found '100001'"},
        Wrong{"II", "-24", "II: expected a time, 0 to 1e9, or hours and minutes as 12:00, found '-24'"},
        Wrong{"SS", "3", "SS: expected 0, 1 or 2, found '3'"},
        Wrong{"CENS", "2", "CENS: expected 0, 1 (below the value) or -1 (above it), found '2'"},
        Wrong{"LIMIT", "low",
              "LIMIT: expected a number, -1e15 to 1e15, or nothing, found 'low', which is not a number"},
        Wrong{"LLOQ", "-0.1", "LLOQ: expected a concentration, 0 to 1e15, found '-0.1'"},
        Wrong{"RATE", "fast", "RATE: expected a rate, 0 to 1e15, or -1 or -2, found 'fast', which is not a number"},
        Wrong{"DUR", "long",
              "DUR: expected a time, 0 to 1e9, or hours and minutes as 1:30, found 'long', which is not a number"},
        Wrong{"RATE", "0.5", "RATE: 0.5 in a record that is no dose; expected 0 or nothing"}));

TEST(Record, TimesAndValuesHaveTheirRange) {
  EXPECT_EQ(
      faults_of("ID,TIME,DV\n1,8h,3\n1,08:61,3\n1,2e9,3\n1,4,inf\n1,5,1,\n1,6,<3\n1,7,1e300\n"),
      "f:2:3: TIME: expected a time, -1e9 to 1e9, or a clock time as 14:30, found '8h', which is not a number\n"
      "f:3:3: TIME: expected a time, -1e9 to 1e9, or a clock time as 14:30, found '08:61', which is not a number\n"
      "f:4:3: TIME: expected a time, -1e9 to 1e9, or a clock time as 14:30, found '2e9'\n"
      "f:5:5: DV: expected a number, -1e15 to 1e15, found 'inf', which is not finite\n"
      "f:6:7: 4 fields where the header has 3\n"
      "f:7:5: DV: expected a number, -1e15 to 1e15, found '<3', which is not a number; a value below its limit is "
      "written as that limit with CENS 1, one above it with CENS -1\n"
      "f:8:5: DV: expected a number, -1e15 to 1e15, found '1e300'");
}

TEST(Record, EveryFaultOfARowIsReported) {
  EXPECT_EQ(faults_of("ID,TIME,DV,MDV\n.,a,b,9\n"),
            "f:2:1: ID: expected the name of a subject, found '.'\n"
            "f:2:3: TIME: expected a time, -1e9 to 1e9, or a clock time as 14:30, found 'a', which is not a number\n"
            "f:2:5: DV: expected a number, -1e15 to 1e15, found 'b', which is not a number\n"
            "f:2:7: MDV: expected 0, 1, 100 or 101, found '9'");
}

TEST(Record, IdsAreTextThatCanBeShown) {
  EXPECT_EQ(faults_of("ID,TIME,DV\nM\xFCller,1,2\n"), "f:2:1: ID: expected the name of a subject, found 'M\\xfcller'");
  EXPECT_EQ(faults_of(std::string("ID,TIME,DV\na\0b,1,2\n", 19)),
            "f:2:1: ID: expected the name of a subject, found 'a\\x00b'");
  EXPECT_EQ(faults_of("ID,TIME,DV\n,1,2\n"), "f:2:1: ID: expected the name of a subject, found ''");
  EXPECT_EQ(faults_of(fmt::format("ID,TIME,DV\n{:a<257},1,2\n", "")),
            fmt::format("f:2:1: ID: expected the name of a subject, found '{:a<40}...'", ""));
  EXPECT_EQ(faults_of("ID,TIME,DV\nM\xC3\xBCller \xE6\xB0\xB4,1,2\n"), "");
}

TEST(Record, WordsForMissingStandForNothing) {
  const auto trial = titrant::trial::parse_nonmem(
      "ID,TIME,DV,AMT,MDV,BW\n1,0,NA,5,1,70\n1,1,2,na,0,NaN\n1,2,3,N/A,.,#N/A\n1,3,4,,null,.\n", "f", {});
  EXPECT_EQ(trial.subjects.at(0).concentrations.size(), 3U);
  EXPECT_EQ(trial.subjects.at(0).doses.size(), 1U);
  EXPECT_EQ(trial.subjects.at(0).covariates.at("weight"), 70.0);
  EXPECT_EQ(faults_of("ID,TIME,DV\nNA,1,2\n"), "f:2:1: ID: expected the name of a subject, found 'NA'");
}

// RFC 3629: overlong forms, surrogates, and what lies beyond Unicode are not UTF-8; their neighbours are.
TEST(Record, IdsAreWellFormedUtf8) {
  const auto is_refused = [](const std::string& id) { return !faults_of("ID,TIME,DV\n" + id + ",1,2\n").empty(); };
  for (const char* wrong : {"\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xE6\xB0", "\xC3("}) {
    EXPECT_TRUE(is_refused(wrong)) << testing::PrintToString(wrong);
  }
  for (const char* right : {"\xC2\xA0", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80",
                            "\xF4\x8F\xBF\xBF"}) {
    EXPECT_FALSE(is_refused(right)) << testing::PrintToString(right);
  }
}

TEST(Record, CovariatesAreNumbers) {
  titrant::trial::NonmemFormat format;
  EXPECT_EQ(faults_of("ID,TIME,DV,BW,COMED\n1,1,2,heavy,yes\n", format),
            "f:2:7: BW: expected a number, found 'heavy', which is not a number\n"
            "f:2:13: COMED: expected a number, found 'yes', which is not a number");
}
