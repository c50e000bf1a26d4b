#include "titrant/core/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <string>
#include <vector>

#include "titrant/core/yaml_reader.hpp"

using testing::HasSubstr;
using testing::Not;
using titrant::core::Problems;
using titrant::core::Range;
using titrant::core::Settings;

namespace {

enum class Colour { red, blue };

struct Place {
  double from = 1.0;
  double to = 2.0;
};

struct Example {
  double dose = 1.5;
  int steps = 10;
  std::uint64_t seed = 7;
  bool lag = false;
  std::string file;
  Colour colour = Colour::red;
  std::vector<std::string> names = {"a"};
  std::vector<double> targets = {0.9};
  std::map<std::string, double> fixed;
  std::map<std::string, std::map<std::string, std::variant<double, Colour>>> effects = {
      {"clearance", {{"weight", 0.75}}}};
  std::map<std::string, Place> places = {{"base", {}}};

  Settings describe() {
    Settings settings;
    settings.integer("seed", seed, Range::any(), "the seed");
    Settings& inner = settings.section("inner", "a section");
    inner.number("dose", dose, "mg", Range::positive(), "a dose");
    inner.integer("steps", steps, Range::at_least(1), "steps");
    inner.flag("lag", lag, "a flag");
    inner.text("file", file, "a file");
    inner.choice<Colour>("colour", colour, {{"red", Colour::red}, {"blue", Colour::blue}}, "a colour");
    inner.words("names", names, {"a", "b", "c"}, "names", {{"alpha", "a"}});
    inner.numbers("targets", targets, "", Range::inside(0.0, 1.0), "targets");
    inner.number_map("fixed", fixed, "fixed values");
    inner.maps<Colour>("effects", effects, {{"red", Colour::red}, {"blue", Colour::blue}}, "effects");
    settings.sections<Place>(
        "places", places,
        [](Settings& s, Place& place) { s.interval("range", place.from, place.to, "kg", Range::positive(), "range"); },
        "places");
    return settings;
  }
};

Problems read(Example& example, const std::string& text) {
  Settings settings = example.describe();
  Problems problems;
  read_yaml(settings, text, "run.yaml", problems);
  return problems;
}

Problems set(Example& example, const std::string& assignment) {
  Settings settings = example.describe();
  Problems problems;
  set_value(settings, assignment, problems);
  return problems;
}

TEST(Settings, AWordInPlaceOfASection) {
  for (const std::string text : {"noise: none", "noise: kyiv.yaml", "noise: {two_qubit: 0.5}"}) {
    std::string device = "default";
    double two_qubit = 0.25;
    Settings settings;
    Settings& noise = settings.section("noise", "noise", [&](const std::string& word) {
      device = word;
      two_qubit = 0.0;
    });
    noise.text("device", device, "a device");
    noise.number("two_qubit", two_qubit, "", Range::any(), "a figure");
    Problems problems;
    read_yaml(settings, text, "run.yaml", problems);
    EXPECT_TRUE(problems.empty()) << problems.text();
    const bool section = text.find('{') != std::string::npos;
    EXPECT_EQ(device, section ? "default" : text.substr(7));
    EXPECT_EQ(two_qubit, section ? 0.5 : 0.0);
  }
}

}  // namespace

TEST(Settings, ReadsEveryKindOfValue) {
  Example example;
  const Problems problems = read(example, R"(
seed: 18446744073709551615
inner: {dose: 2.5, steps: 3, lag: true, file: "x y.csv", colour: blue, names: [b, c], targets: [0.5, 0.75],
        fixed: {clearance: 3}, effects: {volume: {weight: 1, age: blue}}}
places: {heavy: {range: [70, 140]}}
)");
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(example.seed, 18446744073709551615ULL);
  EXPECT_EQ(example.dose, 2.5);
  EXPECT_EQ(example.steps, 3);
  EXPECT_TRUE(example.lag);
  EXPECT_EQ(example.file, "x y.csv");
  EXPECT_EQ(example.colour, Colour::blue);
  EXPECT_EQ(example.names, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(example.targets, (std::vector<double>{0.5, 0.75}));
  EXPECT_EQ(example.fixed.at("clearance"), 3.0);
  EXPECT_FALSE(example.effects.contains("clearance"));  // a file's map replaces the default
  EXPECT_EQ(std::get<double>(example.effects.at("volume").at("weight")), 1.0);
  EXPECT_EQ(std::get<Colour>(example.effects.at("volume").at("age")), Colour::blue);
  ASSERT_EQ(example.places.size(), 1U);
  EXPECT_EQ(example.places.at("heavy").to, 140.0);
}

TEST(Settings, ReportsEveryFaultAtOnceWithItsPlace) {
  Example example;
  const Problems problems =
      read(example, "inner:\n  dose: -1\n  stepz: 3\n  lag: perhaps\n  colour: green\nseed: ten\n");
  EXPECT_EQ(problems.count(), 5U);
  const std::string text = problems.text();
  EXPECT_THAT(text, HasSubstr("run.yaml:2:9: inner.dose: -1 is out of range; allowed: > 0 mg"));
  EXPECT_THAT(text, HasSubstr("run.yaml:3:3: inner.stepz: unknown key; did you mean 'steps'?"));
  EXPECT_THAT(text, HasSubstr("run.yaml:4:8: inner.lag: expected true or false, found 'perhaps'"));
  EXPECT_THAT(text, HasSubstr("run.yaml:5:11: inner.colour: 'green' is not one of: red, blue"));
  EXPECT_THAT(text, HasSubstr("run.yaml:6:7: seed: expected a whole number, found 'ten'"));
  EXPECT_EQ(example.dose, 1.5);  // faulty keys keep their defaults
}

TEST(Settings, RefusesWhatNumbersAreNot) {
  Example example;
  EXPECT_EQ(read(example, "inner: {dose: .nan}").count(), 1U);
  EXPECT_EQ(read(example, "inner: {dose: .inf}").count(), 1U);
  EXPECT_EQ(read(example, "inner: {dose: [1]}").count(), 1U);
  EXPECT_EQ(read(example, "inner: {steps: 1.5}").count(), 1U);
  EXPECT_EQ(read(example, "seed: -1").count(), 1U);
  EXPECT_EQ(read(example, "inner: {targets: [0.5, 1.0]}").count(), 1U);
  EXPECT_EQ(read(example, "inner: {dose: 1, dose: 2}").count(), 1U);
  EXPECT_EQ(read(example, "places: {base: {range: [2, 1]}}").count(), 1U);
}

TEST(Settings, TakesOneWordForAListOfOne) {
  Example example;
  EXPECT_EQ(read(example, "inner: {names: c}").text(), "");
  EXPECT_EQ(example.names, (std::vector<std::string>{"c"}));
  EXPECT_THAT(read(example, "inner: {names: d}").text(), HasSubstr("'d' is not one of: a, b, c"));
  EXPECT_THAT(read(example, "inner: {names: [b, alpha]}").text(),
              HasSubstr("inner.names: 'alpha' is a word of earlier versions; write a"));
  EXPECT_EQ(read(example, "inner: {names: {a: b}}").count(), 1U);
}

TEST(Settings, NamesWhatAMapOfMapsMayHold) {
  Example example;
  EXPECT_THAT(read(example, "inner:\n  effects: {volume: {weight: green}}").text(),
              HasSubstr("run.yaml:2:30: inner.effects.volume.weight: expected a number or one of: red, blue, found "
                        "'green'"));
  EXPECT_EQ(read(example, "inner: {effects: {volume: 3}}").count(), 1U);
}

TEST(Settings, ReportsBrokenYamlWithItsPlace) {
  Example example;
  EXPECT_THAT(read(example, "inner: {dose: 1").text(), HasSubstr("run.yaml:"));
  EXPECT_THAT(read(example, "[1, 2]").text(), HasSubstr("expected a section"));
  EXPECT_TRUE(read(example, "").empty());
}

TEST(Settings, SetsByPath) {
  Example example;
  EXPECT_EQ(set(example, "inner.dose=4").text(), "");
  EXPECT_EQ(example.dose, 4.0);
  EXPECT_EQ(set(example, "places.base.range=[3, 4]").text(), "");
  EXPECT_EQ(example.places.at("base").from, 3.0);
  EXPECT_EQ(set(example, "inner.effects.volume.weight=1").text(), "");
  EXPECT_EQ(example.effects.size(), 2U);  // a path below a map adds to it
  EXPECT_THAT(set(example, "inner.dos=4").text(), HasSubstr("did you mean 'dose'?"));
  EXPECT_THAT(set(example, "inner.dose").text(), HasSubstr("expected key.path=value"));
  EXPECT_THAT(set(example, "inner.dose=0").text(), HasSubstr("out of range"));
}

TEST(Settings, RefusesMapsThatNameAKeyTwice) {
  Example example;
  const std::string twice = "is given twice; the first time in line 1, column ";
  EXPECT_THAT(read(example, "inner: {fixed: {a: 1, a: 2}}").text(),
              HasSubstr("run.yaml:1:23: inner.fixed.a: " + twice));
  EXPECT_THAT(read(example, "inner: {effects: {volume: {age: 1}, volume: {weight: 2}}}").text(), HasSubstr(twice));
  EXPECT_THAT(read(example, "places: {x: {range: [1, 2]}, x: {range: [3, 4]}}").text(), HasSubstr(twice));
  EXPECT_THAT(set(example, "inner.fixed={a: 1, a: 2}").text(),
              HasSubstr("--set inner.fixed={a: 1, a: 2}: character 8: a: " + twice));
  EXPECT_THAT(set(example, "seed=010").text(), HasSubstr("write 10"));
  EXPECT_THAT(set(example, "inner.effects.volume.weight=07").text(), HasSubstr("found '07'"));
  EXPECT_EQ(set(example, "inner.effects.volume.weight=0x10").text(), "");
  EXPECT_EQ(std::get<double>(example.effects.at("volume").at("weight")), 16.0);
}

TEST(Settings, ReadsFlagsAsYaml11AndWordsAsTheyStand) {
  for (const std::string yes : {"true", "yes", "on", "True", "YES"}) {
    Example example;
    EXPECT_EQ(read(example, "inner: {lag: " + yes + "}").text(), "");
    EXPECT_TRUE(example.lag) << yes;
  }
  Example example;
  EXPECT_EQ(read(example, "inner: {file: no}").text(), "");
  EXPECT_EQ(example.file, "no");
  EXPECT_EQ(read(example, "inner: {lag: 1}").count(), 1U);
}

TEST(Settings, NamesTheNearestWord) {
  Example example;
  EXPECT_THAT(read(example, "inner: {colour: blu}").text(), HasSubstr("not one of: red, blue; did you mean 'blue'?"));
}

TEST(Settings, ReadsBackWhatItWrites) {
  Example example;
  read(example, "inner: {dose: 0.1, file: 'a: b, #c', names: [b]}\nplaces: {x: {range: [1, 3]}, y: {range: [2, 4]}}");
  Example defaults;
  const Settings of_defaults = defaults.describe();
  for (const Settings* explained : {static_cast<const Settings*>(nullptr), &of_defaults}) {
    Example again;
    const std::string text = write_yaml(example.describe(), explained);
    EXPECT_EQ(read(again, text).text(), "") << text;
    EXPECT_EQ(write_yaml(again.describe(), explained), text);
    EXPECT_EQ(again.file, "a: b, #c");
    EXPECT_EQ(again.places.at("y").to, 4.0);
  }
}

TEST(Settings, ExplainsEveryKey) {
  Example example;
  Example defaults;
  read(example, "inner: {dose: 7}");
  const Settings of_defaults = defaults.describe();
  EXPECT_THAT(write_yaml(example.describe(), &of_defaults),
              HasSubstr("  # a dose [mg]; allowed: > 0; default: 1.5\n  dose: 7\n"));
}

TEST(Settings, ExplainsTheKeysOfSectionsUnderFreeNames) {
  Example example;
  read(example, "places: {heavy: {range: [70, 140]}}");
  Settings settings = example.describe();
  const auto documented = settings.documentation();
  const Settings::Description& last = documented.back();
  EXPECT_EQ(last.path, "places.<name>.range");
  EXPECT_EQ(last.unit, "kg");
  EXPECT_EQ(last.value, "[1, 2]");  // of a new place, not of heavy
  EXPECT_TRUE(last.is_pattern);
  EXPECT_EQ(example.places.size(), 1U);  // to explain adds no place
  EXPECT_EQ(settings.descriptions().size() + 1, documented.size());
  for (const Settings::Description& one : documented) {
    EXPECT_TRUE(one.is_section || !one.allowed.empty()) << one.path;
  }
  Example defaults;
  const Settings of_defaults = defaults.describe();
  EXPECT_THAT(write_yaml(settings, &of_defaults),
              HasSubstr("\n# places.<name>.range: range [kg]; allowed: [low, high], each > 0; default: [1, 2]\n"));
  EXPECT_THAT(write_yaml(settings), Not(HasSubstr("<name>")));
}

namespace {

/// Names with a number and a list each, read as one tree.
struct Tree {
  std::map<std::string, std::map<std::string, double>> values = {{"a", {{"x", 1.0}, {"y", 2.0}}}};
  int inner = 3;

  Settings describe() {
    Settings settings;
    settings.replaced("before", "after: {a: {x: 1}}");
    settings.tree(
        "after", "{name: {key: number}}", "a tree",
        [this](const YAML::Node& node, const std::string& path, const Settings::TreeFault& fault) {
          std::map<std::string, std::map<std::string, double>> read;
          for (const auto& item : node) {
            for (const auto& inside : item.second) {
              const auto key = inside.first.as<std::string>();
              if (key == "z") fault(inside.first, path + "." + item.first.as<std::string>() + ".z", "z is not allowed");
              read[item.first.as<std::string>()][key] = inside.second.as<double>();
            }
          }
          values = read;
        },
        [this] {
          std::string text;
          for (const auto& [name, keys] : values) {
            std::string inside;
            for (const auto& [key, value] : keys)
              inside += (inside.empty() ? "" : ", ") + key + ": " + titrant::core::yaml_text(value);
            text += (text.empty() ? "" : ", ") + name + ": {" + inside + "}";
          }
          return "{" + text + "}";
        },
        {{"x", "", "mg", "> 0", "an x", false, {}, true}});
    settings.section("section", "a section").replaced("old", "section: {now: 1}");
    return settings;
  }

  std::string read(const std::string& text) {
    Settings settings = describe();
    Problems problems;
    read_yaml(settings, text, "run.yaml", problems);
    return problems.text();
  }

  std::string set(const std::string& assignment) {
    Settings settings = describe();
    Problems problems;
    set_value(settings, assignment, problems);
    return problems.text();
  }
};

using Values = std::map<std::string, std::map<std::string, double>>;

}  // namespace

TEST(SettingsTree, AFileReplacesItAndSetChangesIt) {
  Tree tree;
  EXPECT_EQ(tree.set("after.a.x=5"), "");
  EXPECT_EQ(tree.values, (Values{{"a", {{"x", 5.0}, {"y", 2.0}}}}));
  EXPECT_EQ(tree.set("after.b={x: 7}"), "") << "one more is below the key, too";
  EXPECT_EQ(tree.values, (Values{{"a", {{"x", 5.0}, {"y", 2.0}}}, {"b", {{"x", 7.0}}}}));
  EXPECT_EQ(tree.read("after: {c: {y: 1}}"), "");
  EXPECT_EQ(tree.values, (Values{{"c", {{"y", 1.0}}}}));
  EXPECT_EQ(tree.set("after={d: {y: 1}}"), "") << "the key itself is replaced";
  EXPECT_EQ(tree.values, (Values{{"d", {{"y", 1.0}}}}));
}

TEST(SettingsTree, FaultsHaveTheirPlace) {
  Tree tree;
  EXPECT_EQ(tree.read("after:\n  a: {x: 1, z: 2}\n"), "run.yaml:2:13: after.a.z: z is not allowed");
  EXPECT_EQ(tree.set("after.a.z=2"), "--set after.a.z=2: after.a.z: z is not allowed");
}

// A fault of what --set and the file make together shows both.
TEST(SettingsTree, FaultsOfAMergedEntryShowIt) {
  std::vector<std::string> faulty = {"after.a"};
  Settings settings;
  settings.tree(
      "after", "{name: {x, y}}", "a tree",
      [&](const YAML::Node&, const std::string&, const Settings::TreeFault& fault) {
        for (const std::string& path : faulty) fault(YAML::Node(), path, "is wrong");
      },
      [] { return std::string("{a: {x: 1, y: {uniform: [1, 2]}}}"); });
  const auto set = [&](const std::string& assignment) {
    Problems problems;
    set_value(settings, assignment, problems);
    return problems.text();
  };
  const std::string kept = "; --set keeps the keys that it does not name, so after.a is ";
  EXPECT_THAT(set("after.a={z: [3, 4]}"), HasSubstr("is wrong" + kept + "{x: 1, y: {uniform: [1, 2]}, z: [3, 4]}"));
  EXPECT_THAT(set("after.a.z=3"), HasSubstr(kept + "{x: 1, y: {uniform: [1, 2]}, z: 3}"));
  faulty = {"after.a.y"};
  EXPECT_THAT(set("after.a.y={normal: [3, 4]}"), HasSubstr(kept + "{x: 1, y: {uniform: [1, 2], normal: [3, 4]}}"));
  EXPECT_THAT(set("after.a.x=2"), HasSubstr(kept)) << "the fault is of a key that was there";
  EXPECT_THAT(set("after.a.y=7"), Not(HasSubstr(kept))) << "the fault is of the new value alone";
  faulty = {"after.a.z", "after.b", "after"};
  EXPECT_THAT(set("after.b={z: 1}"), Not(HasSubstr(kept))) << "nothing was there";
}

TEST(SettingsTree, IsWrittenAndItsKeysAreDocumented) {
  Tree tree;
  const Settings settings = tree.describe();
  EXPECT_THAT(write_yaml(settings), HasSubstr("after: {a: {x: 1, y: 2}}\n"));
  bool found = false;
  for (const Settings::Description& one : settings.documentation()) {
    if (one.path != "after.<name>.x") continue;
    found = true;
    EXPECT_EQ(one.unit, "mg");
    EXPECT_TRUE(one.is_pattern);
  }
  EXPECT_TRUE(found);
}

TEST(SettingsReplaced, SaysWhatToWriteNow) {
  Tree tree;
  EXPECT_EQ(tree.read("before: 3\n"), "run.yaml:1:1: before: is a key of earlier versions; write after: {a: {x: 1}}");
  EXPECT_EQ(tree.read("section: {old: 3}\n"),
            "run.yaml:1:11: section.old: is a key of earlier versions; write section: {now: 1}");
  EXPECT_THAT(tree.set("before.a=3"), HasSubstr("before: is a key of earlier versions; write after: {a: {x: 1}}"));
  EXPECT_THAT(tree.set("section.old=3"), HasSubstr("is a key of earlier versions; write section: {now: 1}"));
  EXPECT_THAT(write_yaml(tree.describe()), Not(HasSubstr("before")));
}

// A key that has a new name is read under the earlier one too, words of its values likewise, and written under the new.
TEST(Settings, ReadsRenamedKeysAndWords) {
  std::string kept = "small";
  const auto bind = [&kept] {
    Settings settings;
    Settings& section = settings.section("box", "a box");
    section.choice<std::string>("size", kept, {{"1", "small"}, {"2", "large"}, {"auto", "any"}}, "how large");
    section.renamed("extent", "size", {{"tiny", "1"}, {"huge", "2"}});
    return settings;
  };
  for (const auto& [text, value] : std::vector<std::pair<std::string, std::string>>{
           {"box: {extent: huge}", "large"}, {"box: {extent: auto}", "any"}, {"box: {size: 1}", "small"}}) {
    Settings settings = bind();
    Problems problems;
    read_yaml(settings, text, "run.yaml", problems);
    EXPECT_EQ(problems.text(), "") << text;
    EXPECT_EQ(kept, value) << text;
  }
  Settings settings = bind();
  Problems problems;
  set_value(settings, "box.extent=huge", problems);
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(write_yaml(settings), "box:\n  size: 2\n");
  set_value(settings, "box.extent=wide", problems);
  EXPECT_EQ(problems.text(), "--set box.extent=wide: box.size: 'wide' is not one of: 1, 2, auto");
  Problems twice;
  read_yaml(settings, "box: {extent: huge, size: 1}", "run.yaml", twice);
  EXPECT_EQ(twice.text(),
            "run.yaml:1:7: box.extent: is the earlier name of size, which is given too; leave this one out");
}
