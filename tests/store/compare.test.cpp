#include "titrant/store/compare.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "store_test.hpp"

using testing::ElementsAre;
using testing::IsEmpty;
using titrant::store::compare;
using titrant::store::Comparison;
using titrant::store::Reader;
using titrant::store::Writer;

namespace {

class Compare : public StoreTest {
 protected:
  // A store with one dataset of values, one text, one attribute and its provenance.
  std::filesystem::path store(const std::string& name, const std::vector<double>& values, const std::string& text,
                              const std::string& attribute, const std::string& host) const {
    Writer out({}, folder_ / name, test_contract(), test_units);
    std::vector<double> places(values.size());
    std::iota(places.begin(), places.end(), 0.0);
    out.scale("/a/place", places);
    out.dataset("/a/value", values);
    out.scalar("/a/text", text);
    out.attribute("/a", "method", attribute);
    out.scalar("/provenance/hosts", host);
    out.scalar("/provenance/started", host);
    out.commit();
    return folder_ / name;
  }

  Comparison compared(const std::vector<double>& first, const std::vector<double>& second, double tolerance) const {
    return compare(Reader(store("a.h5", first, "t", "m", "h")), Reader(store("b.h5", second, "t", "m", "h")),
                   tolerance);
  }
};

}  // namespace

TEST_F(Compare, AStoreIsLikeItself) {
  const Comparison found = compare(Reader(write("a.h5")), Reader(write("b.h5")), 0.0);
  EXPECT_TRUE(found.same_bits());
  EXPECT_THAT(found.findings, IsEmpty());
  EXPECT_THAT(found.provenance, IsEmpty());
  EXPECT_GT(found.values, 40U);
}

TEST_F(Compare, TellsBitsFromTolerance) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinite = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(compared({1.0, nan, infinite}, {1.0, nan, infinite}, 0.0).same_bits());
  const Comparison near = compared({1.0, 0.0, 2.0}, {1.0 + 1e-12, -0.0, 2.0}, 1e-11);
  EXPECT_FALSE(near.same_bits());
  EXPECT_TRUE(near.equal());
  EXPECT_EQ(near.inexact, 2U);
  EXPECT_NEAR(near.greatest, 1e-12, 1e-15);  // a difference of 1 and 1 + 1e-12 has an ulp of 2e-16
  EXPECT_EQ(near.greatest_where, "/a/value[0]");
  const Comparison far = compared({1.0, 3.0, 2.0}, {1.0, 3.0, 2.5}, 0.1);
  EXPECT_FALSE(far.equal());
  EXPECT_THAT(far.findings, ElementsAre("/a/value[2]: 2 and 2.5"));
  EXPECT_DOUBLE_EQ(far.greatest, 0.2);
  EXPECT_EQ(compared({nan, infinite, 1.0}, {0.0, -infinite, infinite}, 1.0).different, 3U);
}

TEST_F(Compare, NamesShapesTextsAttributesAndWhatIsMissing) {
  const Comparison shape = compared({1.0, 2.0}, {1.0, 2.0, 3.0}, 0.0);
  EXPECT_THAT(shape.findings, ElementsAre("/a/place: shape [2] and [3]", "/a/value: shape [2] and [3]"));
  const Comparison words =
      compare(Reader(store("a.h5", {1}, "x", "FOCE", "n1")), Reader(store("b.h5", {1}, "y", "FOCEI", "n2")), 1.0);
  EXPECT_THAT(words.findings, ElementsAre("/a/text: 'x' and 'y'", "/a: attribute method 'FOCE' and 'FOCEI'"));
  EXPECT_THAT(words.provenance, ElementsAre("/provenance/hosts: 'n1' and 'n2'"));
  const Comparison other = compare(Reader(write("a.h5")), Reader(store("b.h5", {1}, "x", "FOCE", "n1")), 1.0);
  EXPECT_THAT(other.findings, testing::Contains("/a/text: only in the second"));
  EXPECT_THAT(other.findings, testing::Contains("/config/resolved: only in the first"));
}

// Doubles of both are the same: 2^53 + 1 has none of its own.
TEST_F(Compare, TellsIntegersApartThatAreOneDouble) {
  const auto store = [&](const char* name, std::int64_t count) {
    Writer out({}, folder_ / name, test_contract(), test_units);
    out.scale("/trial/subject", std::vector<std::int64_t>{1, 2});
    out.dataset("/trial/count", std::vector<std::int64_t>{5, count});
    out.commit();
    return folder_ / name;
  };
  const std::int64_t large = std::int64_t{1} << 53;
  const std::filesystem::path first = store("a.h5", large);
  const Comparison exact = compare(Reader(first), Reader(store("b.h5", large + 1)), 0.0);
  EXPECT_THAT(exact.findings, ElementsAre("/trial/count[1]: 9007199254740992 and 9007199254740993"));
  EXPECT_EQ(exact.values, 4U);
  const Comparison near = compare(Reader(first), Reader(store("b.h5", large + 1)), 1e-15);
  EXPECT_EQ(near.inexact, 1U);
  EXPECT_TRUE(near.equal());
  EXPECT_TRUE(compare(Reader(first), Reader(store("b.h5", large)), 0.0).same_bits());
}

// Integers in one store and other numbers in the other are no values to compare.
TEST_F(Compare, NamesTypesThatDiffer) {
  const std::vector<titrant::store::GroupDescription> of_numbers = {
      {{"/trial"}, "", "", {{"subject", "scale", "1", "subject"}}}};
  const titrant::store::Contract contract(titrant::store::Kind::run, of_numbers);
  {
    Writer out({}, folder_ / "a.h5", contract);
    out.scale("/trial/subject", std::vector<double>{1.0});
    out.commit();
  }
  {
    Writer out({}, folder_ / "b.h5", test_contract());
    out.scale("/trial/subject", std::vector<std::int64_t>{1});
    out.commit();
  }
  EXPECT_THAT(compare(Reader(folder_ / "a.h5"), Reader(folder_ / "b.h5"), 0.0).findings,
              ElementsAre("/trial/subject: numbers in one, integers in the other"));
}

// More values than are read at once.
TEST_F(Compare, ReadsLargeDatasetsInSlices) {
  std::vector<double> values((1U << 20U) + 1000, 0.5);
  std::vector<double> others = values;
  others.back() = 0.75;
  others[1U << 20U] = 0.25;
  const Comparison found = compared(values, others, 0.0);
  EXPECT_EQ(found.different, 2U);
  EXPECT_THAT(found.findings, ElementsAre("/a/value[1048576]: 0.5 and 0.25", "/a/value[1049575]: 0.5 and 0.75"));
}
