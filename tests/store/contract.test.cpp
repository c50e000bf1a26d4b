#include "titrant/store/contract.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "store_test.hpp"
#include "test_contract.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using titrant::store::Contract;
using titrant::store::GroupDescription;
using titrant::store::Kind;
using titrant::store::resolve_units;
using titrant::store::to_markdown;

namespace {

const std::vector<GroupDescription> groups = {
    {{"/fit", "/fit/candidate/<model>"},
     "fits",
     "with `--fit`",
     {{"parameter", "scale", "1", "names", titrant::store::Type::text},
      {"subject", "scale", "1", "subjects"},
      {"estimate", "parameter", "{amount}/L", "a|b"},
      {"eta", "subject parameter", "1", "effects", titrant::store::Type::number, "where there are any"},
      {"aic", "", "1", "criterion"},
      {"count", "", "1", "a count", titrant::store::Type::integer},
      {"p", "subject", "1", "a probability", titrant::store::Type::probability}},
     {{"", "method", "how"}, {"aic", "kind", "which"}}},
    {{"/fit/bootstrap"}, "replicates", "", {{"lower", "parameter", "1", "ends"}}},
    {{"/fit/profile/<parameter>"},
     "a group with one axis of its own, and one from above",
     "",
     {{"subject", "scale", "1", "its own"}, {"rise", "subject parameter", "1", "values"}}},
    {{"/trial"},
     "subjects",
     "",
     {{"place", "scale", "1", "places"}, {"id", "place", "kg", "own"}, {"<covariate>", "place", "1", "any"}}}};

}  // namespace

TEST(StoreContract, FindsTheDescriptionOfAPath) {
  const Contract contract(Kind::run, groups);
  EXPECT_EQ(contract.dataset("/fit/aic").long_name, "criterion");
  EXPECT_EQ(contract.dataset("/fit/candidate/large/aic").long_name, "criterion");
  EXPECT_EQ(contract.dataset("/trial/id").units, "kg") << "the pattern with the fewest placeholders";
  EXPECT_EQ(contract.dataset("/trial/age").long_name, "any");
  EXPECT_EQ(contract.attribute("/fit/candidate/large", "method").meaning, "how");
  EXPECT_EQ(contract.attribute("/fit/aic", "kind").meaning, "which");
  EXPECT_THAT(message_of<std::logic_error>([&] { contract.dataset("/fit/candidate/aic"); }),
              HasSubstr("/fit/candidate/aic has no description"));
  EXPECT_THROW(contract.dataset("/fit/aic/aic"), std::logic_error);
  EXPECT_THROW(contract.dataset("/fit"), std::logic_error);
  EXPECT_THROW(contract.attribute("/fit", "kind"), std::logic_error);
}

TEST(StoreContract, FindsScalesInTheGroupOrTheNearestAbove) {
  const Contract contract(Kind::run, groups);
  EXPECT_THAT(contract.axes("/fit/candidate/large/eta"),
              ElementsAre("/fit/candidate/large/subject", "/fit/candidate/large/parameter"));
  EXPECT_THAT(contract.axes("/fit/eta"), ElementsAre("/fit/subject", "/fit/parameter"));
  EXPECT_THAT(contract.axes("/fit/bootstrap/lower"), ElementsAre("/fit/parameter"));
  EXPECT_THAT(contract.axes("/fit/profile/clearance/rise"),
              ElementsAre("/fit/profile/clearance/subject", "/fit/parameter"));
  EXPECT_THAT(contract.axes("/fit/aic"), IsEmpty());
  EXPECT_THAT(contract.axes("/fit/parameter"), IsEmpty());
}

TEST(StoreContract, RefusesWhatDescribesNothingOrTwice) {
  EXPECT_THAT(message_of<std::logic_error>([] {
                Contract(Kind::run, {{{"/a"}, "", "", {{"x", "y", "1", "x"}}}});
              }),
              HasSubstr("/a/x has no scale y in sight"));
  EXPECT_THAT(message_of<std::logic_error>([] {
                Contract(Kind::run, {{{"/a"}, "", "", {{"x", "y", "1", "x"}, {"y", "", "1", "no scale"}}}});
              }),
              HasSubstr("/a/x has no scale y in sight"));
  EXPECT_THAT(message_of<std::logic_error>([] {
                Contract(Kind::run, {{{"/a"}, "", "", {{"x", "", "1", "x"}}}, {{"/a"}, "", "", {{"x", "", "1", "x"}}}});
              }),
              HasSubstr("/a/x is described twice"));
}

TEST(StoreContract, PutsUnitsInTheirPlace) {
  EXPECT_EQ(resolve_units("h", {}), "h");
  EXPECT_EQ(resolve_units("{concentration}/{amount}", {{"amount", "ug"}, {"concentration", "ug/mL"}}), "ug/mL/ug");
  EXPECT_THROW(resolve_units("{amount}", {}), std::logic_error);
  EXPECT_THROW(resolve_units("{amount", {{"amount", "mg"}}), std::logic_error);
}

TEST(StoreContract, IsATableForEachGroup) {
  EXPECT_EQ(to_markdown(Contract(Kind::run, {groups.front()})),
            "### `/fit`, `/fit/candidate/<model>`\n\n"
            "fits. Written with `--fit`.\n\n"
            "| name | axes | type | unit | what |\n|---|---|---|---|---|\n"
            "| `parameter` | scale | text | `1` | names |\n"
            "| `subject` | scale | number | `1` | subjects |\n"
            "| `estimate` | [parameter] | number | `{amount}/L` | a\\|b |\n"
            "| `eta` | [subject, parameter] | number | `1` | effects (written where there are any) |\n"
            "| `aic` |  | number | `1` | criterion |\n"
            "| `count` |  | integer | `1` | a count |\n"
            "| `p` | [subject] | probability | `1` | a probability |\n"
            "| `@method` | | text | | how |\n"
            "| `aic@kind` | | text | | which |\n");
}
