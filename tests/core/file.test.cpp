#include "titrant/core/file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "titrant/core/error.hpp"

using titrant::core::read_file;
using titrant::core::replace_file;

namespace {

class FileTest : public testing::Test {
 protected:
  FileTest() { std::filesystem::create_directories(folder_); }
  ~FileTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("titrant_file_test_" + std::to_string(::getpid()));
};

}  // namespace

TEST_F(FileTest, ReplacesAWholeFileAndLeavesNothingBeside) {
  const std::string binary("a\0b\n", 4);
  replace_file(folder_ / "x.txt", "old");
  replace_file(folder_ / "x.txt", binary);
  EXPECT_EQ(read_file(folder_ / "x.txt", 100), binary);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()), 1);
}

TEST_F(FileTest, FailsWithTheReason) {
  EXPECT_THROW(replace_file(folder_ / "absent" / "x.txt", "text"), titrant::StoreError);
  EXPECT_THROW(read_file(folder_ / "absent.txt", 100), titrant::DataError);
  EXPECT_THROW(read_file(folder_, 100), titrant::DataError);
  replace_file(folder_ / "large.txt", "12345");
  EXPECT_THROW(read_file(folder_ / "large.txt", 4), titrant::DataError);
}

// FIPS 180-2, appendix B.1.
TEST(Sha256, KnowsThePublishedExample) {
  EXPECT_EQ(titrant::core::sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
