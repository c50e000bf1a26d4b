#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "titrant/core/yaml.hpp"

using testing::HasSubstr;
using titrant::core::parse_yaml;
using titrant::core::Problems;

namespace {

std::string faults_of(const std::string& text, const std::string& name = "run.yaml") {
  Problems problems;
  parse_yaml(text, name, problems);
  return problems.text();
}

}  // namespace

TEST(YamlDocument, ReadsOneDocument) {
  for (const std::string text : {"a: 1\nb: {c: [1, 2]}\n", "---\na: 1\n...\n", "%YAML 1.2\n---\na: 1\n# the end\n",
                                 "a: 1", "", "# nothing\n", "[1, 2]", "a: &x {b: 1}\nc: *x\n", "? a\n: 1\n"}) {
    EXPECT_EQ(faults_of(text), "") << text;
  }
  Problems problems;
  EXPECT_EQ(parse_yaml("a: &x {b: 5}\nc: *x\n", "run.yaml", problems)["c"]["b"].as<std::string>(), "5");
}

TEST(YamlDocument, RefusesAKeyThatAMapHasTwiceWithBothPlaces) {
  EXPECT_EQ(faults_of("scenarios:\n  adult: {a: 1}\n  adult: {b: 2}\n"),
            "run.yaml:3:3: scenarios.adult: is given twice; the first time in line 2, column 3");
  EXPECT_EQ(faults_of("rows: [{a: 1}, {b: 1, c: {d: 1}, 'b': 2}]"),
            "run.yaml:1:34: rows[2].b: is given twice; the first time in line 1, column 17");
  EXPECT_EQ(faults_of("k: &name x\n*name : 1\nx: 2\n"),
            "run.yaml:3:1: x: is given twice; the first time in line 2, column 1");
  EXPECT_EQ(faults_of("a: {b: 1}\nc: {b: 1}\nd: [b, b]\n[b]: 1\n[c]: 2\n"), "");  // each map has its own keys
  EXPECT_THAT(faults_of("{a: 1, a: 2}", ""), HasSubstr("character 8: a: is given twice"));
  EXPECT_EQ(faults_of("a: 1\na: 2\na: 3\n").find("line 2, column"), std::string::npos);  // the first, not the last
}

// yaml-cpp reads the first document and forgets the rest of the text, whatever it is.
TEST(YamlDocument, RefusesWhatFollowsTheDocument) {
  const std::string lost = "a second document, or text behind the end of the first";
  EXPECT_THAT(faults_of("seed: 1\n---\nseed: 2\n"), HasSubstr("run.yaml:2:1: " + lost));
  EXPECT_THAT(faults_of("seed: 1\n...\nseed: 2\n"), HasSubstr("run.yaml:3:1: " + lost));
  EXPECT_THAT(faults_of("---\n---\nseed: 2\n"), HasSubstr("run.yaml:2:1: " + lost));
  EXPECT_THAT(faults_of("seed: 1\n---\n[broken\n"), HasSubstr("run.yaml:2:1: " + lost));
  EXPECT_THAT(faults_of("[0.9] 0.5", ""), HasSubstr("character 7: " + lost));
}

TEST(YamlDocument, RefusesADirectiveThatWasMeantAsAText) {
  EXPECT_THAT(faults_of("%", ""), HasSubstr("character 1: a line that begins with % is a directive"));
  EXPECT_EQ(faults_of("'%'", ""), "");
  EXPECT_EQ(faults_of("%YAML 1.2\n---\nseed: 1\n"), "");
  EXPECT_EQ(faults_of(""), "");
}

TEST(YamlDocument, RefusesMergeKeysAndTagsOfApplications) {
  EXPECT_THAT(faults_of("base: &b {x: 1}\nother: {<<: *b, y: 2}\n"),
              HasSubstr("run.yaml:2:9: other.<<: merge keys are not read; write the keys out"));
  EXPECT_THAT(faults_of("data: !include trial.yaml\n"), HasSubstr("run.yaml:1:7: data: the tag !include"));
  EXPECT_EQ(faults_of("a: !!float 1\nb: 'x'\nc: \"y\"\n"), "");
}

TEST(YamlDocument, NamesThePlaceOfWhatIsNotYaml) {
  EXPECT_THAT(faults_of("a: [1\nb: 2"), HasSubstr("run.yaml:2:"));
  EXPECT_THAT(faults_of("a:\n\tb: 1\n"), HasSubstr("lines begin with tabs"));
  EXPECT_THAT(faults_of("a: *nobody\n"), HasSubstr("run.yaml:1:4: not valid YAML"));
}

// A map that many aliases share is looked at once.
TEST(YamlDocument, LooksAtSharedNodesOnce) {
  std::string text = "a0: &a0 {k: 1, k: 2}\n";
  for (int level = 1; level < 40; ++level) text += fmt::format("a{0}: &a{0} [*a{1}, *a{1}]\n", level, level - 1);
  Problems problems;
  parse_yaml(text, "run.yaml", problems);
  EXPECT_EQ(problems.count(), 1U);
}
