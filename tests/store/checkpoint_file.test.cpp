#include "titrant/store/checkpoint_file.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "store_test.hpp"
#include "titrant/core/error.hpp"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

void flip_last_bit(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(file, std::ios::binary) << bytes;
}

class CheckpointFile : public testing::Test {
 protected:
  void SetUp() override { fs::create_directory(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_ = fs::path(testing::TempDir()) / ("checkpoint_file" + std::to_string(::getpid()));
  fs::path store_ = folder_ / "run.h5";
  fs::path present_ = titrant::store::checkpoint_name(store_);
  fs::path previous_ = titrant::store::previous_checkpoint_name(store_);
};

TEST_F(CheckpointFile, TheLatestIsReadAndTheOneBeforeItStays) {
  EXPECT_FALSE(titrant::store::has_checkpoint(store_));
  titrant::store::write_checkpoint(store_, "first");
  EXPECT_FALSE(fs::exists(previous_));
  titrant::store::write_checkpoint(store_, "second");
  EXPECT_EQ(titrant::store::read_checkpoint(store_).content, "second");
  EXPECT_THAT(titrant::store::read_checkpoint(store_).warning, IsEmpty());
  fs::remove(present_);
  EXPECT_EQ(titrant::store::read_checkpoint(store_).content, "first");
}

TEST_F(CheckpointFile, ADamagedOneIsPassedOverAloud) {
  titrant::store::write_checkpoint(store_, "first");
  titrant::store::write_checkpoint(store_, "second");
  flip_last_bit(present_);
  const titrant::store::Checkpoint found = titrant::store::read_checkpoint(store_);
  EXPECT_EQ(found.content, "first");
  EXPECT_THAT(found.warning, HasSubstr(present_.string() + ": is damaged"));
  flip_last_bit(previous_);
  EXPECT_THROW(titrant::store::read_checkpoint(store_), titrant::StoreError);
}

TEST_F(CheckpointFile, NoFlippedBitAndNoCutIsOverlooked) {
  titrant::store::write_checkpoint(store_, "first");
  titrant::store::write_checkpoint(store_, "second");
  std::ifstream in(present_, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  for (std::size_t place = 0; place < whole.size(); ++place) {
    std::string flipped = whole;
    flipped[place] = static_cast<char>(flipped[place] ^ 4);
    for (const std::string& damaged : {flipped, whole.substr(0, place)}) {
      std::ofstream(present_, std::ios::binary) << damaged;
      EXPECT_EQ(titrant::store::read_checkpoint(store_).content, "first") << place;
    }
  }
}

void write_of_format(const fs::path& file, const std::string& format) {
  std::ofstream(file, std::ios::binary) << "titrant checkpoint " << format << " " << std::string(64, 'a') << "\nwork";
}

// Its results would be mixed with others, or lead to an error far from here.
TEST_F(CheckpointFile, OneOfAnotherFormatIsRefused) {
  write_of_format(present_, "1");
  const auto refusal = [&] {
    return message_of<titrant::store::ForeignStore>([&] { titrant::store::read_checkpoint(store_); });
  };
  const std::string text =
      ": is a checkpoint of format 1, and this titrant goes on from format 2: run again with this version, "
      "or go on with the version that wrote it";
  EXPECT_EQ(refusal(), present_.string() + text);
  write_of_format(previous_, "1");
  EXPECT_EQ(refusal(), present_.string() + text);
  write_of_format(present_, "one");  // damaged
  EXPECT_EQ(refusal(), previous_.string() + text);
  fs::remove(previous_);
  EXPECT_THAT(message_of<titrant::StoreError>([&] { titrant::store::read_checkpoint(store_); }),
              HasSubstr("is damaged"));
}

TEST_F(CheckpointFile, ADamagedOneNeverPushesTheWholeOneOut) {
  titrant::store::write_checkpoint(store_, "first");
  titrant::store::write_checkpoint(store_, "second");
  flip_last_bit(present_);
  titrant::store::restore_previous_checkpoint(store_);
  titrant::store::write_checkpoint(store_, "third");
  EXPECT_EQ(titrant::store::read_checkpoint(store_).content, "third");
  flip_last_bit(present_);  // as good as a kill before the third had its name
  EXPECT_EQ(titrant::store::read_checkpoint(store_).content, "first");
}

TEST_F(CheckpointFile, RemovalLeavesNothing) {
  titrant::store::write_checkpoint(store_, "first");
  titrant::store::write_checkpoint(store_, "second");
  std::ofstream(previous_.string() + ".partial") << "what a killed run left";
  titrant::store::remove_checkpoints(store_);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(CheckpointFile, WhereItCannotBeWrittenTheOneThatIsThereStays) {
  titrant::store::write_checkpoint(store_, "first");
  fs::create_directory(folder_ / ".run.h5.checkpoint.partial");
  EXPECT_THROW(titrant::store::write_checkpoint(store_, "second"), titrant::StoreError);
  EXPECT_EQ(titrant::store::read_checkpoint(store_).content, "first");
}

}  // namespace
