#include <gmock/gmock.h>

#include <bit>
#include <cmath>

#include "store_test.hpp"
#include "titrant/core/error.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using titrant::store::Reader;
using titrant::store::Writer;

namespace {

class RoundTripTest : public StoreTest {};

}  // namespace

TEST_F(RoundTripTest, ReadsWhatWasWritten) {
  const Reader run(write("run.h5"));
  EXPECT_TRUE(run.complete());
  EXPECT_EQ(run.text("/config/resolved"), "seed: 1\nname: Zürich\n");
  EXPECT_EQ(run.text_attribute("/config/resolved", "sha256"), "ab12");
  EXPECT_EQ(run.text_attribute("/", "titrant_version"), "9.8.7");
  EXPECT_EQ(run.text_attribute("/", "filetype"), "titrant run");
  EXPECT_EQ(run.number_attribute("/scenario/base/daily/qcnn", "shots"), 1024.0);
  EXPECT_EQ(run.number("/pk/objective"), -123.456);
  EXPECT_EQ(run.number("/pk/observations"), 864.0);
  EXPECT_THAT(run.numbers("/scenario/base/daily/dose"), ElementsAre(0.5, 1.0, 1.5));
  EXPECT_THAT(run.numbers("/trial/count"), ElementsAre(-1.0, 0.0, std::ldexp(1.0, 40), 7.0));
  EXPECT_THAT(run.strings("/trial/id"), ElementsAre("A", "", "long identifier", "Zürich"));
  EXPECT_THAT(run.strings("/pk/parameter"), ElementsAre("clearance", "volume", "Θ₃"));
  EXPECT_THAT(run.shape("/scenario/base/daily/qcnn/probability"), ElementsAre(3, 4));
  EXPECT_THAT(run.shape("/pk/objective"), ElementsAre());
  const std::vector<double> probability = run.numbers("/scenario/base/daily/qcnn/probability");
  ASSERT_EQ(probability.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(probability[i], 0.01 * static_cast<double>(i));
}

TEST_F(RoundTripTest, KeepsEveryBitOfADouble) {
  const std::vector<double> values = {-0.0,
                                      std::numeric_limits<double>::denorm_min(),
                                      std::numeric_limits<double>::max(),
                                      -std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::quiet_NaN(),
                                      std::bit_cast<double>(std::uint64_t{0x7ff8000000000123})};
  {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    out.scale("/x", values);
    out.commit();
  }
  const std::vector<double> read = Reader(folder_ / "run.h5").numbers("/x");
  ASSERT_EQ(read.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read[i]), std::bit_cast<std::uint64_t>(values[i]));
  }
}

TEST_F(RoundTripTest, HoldsEmptyTables) {
  {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    out.scale("/decision/cell", std::vector<double>{});
    out.dataset("/decision/scenario", std::vector<std::string>{});
    out.distributed("/decision/block", 0, 0, {});
    out.scalar("/config/resolved", std::string());
    out.commit();
  }
  const Reader run(folder_ / "run.h5");
  EXPECT_THAT(run.numbers("/decision/cell"), ElementsAre());
  EXPECT_THAT(run.strings("/decision/scenario"), ElementsAre());
  EXPECT_THAT(run.shape("/decision/block"), ElementsAre(0));
  EXPECT_EQ(run.text("/config/resolved"), "");
}

// 64 KiB is where an object header ends; a text beyond it must be stored elsewhere.
TEST_F(RoundTripTest, HoldsTextsLargerThanAnObjectHeader) {
  const std::string text(200'000, 'x');
  {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    out.scalar("/config/resolved", text);
    out.attribute("/config", "copy", text);
    out.commit();
  }
  const Reader run(folder_ / "run.h5");
  EXPECT_EQ(run.text("/config/resolved"), text);
  EXPECT_EQ(run.text_attribute("/config", "copy"), text);
}

TEST_F(RoundTripTest, ListsWhatAStoreHolds) {
  const Reader run(write("run.h5"));
  EXPECT_THAT(run.children("/"), ElementsAre("config", "pk", "scenario", "trial"));
  EXPECT_THAT(run.children("/scenario/base/daily"), ElementsAre("dose", "qcnn", "subject"));
  EXPECT_TRUE(run.contains("/"));
  EXPECT_TRUE(run.contains("/scenario/base/daily/qcnn/pass_rate"));
  EXPECT_FALSE(run.contains("/scenario/heavy/daily/qcnn/pass_rate"));
  EXPECT_FALSE(run.contains("/scenario/base/weekly"));

  const std::vector<titrant::store::Entry> entries = run.entries();
  ASSERT_EQ(entries.size(), 13U);
  EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(),
                             [](const auto& left, const auto& right) { return left.path < right.path; }));
  const titrant::store::Entry& dose = entries.at(5);
  EXPECT_EQ(dose.path, "/scenario/base/daily/dose");
  EXPECT_THAT(dose.shape, ElementsAre(3));
  EXPECT_EQ(dose.units, "mg");
  EXPECT_EQ(dose.long_name, "dose");
}

TEST_F(RoundTripTest, SaysWhatIsMissingOrOfTheWrongKind) {
  const Reader run(write("run.h5"));
  const auto says = [](const auto& action) { return message_of<titrant::StoreError>(action); };
  EXPECT_THAT(says([&] { run.numbers("/pk/absent"); }), HasSubstr("run.h5: cannot read /pk/absent: "));
  EXPECT_THAT(says([&] { run.numbers("/trial"); }), HasSubstr("cannot read /trial: "));
  EXPECT_THAT(says([&] { run.numbers("/trial/id"); }), HasSubstr("does not hold numbers"));
  EXPECT_THAT(says([&] { run.strings("/trial/count"); }), HasSubstr("does not hold texts"));
  EXPECT_THAT(says([&] { run.number("/trial/count"); }), HasSubstr("/trial/count is not one number"));
  EXPECT_THAT(says([&] { run.text("/trial/id"); }), HasSubstr("/trial/id is not one text"));
  EXPECT_THAT(says([&] { run.text_attribute("/pk", "absent"); }), HasSubstr("attribute absent of /pk"));
  EXPECT_THAT(says([&] { run.text_attribute("/", "complete"); }), HasSubstr("is not a text"));
  EXPECT_THAT(says([&] { run.children("/absent"); }), HasSubstr("cannot read /absent"));
}

// A writer is of no use after an error, hence one for each.
TEST_F(RoundTripTest, RefusesToWriteTwiceOrToNothing) {
  const auto refusal = [&](const auto& action) {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    return message_of<titrant::StoreError>([&] { action(out); });
  };
  EXPECT_THAT(refusal([](Writer& out) {
                out.scalar("/pk/objective", 1.0);
                out.scalar("/pk/objective", 2.0);
              }),
              HasSubstr("cannot write /pk/objective: "));
  EXPECT_THAT(refusal([](Writer& out) {
                out.attribute("/", "titrant_version", std::string("1"));
                out.attribute("/", "titrant_version", std::string("2"));
              }),
              HasSubstr("cannot write attribute titrant_version of /: "));
  EXPECT_THAT(refusal([](Writer& out) { out.attribute("/pk", "method", std::string("of nothing")); }),
              HasSubstr("cannot write attribute method of /pk: "));
}

TEST_F(RoundTripTest, ExpectsShapesThatFitTheirAxes) {
  Writer out({}, folder_ / "run.h5", test_contract(), test_units);
  out.scale("/x", std::vector<double>{1.0, 2.0});
  const std::vector<double> three = {1.0, 2.0, 3.0};
  EXPECT_THROW(out.dataset("/along_x", three), std::logic_error);
  EXPECT_THROW(out.dataset("/along_z", three), std::logic_error) << "its scale is not written";
  EXPECT_THROW(out.distributed("/along_x", 0, 0, three), std::logic_error);
  EXPECT_THROW(out.distributed("/along_x", 0, 1, std::span(three).first(1)), std::logic_error);
}

TEST_F(RoundTripTest, WritesNothingButWhatTheContractDescribes) {
  Writer out({}, folder_ / "run.h5", test_contract(), {{"amount", "ug"}, {"concentration", "ug/L"}});
  const std::vector<double> two = {1.0, 2.0};
  EXPECT_THROW(out.scale("/unheard_of", two), std::logic_error);
  EXPECT_THROW(out.scalar("/pk/objective", std::int64_t{1}), std::logic_error) << "a number, and no integer";
  EXPECT_THROW(out.scalar("/x", 1.0), std::logic_error) << "a scale, and no scalar";
  EXPECT_THROW(out.scale("/scalar", two), std::logic_error);
  EXPECT_THROW(out.attribute("/", "unheard_of", 1.0), std::logic_error);
  EXPECT_THROW(out.attribute("/", "titrant_version", 1.0), std::logic_error) << "a text, and no number";
  EXPECT_THROW(out.external_link("/x", "b.h5"), std::logic_error);
  out.scale("/scenario/base/daily/subject", two);
  out.scale("/scenario/base/daily/time", two);
  out.dataset("/scenario/base/daily/concentration", std::vector<double>(4));
  out.commit();
  const Reader run(folder_ / "run.h5");
  EXPECT_EQ(run.text_attribute("/scenario/base/daily/concentration", "units"), "ug/L/ug");
  EXPECT_EQ(run.text_attribute("/scenario/base/daily/concentration", "long_name"), "concentration per unit of dose");
}

TEST_F(RoundTripTest, NeedsTheUnitsOfTheRun) {
  Writer out({}, folder_ / "run.h5", test_contract());
  EXPECT_THROW(out.scale("/scenario/base/daily/dose", std::vector<double>{1.0}), std::logic_error);
}
