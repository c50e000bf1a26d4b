#include <gmock/gmock.h>
#include <hdf5.h>

#include <bit>
#include <cmath>
#include <utility>

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
  EXPECT_EQ(run.text_attribute("/pk", "method"), "Laplace, η at its mode");
  EXPECT_EQ(run.number_attribute("/scenario/base/daily/qcnn", "shots"), 1024.0);
  EXPECT_EQ(run.number_attribute("/scenario/base/daily/qcnn", "scale"), 6.5);
  EXPECT_EQ(run.number("/pk/objective"), -123.456);
  EXPECT_EQ(run.number("/pk/observations"), 864.0);
  EXPECT_THAT(run.numbers("/scenario/base/daily/dose"), ElementsAre(0.5, 1.0, 1.5));
  EXPECT_THAT(run.numbers("/trial/count"), ElementsAre(-1.0, 0.0, std::ldexp(1.0, 40), 7.0));
  EXPECT_THAT(run.strings("/trial/id"), ElementsAre("A", "", "long identifier", "Zürich"));
  EXPECT_THAT(run.strings("/pk/parameter"), ElementsAre("clearance", "volume", "Θ₃"));
  EXPECT_THAT(run.strings("/decision/scenario"), ElementsAre("base", "heavy", "", "no_comed"));
  EXPECT_THAT(run.shape("/scenario/base/daily/qcnn/probability"), ElementsAre(3, 4));
  EXPECT_THAT(run.shape("/pk/objective"), ElementsAre());
  const std::vector<double> unrounded = run.numbers("/scenario/base/daily/qcnn/unrounded");
  ASSERT_EQ(unrounded.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(unrounded[i], 0.01 * static_cast<double>(i));
}

TEST_F(RoundTripTest, ReadsIntegersExactlyOrAsNumbers) {
  const std::vector<std::int64_t> large = {-(std::int64_t{1} << 53) - 1, std::numeric_limits<std::int64_t>::max()};
  {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    out.scale("/trial/subject", large);
    out.dataset("/trial/count", large);
    out.commit();
  }
  const Reader run(folder_ / "run.h5");
  EXPECT_EQ(run.integers("/trial/subject"), large);
  EXPECT_EQ(run.integers("/trial/count"), large);
  EXPECT_THAT(run.integers("/trial/count", 1, 1), ElementsAre(large[1]));
  EXPECT_THAT(run.numbers("/trial/count"), ElementsAre(-0x1p53, 0x1p63));  // the nearest doubles
  EXPECT_THAT(run.numbers("/trial/count", 0, 1), ElementsAre(-0x1p53));
  EXPECT_TRUE(run.holds_integers("/trial/count"));
  EXPECT_FALSE(run.holds_text("/trial/count"));
  EXPECT_THROW(run.integers("/trial/count", 1, 2), titrant::StoreError);
  EXPECT_THROW(run.integers("/trial/count", 1, std::numeric_limits<std::size_t>::max()), titrant::StoreError);
  const Reader other(write("other.h5"));
  EXPECT_THAT(other.integers("/scenario/base/daily/qcnn/counts"),
              ElementsAre(0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121));
  EXPECT_FALSE(other.holds_integers("/scenario/base/daily/qcnn/probability"));
  EXPECT_FALSE(other.holds_integers("/trial/id"));
}

TEST_F(RoundTripTest, RoundsProbabilitiesToTheNearestMultiple) {
  constexpr double step = 0x1p-16;
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> values = {0.0, -0.0,       0.49 * step, 0.5 * step, 0.51 * step, 1.5 * step,
                                      0.3, 0.5 + step, 1.0 - step,  1.0,        -missing,    1.0 - 0x1p-18};
  const std::vector<double> expected = {0.0,        0.0,        0.0, 0.0,     step, 2.0 * step, 19661.0 * step,
                                        0.5 + step, 1.0 - step, 1.0, missing, 1.0};  // 0.3 is 19660.8 steps
  {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    out.scale("/scenario/a/daily/dose", std::vector<double>{1.0, 2.0, 3.0});
    out.scale("/scenario/a/daily/subject", std::vector<std::int64_t>{0, 1, 2, 3});
    out.distributed("/scenario/a/daily/qcnn/probability", 0, 0, values);
    out.commit();
  }
  const Reader run(folder_ / "run.h5");
  const std::vector<double> read = run.numbers("/scenario/a/daily/qcnn/probability");
  ASSERT_EQ(read.size(), expected.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read[i]), std::bit_cast<std::uint64_t>(expected[i])) << i;
  }
  EXPECT_THAT(run.numbers("/scenario/a/daily/qcnn/probability", 2, 1), ElementsAre(1.0 - step, 1.0, testing::_, 1.0));
  EXPECT_EQ(run.number_attribute("/scenario/a/daily/qcnn/probability", "resolution"), step);
}

TEST_F(RoundTripTest, RefusesProbabilitiesThatAreNone) {
  for (const double wrong : {1.0 + 0x1p-52, -0x1p-60, std::numeric_limits<double>::infinity()}) {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    out.scale("/scenario/a/daily/dose", std::vector<double>{1.0});
    out.scale("/scenario/a/daily/subject", std::vector<std::int64_t>{0, 1});
    EXPECT_THAT(message_of<std::exception>([&] {
                  out.distributed("/scenario/a/daily/qcnn/probability", 1, 0, std::vector<double>{0.5, wrong});
                }),
                HasSubstr("expected p >= 0.0 && p <= 1.0"))
        << wrong;
  }
}

// Values that are all alike are a thousand times smaller in the file: no sign of an extent that promises too much.
TEST_F(RoundTripTest, HoldsProbabilitiesThatAreAllAlike) {
  const std::vector<double> zeros(std::size_t{80} * 20000);
  {
    Writer out({}, folder_ / "run.h5", test_contract(), test_units);
    out.scale("/scenario/a/daily/dose", std::vector<double>(80));
    out.scale("/scenario/a/daily/subject", std::vector<std::int64_t>(20000));
    out.distributed("/scenario/a/daily/qcnn/probability", 1, 0, zeros);
    out.commit();
  }
  EXPECT_EQ(Reader(folder_ / "run.h5").numbers("/scenario/a/daily/qcnn/probability"), zeros);
}

// Other programs, and format 1.0, write texts as UTF-8 that could be ASCII.
TEST_F(RoundTripTest, ReadsTextsOfEitherCharacterSet) {
  const std::string file = write("run.h5").string();
  const hid_t handle = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t space = H5Screate(H5S_SCALAR);
  for (const auto& [name, characters] : {std::pair{"/ascii", H5T_CSET_ASCII}, std::pair{"/utf8", H5T_CSET_UTF8}}) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 5);
    H5Tset_cset(type, characters);
    const hid_t dataset = H5Dcreate2(handle, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    ASSERT_GE(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, "text"), 0);
    const hid_t attribute = H5Acreate2(dataset, "units", type, space, H5P_DEFAULT, H5P_DEFAULT);
    ASSERT_GE(H5Awrite(attribute, type, "kg\0\0"), 0);
    H5Aclose(attribute);
    H5Dclose(dataset);
    H5Tclose(type);
  }
  H5Sclose(space);
  H5Fclose(handle);
  const Reader run(file);
  for (const char* name : {"/ascii", "/utf8"}) {
    EXPECT_EQ(run.text(name), "text");
    EXPECT_EQ(run.text_attribute(name, "units"), "kg");
  }
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
    out.scale("/decision/cell", std::vector<std::int64_t>{});
    out.dataset("/decision/scenario", std::vector<std::string>{});
    out.distributed("/decision/block", 0, 0, std::vector<double>{});
    out.scale("/scenario/a/daily/dose", std::vector<double>{1.0});
    out.scale("/scenario/a/daily/subject", std::vector<std::int64_t>{});
    out.distributed("/scenario/a/daily/qcnn/probability", 1, 0, std::vector<double>{});
    out.distributed("/scenario/a/daily/qcnn/counts", 1, 0, std::vector<std::int64_t>{});
    out.scalar("/config/resolved", std::string());
    out.commit();
  }
  const Reader run(folder_ / "run.h5");
  EXPECT_THAT(run.integers("/decision/cell"), ElementsAre());
  EXPECT_THAT(run.numbers("/scenario/a/daily/qcnn/probability"), ElementsAre());
  EXPECT_THAT(run.shape("/scenario/a/daily/qcnn/counts"), ElementsAre(1, 0));
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
  EXPECT_THAT(run.children("/"), ElementsAre("config", "decision", "pk", "scenario", "trial"));
  EXPECT_THAT(run.children("/scenario/base/daily"), ElementsAre("dose", "own", "qcnn", "subject"));
  EXPECT_TRUE(run.contains("/"));
  EXPECT_TRUE(run.contains("/scenario/base/daily/qcnn/pass_rate"));
  EXPECT_FALSE(run.contains("/scenario/heavy/daily/qcnn/pass_rate"));
  EXPECT_FALSE(run.contains("/scenario/base/weekly"));

  const std::vector<titrant::store::Entry> entries = run.entries();
  ASSERT_EQ(entries.size(), 19U);
  EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(),
                             [](const auto& left, const auto& right) { return left.path < right.path; }));
  const titrant::store::Entry& dose = entries.at(7);
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
  EXPECT_THAT(says([&] { run.numbers("/trial/id", 0, 1); }), HasSubstr("does not hold numbers"));
  EXPECT_THAT(says([&] { run.integers("/trial/large"); }), HasSubstr("does not hold integers"));
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
  EXPECT_THROW(out.scalar("/x", 1.0), std::logic_error) << "a scale, and no scalar";
  EXPECT_THROW(out.scale("/scalar", two), std::logic_error);
  EXPECT_THROW(out.attribute("/", "unheard_of", 1.0), std::logic_error);
  EXPECT_THROW(out.external_link("/x", "b.h5"), std::logic_error);
  out.scale("/scenario/base/daily/subject", std::vector<std::int64_t>{0, 1});
  out.scale("/scenario/base/daily/time", two);
  out.dataset("/scenario/base/daily/concentration", std::vector<double>(4));
  out.commit();
  const Reader run(folder_ / "run.h5");
  EXPECT_EQ(run.text_attribute("/scenario/base/daily/concentration", "units"), "ug/L/ug");
  EXPECT_EQ(run.text_attribute("/scenario/base/daily/concentration", "long_name"), "concentration per unit of dose");
}

TEST_F(RoundTripTest, WritesNoTypeButThatOfTheContract) {
  Writer out({}, folder_ / "run.h5", test_contract(), test_units);
  const std::vector<double> numbers = {1.0, 2.0};
  const std::vector<std::int64_t> integers = {1, 2};
  const std::vector<std::string> texts = {"1", "2"};
  const auto refusal = [](const auto& action) { return message_of<std::logic_error>(action); };
  EXPECT_EQ(refusal([&] { out.scale("/x", integers); }), "store contract: /x is of type number, not integer");
  EXPECT_EQ(refusal([&] { out.scale("/x", texts); }), "store contract: /x is of type number, not text");
  EXPECT_EQ(refusal([&] { out.scale("/trial/subject", numbers); }),
            "store contract: /trial/subject is of type integer, not number");
  out.scale("/x", numbers);
  out.scale("/trial/subject", integers);
  EXPECT_EQ(refusal([&] { out.dataset("/along_x", integers); }),
            "store contract: /along_x is of type number, not integer");
  EXPECT_EQ(refusal([&] { out.distributed("/along_x", 0, 0, integers); }),
            "store contract: /along_x is of type number, not integer");
  EXPECT_EQ(refusal([&] { out.dataset("/trial/count", numbers); }),
            "store contract: /trial/count is of type integer, not number");
  EXPECT_EQ(refusal([&] { out.distributed("/trial/count", 0, 0, numbers); }),
            "store contract: /trial/count is of type integer, not number");
  EXPECT_EQ(refusal([&] { out.dataset("/trial/id", integers); }),
            "store contract: /trial/id is of type text, not integer");
  EXPECT_EQ(refusal([&] { out.scalar("/pk/objective", std::int64_t{1}); }),
            "store contract: /pk/objective is of type number, not integer");
  EXPECT_EQ(refusal([&] { out.scalar("/pk/observations", 1.0); }),
            "store contract: /pk/observations is of type integer, not number");
  EXPECT_EQ(refusal([&] { out.attribute("/", "titrant_version", 1.0); }),
            "store contract: attribute titrant_version of / is of type text, not number");
  EXPECT_EQ(refusal([&] { out.attribute("/scenario/base/daily/qcnn", "shots", 1.0); }),
            "store contract: attribute shots of /scenario/base/daily/qcnn is of type integer, not number");
  out.scale("/scenario/a/daily/dose", numbers);
  out.scale("/scenario/a/daily/subject", integers);
  EXPECT_EQ(refusal([&] { out.dataset("/scenario/a/daily/qcnn/probability", std::vector<double>(4)); }),
            "store contract: /scenario/a/daily/qcnn/probability is of type probability, not number");
}

TEST_F(RoundTripTest, NeedsTheUnitsOfTheRun) {
  Writer out({}, folder_ / "run.h5", test_contract());
  EXPECT_THROW(out.scale("/scenario/base/daily/dose", std::vector<double>{1.0}), std::logic_error);
}
