#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <optional>

#include "titrant/core/settings.hpp"
#include "titrant/core/yaml.hpp"

using testing::HasSubstr;
using testing::Not;
using titrant::core::Problems;
using titrant::core::Range;
using titrant::core::Settings;
using titrant::core::yaml_number;
using titrant::core::yaml_number_fault;

namespace {

std::optional<double> number(const std::string& text) { return yaml_number(YAML::Node(text)); }
std::string fault(const std::string& text, bool whole = false) { return yaml_number_fault(YAML::Node(text), whole); }

/// What a setting of whole numbers becomes, or the fault.
template <class Integer>
std::string whole(const std::string& text, Range range = Range::any()) {
  Integer value = 77;
  Settings settings;
  settings.integer("k", value, range, "a number");
  Problems problems;
  read_yaml(settings, "k: " + text, "run.yaml", problems);
  return problems.empty() ? std::to_string(value) : problems.text();
}

}  // namespace

TEST(YamlNumbers, AreDecimal) {
  EXPECT_EQ(number("0"), 0.0);
  EXPECT_EQ(number("10"), 10.0);
  EXPECT_EQ(number("-1.5"), -1.5);
  EXPECT_EQ(number("+2"), 2.0);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("5."), 5.0);
  EXPECT_EQ(number("0.1"), 0.1);
  EXPECT_EQ(number("1e-3"), 1e-3);
  EXPECT_EQ(number("2E+3"), 2000.0);
}

TEST(YamlNumbers, MayBeWholeInOtherBasesWhereYaml12SaysWhich) {
  EXPECT_EQ(number("0x1F"), 31.0);
  EXPECT_EQ(number("0o17"), 15.0);
  EXPECT_EQ(whole<int>("0x1F"), "31");
  EXPECT_EQ(whole<std::uint64_t>("0o17"), "15");
  EXPECT_EQ(whole<int>("-0x10"), "-16");
}

// 010 is 8 in YAML 1.1 and 10 in YAML 1.2; yaml-cpp reads 8 into whole numbers and 10 into others.
TEST(YamlNumbers, RefuseLeadingZeros) {
  for (const std::string text : {"010", "-010", "00", "007.5", "01e3", "0100"})
    EXPECT_EQ(number(text), std::nullopt) << text;
  EXPECT_THAT(fault("010", true), HasSubstr("expected a whole number, found '010'; a leading zero means octal to some "
                                            "programs: write 10, or 0o10 where octal is meant"));
  EXPECT_THAT(fault("0090", true), HasSubstr("write 90"));
  EXPECT_THAT(fault("0090", true), Not(HasSubstr("0o")));
  EXPECT_THAT(fault("-007.5"), HasSubstr("write -7.5"));
  EXPECT_THAT(fault("00.5"), HasSubstr("write 0.5"));
  EXPECT_THAT(fault("000", true), HasSubstr("write 0"));
  EXPECT_THAT(whole<std::uint64_t>("010"), HasSubstr("run.yaml:1:4: k: expected a whole number, found '010'"));
  EXPECT_THAT(whole<int>("'010'"), HasSubstr("expected a whole number"));
  EXPECT_EQ(whole<int>("0"), "0");
}

TEST(YamlNumbers, RefuseWhatOtherProgramsTakeForNumbers) {
  for (const std::string text :
       {".inf", "-.inf", ".nan", "inf",  "nan", "NaN", "infinity", "1_000", "1,5", "0,5", "1:30",   "0b11",
        "0X1F", "1e400", "1d5",  "5 mg", "",    "-",   "+-1",      "0x",    "0xG", "1e",  "0x1.8p1"})
    EXPECT_EQ(number(text), std::nullopt) << text;
  EXPECT_THAT(fault("1_000", true), HasSubstr("write 1000"));
  EXPECT_THAT(fault("0,5"), HasSubstr("the decimal sign is a point"));
  EXPECT_THAT(fault("0b11", true), HasSubstr("binary numbers are not read"));
  EXPECT_EQ(fault(".inf"), "expected a number, found '.inf'");
  EXPECT_EQ(fault("ten", true), "expected a whole number, found 'ten'");
}

TEST(YamlNumbers, WholeOnesHaveNoExponentOrPoint) {
  EXPECT_THAT(whole<int>("1e3"), HasSubstr("expected a whole number, found '1e3'; write 1000"));
  EXPECT_THAT(whole<int>("12.0"), HasSubstr("write 12"));
  EXPECT_THAT(whole<int>("1.5"), HasSubstr("expected a whole number, found '1.5'"));
  EXPECT_THAT(whole<int>("1.5"), Not(HasSubstr("write")));
}

TEST(YamlNumbers, WholeOnesFitTheirTypeOrAreOutOfRange) {
  EXPECT_EQ(whole<int>("2147483647"), "2147483647");
  EXPECT_EQ(whole<int>("-2147483648"), "-2147483648");
  EXPECT_THAT(whole<int>("2147483648"), HasSubstr("2147483648 is out of range; allowed: -2147483648 .. 2147483647"));
  EXPECT_THAT(whole<int>("-2147483649"), HasSubstr("out of range"));
  EXPECT_EQ(whole<std::uint64_t>("18446744073709551615"), "18446744073709551615");
  EXPECT_THAT(whole<std::uint64_t>("18446744073709551616"), HasSubstr("out of range"));
  EXPECT_THAT(whole<std::uint32_t>("4294967296"), HasSubstr("out of range; allowed: 0 .. 4294967295"));
  EXPECT_THAT(whole<std::uint64_t>("-1"), HasSubstr("-1 is out of range"));
  EXPECT_THAT(whole<int>("7", Range::at_least(8)), HasSubstr("7 is out of range; allowed: >= 8"));
  EXPECT_EQ(whole<std::uint64_t>("-0"), "0");
}
