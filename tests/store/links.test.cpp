#include <gmock/gmock.h>
#include <hdf5.h>

#include <functional>

#include "store_test.hpp"
#include "titrant/core/error.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using titrant::StoreError;
using titrant::store::ForeignStore;
using titrant::store::Kind;
using titrant::store::Reader;
using titrant::store::Writer;

namespace {

class LinksTest : public StoreTest {
 protected:
  std::filesystem::path write_index(const std::string& name, const std::string& target) const {
    Writer out({}, folder_ / name, test_contract(Kind::campaign), test_units);
    out.attribute("/", "titrant_version", std::string("9.8.7"));
    out.scale("/campaign/member", std::vector<std::string>{"a"});
    out.external_link("/member/a", target);
    out.commit();
    return folder_ / name;
  }

  /// A store that another program changes: it drops the seal, as HDF5 does when it writes.
  static std::filesystem::path changed(const std::filesystem::path& file, const std::function<void(hid_t)>& change) {
    const hid_t id = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    change(id);
    EXPECT_GE(H5Fclose(id), 0);
    return file;
  }

  static void link(hid_t file, const char* target, const char* name) {
    EXPECT_GE(H5Lcreate_external(target, "/", file, name, H5P_DEFAULT, H5P_DEFAULT), 0);
  }
};

}  // namespace

TEST_F(LinksTest, ReadsMembersThroughAnIndexThatWasMovedWithThem) {
  std::filesystem::create_directories(folder_ / "before" / "member_0001");
  write("before/member_0001/run.h5");
  write_index("before/campaign.h5", "member_0001/run.h5");
  std::filesystem::rename(folder_ / "before", folder_ / "after");
  const Reader index(folder_ / "after" / "campaign.h5", {Kind::campaign});
  EXPECT_EQ(index.kind(), Kind::campaign);
  EXPECT_THAT(index.numbers("/member/a/scenario/base/daily/dose"), ElementsAre(0.5, 1.0, 1.5));
  EXPECT_THAT(index.children("/member"), ElementsAre("a"));
  EXPECT_EQ(index.entries().size(), 1U) << "a listing is of the index alone";
}

TEST_F(LinksTest, TellsKindsApart) {
  write("run.h5");
  const auto index = write_index("campaign.h5", "run.h5");
  EXPECT_THAT(message_of<ForeignStore>([&] { Reader reader(index); }),
              HasSubstr("is not a titrant run: its filetype is 'titrant campaign'"));
  EXPECT_THAT(message_of<ForeignStore>([&] { Reader reader(folder_ / "run.h5", {Kind::campaign}); }),
              HasSubstr("is not a titrant campaign: its filetype is 'titrant run'"));
  EXPECT_EQ(Reader(index, {Kind::run, Kind::campaign}).kind(), Kind::campaign);
  EXPECT_EQ(Reader(folder_ / "run.h5", {Kind::run, Kind::campaign}).kind(), Kind::run);
}

TEST_F(LinksTest, RefusesAnIndexThatLeadsOutsideItsFolder) {
  for (const char* target : {"/etc/run.h5", "../run.h5", "member/../../run.h5", ""}) {
    const auto index = changed(write_index("campaign.h5", "run.h5"), [&](hid_t file) {
      if (*target != '\0') link(file, target, "/member/b");
    });
    const std::string message = message_of<StoreError>([&] { Reader reader(index, {Kind::campaign}); });
    if (*target == '\0') {
      EXPECT_EQ(message, "");
    } else {
      EXPECT_THAT(message, HasSubstr("leads outside the folder of the store")) << target;
    }
  }
}

TEST_F(LinksTest, RefusesARunThatLeadsToAnotherFile) {
  write("other.h5");
  const auto run = changed(write("run.h5"), [&](hid_t file) { link(file, "other.h5", "/scenario/stranger"); });
  EXPECT_THAT(message_of<StoreError>([&] { Reader reader(run); }),
              HasSubstr("/scenario/stranger leads to another file"));
}

TEST_F(LinksTest, RefusesValuesThatLieInAnotherFile) {
  std::filesystem::path secret = folder_ / "secret";
  FILE* file = fopen(secret.c_str(), "wb");
  fputs("sixteen  letters", file);
  fclose(file);
  const auto run = changed(write("run.h5"), [&](hid_t id) {
    const hsize_t length = 2;
    const hid_t space = H5Screate_simple(1, &length, nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    EXPECT_GE(H5Pset_external(creation, secret.c_str(), 0, 16), 0);
    const hid_t dataset = H5Dcreate2(id, "/stolen", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    EXPECT_GE(dataset, 0);
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
  });
  const Reader reader(run);
  EXPECT_THAT(message_of<StoreError>([&] { reader.numbers("/stolen"); }), HasSubstr("values are in other files"));
}

TEST_F(LinksTest, WritesNoLinkOutsideItsFolder) {
  EXPECT_THROW(write_index("campaign.h5", "../run.h5"), std::logic_error);
  EXPECT_THROW(write_index("campaign.h5", (folder_ / "run.h5").string()), std::logic_error);
}
