#include <fmt/format.h>
#include <gmock/gmock.h>
#include <hdf5.h>

#include <fstream>

#include "store_test.hpp"
#include "titrant/core/error.hpp"

using testing::HasSubstr;
using titrant::StoreError;
using titrant::store::Reader;

namespace {

class DamageTest : public StoreTest {
 protected:
  DamageTest() : bytes_(bytes_of(write("whole.h5"))), content_(content_of(folder_ / "whole.h5")) {}

  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path save(const std::string& bytes) const {
    std::ofstream(folder_ / "damaged.h5", std::ios::binary) << bytes;
    return folder_ / "damaged.h5";
  }

  /// All values of a store as text.
  static std::string content_of(const std::filesystem::path& file) {
    const Reader run(file);
    std::string content = run.complete() ? "complete\n" : "incomplete\n";
    for (const titrant::store::Entry& entry : run.entries()) {
      content += entry.path;
      if (run.holds_text(entry.path)) {
        for (const std::string& text : run.strings(entry.path)) content += fmt::format(" {}", text);
      } else {
        for (const double value : run.numbers(entry.path)) content += fmt::format(" {}", value);
      }
      content += "\n";
    }
    return content;
  }

  /// A copy with one bit of one byte flipped, another bit from place to place.
  static std::string flipped(std::string bytes, std::size_t place) {
    bytes[place] = static_cast<char>(bytes[place] ^ (1 << (place % 8)));
    return bytes;
  }

  std::size_t unsealed_size() const { return bytes_.rfind("\ntitrant seal "); }

  static std::string refusal(const std::filesystem::path& file) {
    return message_of<StoreError>([&] { Reader{file}; });
  }

  std::string bytes_;
  std::string content_;
};

}  // namespace

TEST_F(DamageTest, RefusesATruncatedFile) {
  for (std::size_t length = 0; length < unsealed_size(); length += 97) {
    EXPECT_THROW(content_of(save(bytes_.substr(0, length))), StoreError) << length;
  }
  EXPECT_THROW(content_of(save(bytes_.substr(0, unsealed_size() - 1))), StoreError);
}

TEST_F(DamageTest, ReadsAFileWhoseSealIsGone) {
  EXPECT_EQ(content_of(save(bytes_.substr(0, unsealed_size()))), content_);
  EXPECT_EQ(content_of(save(bytes_.substr(0, bytes_.size() - 1))), content_);
}

TEST_F(DamageTest, RefusesAnyFlippedBit) {
  for (std::size_t place = 0; place < unsealed_size(); place += 31) {
    EXPECT_THAT(message_of<StoreError>([&] { content_of(save(flipped(bytes_, place))); }),
                HasSubstr("does not match the checksum at its end"))
        << place;
  }
}

// Readers that know nothing of the seal rely on HDF5's own checksums: a flipped bit is an error, or it hit what no
// value depends on. The heap of texts has no checksum and is left out: HDF5 1.10.8 crashes on it, which is why seals
// exist.
TEST_F(DamageTest, NeverReadsAWrongValueEvenWithoutASeal) {
  const std::string unsealed = bytes_.substr(0, unsealed_size());
  const std::size_t heap = unsealed.find("GCOL");
  const std::size_t heap_size = 4096;
  ASSERT_NE(heap, std::string::npos);
  ASSERT_EQ(unsealed.find("GCOL", heap + 1), std::string::npos);
  std::size_t refused = 0;
  for (std::size_t place = 0; place < unsealed.size(); place += 31) {
    if (place >= heap && place < heap + heap_size) continue;
    try {
      EXPECT_EQ(content_of(save(flipped(unsealed, place))), content_) << "byte " << place;
    } catch (const StoreError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100U);
}

TEST_F(DamageTest, RefusesForeignFiles) {
  EXPECT_THAT(refusal(folder_ / "absent.h5"), HasSubstr("there is no such file"));
  EXPECT_THAT(refusal(folder_), HasSubstr("there is no such file"));
  EXPECT_THAT(refusal(save("seed: 1\n")), HasSubstr("cannot be opened as HDF5"));

  const std::string foreign = (folder_ / "foreign.h5").string();
  H5Fclose(H5Fcreate(foreign.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_THAT(refusal(foreign), HasSubstr("is not a titrant run"));
}

TEST_F(DamageTest, RefusesAnotherMajorVersion) {
  const std::string file = save(bytes_).string();
  const hid_t handle = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t attribute = H5Aopen(handle, "format_version", H5P_DEFAULT);
  const std::array<std::int64_t, 2> version = {1, 3};
  ASSERT_GE(H5Awrite(attribute, H5T_NATIVE_INT64, version.data()), 0);
  H5Aclose(attribute);
  H5Fclose(handle);
  EXPECT_EQ(message_of<titrant::store::ForeignStore>([&] { Reader{file}; }),
            fmt::format("{}: has store format 1.3, and this titrant reads format 2: run again with this version, or "
                        "read it with the version that wrote it, titrant 9.8.7",
                        file));
}

TEST_F(DamageTest, ReadsAnotherMinorVersion) {
  const std::string file = save(bytes_).string();
  const hid_t handle = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t attribute = H5Aopen(handle, "format_version", H5P_DEFAULT);
  const std::array<std::int64_t, 2> version = {titrant::store::format_version[0], 9};
  ASSERT_GE(H5Awrite(attribute, H5T_NATIVE_INT64, version.data()), 0);
  H5Aclose(attribute);
  H5Fclose(handle);
  EXPECT_EQ(content_of(file), content_);
}

// An extent may promise petabytes that no byte of the file stands behind.
TEST_F(DamageTest, AsksForNoMemoryThatTheFileCannotFill) {
  const std::string file = save(bytes_).string();
  const hid_t handle = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hsize_t extents[] = {hsize_t{1} << 30, hsize_t{1} << 30};
  const hsize_t chunk[] = {64, 64};
  const hid_t space = H5Screate_simple(2, extents, nullptr);
  const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(creation, 2, chunk);
  const hid_t dataset = H5Dcreate2(handle, "/huge", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  ASSERT_GE(dataset, 0);
  H5Dclose(dataset);
  H5Pclose(creation);
  H5Sclose(space);
  H5Fclose(handle);
  const Reader run(file);
  EXPECT_THAT(message_of<StoreError>([&] { run.numbers("/huge"); }), HasSubstr("its values are missing"));
}
