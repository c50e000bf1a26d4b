#include <hdf5.h>
#include <hdf5_hl.h>

#include <tuple>
#include <utility>

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
      {"/scenario/base/daily/own/pass_rate", {"/scenario/base/daily/own/dose"}},
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

// Of two scales of one name in sight, the one in the group of the dataset is the one it was written along.
TEST_F(LayoutTest, AGroupMayHaveAnAxisOfItsOwn) {
  const hid_t dataset = open("/scenario/base/daily/own/pass_rate");
  const hid_t space = H5Dget_space(dataset);
  EXPECT_EQ(H5Sget_simple_extent_npoints(space), 2) << "the scale above has three doses";
  const hid_t above = open("/scenario/base/daily/dose");
  EXPECT_EQ(H5DSis_attached(dataset, above, 0), 0);
  H5Dclose(above);
  H5Sclose(space);
  H5Dclose(dataset);
}

// Octave 7 reads no further than the first text of a fixed length in UTF-8, so only what is not ASCII is in it.
TEST_F(LayoutTest, TextsAreAsciiWhereAllOfThemIs) {
  const auto characters_of = [](hid_t type) {
    const H5T_cset_t found = H5Tget_cset(type);
    H5Tclose(type);
    return found;
  };
  const auto of_dataset = [&](const char* path) {
    const hid_t dataset = open(path);
    const hid_t type = H5Dget_type(dataset);
    EXPECT_EQ(H5Tis_variable_str(type), 0) << path;
    H5Dclose(dataset);
    return characters_of(type);
  };
  EXPECT_EQ(of_dataset("/decision/scenario"), H5T_CSET_ASCII);
  EXPECT_EQ(of_dataset("/trial/id"), H5T_CSET_UTF8);
  EXPECT_EQ(of_dataset("/pk/parameter"), H5T_CSET_UTF8);
  EXPECT_EQ(of_dataset("/config/resolved"), H5T_CSET_UTF8);
  const auto of_attribute = [&](const char* path, const char* name) {
    const hid_t attribute = H5Aopen_by_name(file_, path, name, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute);
    EXPECT_EQ(H5Tis_variable_str(type), 1) << path << " " << name;
    H5Aclose(attribute);
    return characters_of(type);
  };
  EXPECT_EQ(of_attribute("/", "filetype"), H5T_CSET_ASCII);
  EXPECT_EQ(of_attribute("/trial/id", "units"), H5T_CSET_ASCII);
  EXPECT_EQ(of_attribute("/trial/id", "long_name"), H5T_CSET_ASCII);
  EXPECT_EQ(of_attribute("/pk", "method"), H5T_CSET_UTF8);
}

// The widest text of a dataset is the width of all: "long identifier".
TEST_F(LayoutTest, TextsAreAsWideAsTheLongest) {
  const hid_t dataset = open("/trial/id");
  const hid_t type = H5Dget_type(dataset);
  EXPECT_EQ(H5Tget_size(type), 15U);
  H5Tclose(type);
  H5Dclose(dataset);
}

TEST_F(LayoutTest, NumbersHaveTheTypeOfTheContract) {
  const auto is_stored_as = [&](const char* path, hid_t expected) {
    const hid_t dataset = open(path);
    const hid_t type = H5Dget_type(dataset);
    EXPECT_GT(H5Tequal(type, expected), 0) << path;
    H5Tclose(type);
    H5Dclose(dataset);
  };
  for (const char* integers : {"/trial/subject", "/trial/count", "/scenario/base/daily/subject",
                               "/scenario/base/daily/qcnn/counts", "/pk/observations"}) {
    is_stored_as(integers, H5T_STD_I64LE);
  }
  for (const char* numbers : {"/scenario/base/daily/dose", "/scenario/base/daily/qcnn/pass_rate",
                              "/scenario/base/daily/qcnn/unrounded", "/pk/objective"}) {
    is_stored_as(numbers, H5T_IEEE_F64LE);
  }
  is_stored_as("/scenario/base/daily/qcnn/probability", H5T_IEEE_F32LE);
  for (const auto& [path, name, expected] : {std::tuple{"/scenario/base/daily/qcnn", "shots", H5T_STD_I64LE},
                                             std::tuple{"/", "format_version", H5T_STD_I64LE},
                                             std::tuple{"/scenario/base/daily/qcnn", "scale", H5T_IEEE_F64LE}}) {
    const hid_t attribute = H5Aopen_by_name(file_, path, name, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute);
    EXPECT_GT(H5Tequal(type, expected), 0) << path << " " << name;
    H5Tclose(type);
    H5Aclose(attribute);
  }
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
  // Written by ranks in parallel, as they are or compressed; given whole; small, under the checksum of the object
  // header.
  EXPECT_EQ(filters_of(open("/scenario/base/daily/qcnn/unrounded")), std::vector<H5Z_filter_t>{H5Z_FILTER_FLETCHER32});
  for (const char* path :
       {"/scenario/base/daily/qcnn/probability", "/scenario/base/daily/qcnn/counts", "/trial/large"}) {
    EXPECT_EQ(filters_of(open(path)),
              (std::vector<H5Z_filter_t>{H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE, H5Z_FILTER_FLETCHER32}))
        << path;
  }
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
