#include <hdf5.h>
#include <hdf5_hl.h>

#include "store_test.hpp"

/// \file
/// What other readers rely on, seen through HDF5's own interface.

namespace {

class LayoutTest : public StoreTest {
 protected:
  LayoutTest() : file_(H5Fopen(write("run.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)) {}
  ~LayoutTest() override { H5Fclose(file_); }

  hid_t open(const std::string& path) const { return H5Dopen2(file_, path.c_str(), H5P_DEFAULT); }

  hid_t file_;
};

}  // namespace

TEST_F(LayoutTest, EveryAxisHasItsScale) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> expected = {
      {"/scenario/base/daily/qcnn/probability", {"/scenario/base/daily/dose", "/scenario/base/daily/subject"}},
      {"/scenario/base/daily/qcnn/pass_rate", {"/scenario/base/daily/dose"}},
      {"/pk/covariance", {"/pk/parameter", "/pk/parameter"}},
      {"/trial/id", {"/trial/subject"}}};
  for (const auto& [path, axes] : expected) {
    const hid_t dataset = open(path);
    for (unsigned axis = 0; axis < axes.size(); ++axis) {
      EXPECT_EQ(H5DSget_num_scales(dataset, axis), 1) << path;
      const hid_t scale = open(axes[axis]);
      EXPECT_EQ(H5DSis_scale(scale), 1) << axes[axis];
      EXPECT_EQ(H5DSis_attached(dataset, scale, axis), 1) << path << " axis " << axis;
      std::string name(64, '\0');
      const ssize_t length = H5DSget_scale_name(scale, name.data(), name.size());
      EXPECT_EQ(name.substr(0, static_cast<std::size_t>(length)), axes[axis].substr(axes[axis].rfind('/') + 1));
      H5Dclose(scale);
    }
    H5Dclose(dataset);
  }
}

TEST_F(LayoutTest, TextsAreUtf8) {
  const hid_t dataset = open("/trial/id");
  const hid_t cells = H5Dget_type(dataset);
  EXPECT_EQ(H5Tget_cset(cells), H5T_CSET_UTF8);
  EXPECT_EQ(H5Tis_variable_str(cells), 0);
  EXPECT_EQ(H5Tget_size(cells), 15U);  // "long identifier"
  const hid_t units = H5Aopen(dataset, "units", H5P_DEFAULT);
  const hid_t attribute = H5Aget_type(units);
  EXPECT_EQ(H5Tget_cset(attribute), H5T_CSET_UTF8);
  EXPECT_EQ(H5Tis_variable_str(attribute), 1);
  H5Tclose(attribute);
  H5Aclose(units);
  H5Tclose(cells);
  H5Dclose(dataset);
}

TEST_F(LayoutTest, ObjectsCarryNoTimes) {
  for (const char* path : {"/", "/scenario/base", "/trial/id", "/pk/objective"}) {
    H5O_info_t info;
    ASSERT_GE(H5Oget_info_by_name2(file_, path, &info, H5O_INFO_TIME, H5P_DEFAULT), 0);
    EXPECT_EQ(info.ctime, 0) << path;
    EXPECT_EQ(info.mtime, 0) << path;
  }
}

TEST_F(LayoutTest, ValuesCarryChecksums) {
  const auto filters_of = [](hid_t dataset) {
    const hid_t creation = H5Dget_create_plist(dataset);
    std::vector<H5Z_filter_t> filters;
    for (int i = 0; i < H5Pget_nfilters(creation); ++i) {
      unsigned flags = 0;
      std::size_t values = 0;
      unsigned configuration = 0;
      filters.push_back(
          H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &configuration));
    }
    EXPECT_EQ(H5Pget_layout(creation), filters.empty() ? H5D_COMPACT : H5D_CHUNKED);
    H5Pclose(creation);
    H5Dclose(dataset);
    return filters;
  };
  // Written by ranks in parallel; given whole; small, under the checksum of the object header.
  EXPECT_EQ(filters_of(open("/scenario/base/daily/qcnn/probability")),
            std::vector<H5Z_filter_t>{H5Z_FILTER_FLETCHER32});
  EXPECT_EQ(filters_of(open("/trial/large")),
            (std::vector<H5Z_filter_t>{H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE, H5Z_FILTER_FLETCHER32}));
  EXPECT_EQ(filters_of(open("/pk/covariance")), std::vector<H5Z_filter_t>{});
}

// Each dataset of its own chunks costs a round of messages and a write: not for a few numbers that all ranks hold.
TEST_F(LayoutTest, SmallSharedValuesLieInTheObjectHeader) {
  for (const char* path : {"/scenario/base/daily/qcnn/pass_rate", "/trial/id", "/trial/count", "/pk/covariance"}) {
    const hid_t dataset = open(path);
    const hid_t creation = H5Dget_create_plist(dataset);
    EXPECT_EQ(H5Pget_layout(creation), H5D_COMPACT) << path;
    H5Pclose(creation);
    H5Dclose(dataset);
  }
}
