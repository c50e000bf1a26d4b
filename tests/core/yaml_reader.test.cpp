#include "titrant/core/yaml_reader.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <vector>

using titrant::core::Range;
using titrant::core::YamlFault;
using titrant::core::YamlReader;

namespace {

/// A text read as the value of `key`, and the faults.
class Reading {
 public:
  explicit Reading(const std::string& text) : reader_(YAML::Load(text), "key", fault_) {}
  const YamlReader& operator*() const { return reader_; }
  const YamlReader* operator->() const { return &reader_; }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  std::vector<std::string> faults_;
  YamlFault fault_ = [this](const YAML::Node&, const std::string& path, const std::string& what) {
    faults_.push_back(path + ": " + what);
  };
  YamlReader reader_;
};

using Faults = std::vector<std::string>;

}  // namespace

TEST(YamlReader, ReadsValuesOfEveryKind) {
  const Reading all("{n: 2.5, i: 3, p: [1, 2], l: [1, 2, 3], w: word, f: true}");
  EXPECT_EQ(all->at("n").number(Range::positive()), 2.5);
  EXPECT_EQ(all->at("i").integer(1, 3), 3);
  EXPECT_EQ(all->at("p").pair(Range::any()), (std::pair{1.0, 2.0}));
  EXPECT_EQ(all->at("l").numbers(Range::any()), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(all->at("w").word(), "word");
  EXPECT_EQ(all->at("f").flag(), true);
  EXPECT_EQ(all->keys(), (std::vector<std::string>{"n", "i", "p", "l", "w", "f"}));
  EXPECT_EQ(all->at("l").elements().size(), 3U);
  EXPECT_TRUE(all->expect_map({"n", "i", "p", "l", "w", "f"}));
  EXPECT_TRUE(all->has("n"));
  EXPECT_FALSE(all->has("x"));
  EXPECT_FALSE(all->at("n").has("x")) << "of a number";
  EXPECT_EQ(all.faults(), Faults{});
}

TEST(YamlReader, FaultsNameTheKeyAndWhatIsRight) {
  const Reading all("{n: -1, i: 4, p: [1], l: [1, x], w: wrod, f: 3}");
  EXPECT_EQ(all->at("n").number(Range::positive(), "h"), std::nullopt);
  EXPECT_EQ(all->at("i").integer(1, 3), std::nullopt);
  EXPECT_EQ(all->at("p").pair(Range::any()), std::nullopt);
  EXPECT_EQ(all->at("l").numbers(Range::any()), std::nullopt);
  EXPECT_EQ(all->at("w").word({"word", "other"}), std::nullopt);
  EXPECT_EQ(all->at("f").flag(), std::nullopt);
  EXPECT_TRUE(all->at("n").keys().empty());
  EXPECT_TRUE(all->at("n").elements().empty());
  EXPECT_FALSE(all->expect_map({"n", "i", "p", "l", "w", "g"}));
  EXPECT_EQ(all.faults(),
            (Faults{"key.n: -1 is out of range; allowed: > 0 h", "key.i: 4 is out of range; allowed: 1 .. 3",
                    "key.p: expected two numbers [a, b], found a list", "key.l: expected a number, found 'x'",
                    "key.w: 'wrod' is not one of: word, other; did you mean 'word'?",
                    "key.f: expected true or false, found '3'", "key.n: expected a section {name: value}, found '-1'",
                    "key.n: expected a list [a, b], found '-1'", "key.f: unknown key; known here: n, i, p, l, w, g"}));
}

TEST(YamlReader, AMissingKeyIsAFaultOfWhoeverReadsIt) {
  const Reading all("{n: 1}");
  const YamlReader missing = all->at("x");
  EXPECT_EQ(all.faults(), Faults{});
  EXPECT_FALSE(missing.is_map() || missing.is_list() || missing.is_scalar());
  EXPECT_EQ(missing.number(Range::any()), std::nullopt);
  EXPECT_EQ(missing.integer(0, 1), std::nullopt);
  EXPECT_EQ(missing.pair(Range::any()), std::nullopt);
  EXPECT_EQ(missing.numbers(Range::any()), std::nullopt);
  EXPECT_EQ(missing.word(), std::nullopt);
  EXPECT_EQ(missing.flag(), std::nullopt);
  EXPECT_TRUE(missing.keys().empty());
  EXPECT_TRUE(missing.elements().empty());
  EXPECT_FALSE(missing.expect_map({}));
  EXPECT_EQ(all.faults(), Faults(9, "key.x: is missing"));
  EXPECT_EQ(missing.at("y").number(Range::any()), std::nullopt);
  EXPECT_EQ(all.faults().back(), "key.x.y: is missing");
}
