#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "store_test.hpp"
#include "titrant/core/error.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using titrant::store::Reader;
using titrant::store::Writer;

namespace {

class CommitTest : public StoreTest {
 protected:
  std::filesystem::path target_ = folder_ / "run.h5";
};

}  // namespace

TEST_F(CommitTest, ShowsTheFinalNameOnlyOnceTheFileIsWhole) {
  Writer out({}, target_, test_contract(), test_units);
  fill(out);
  EXPECT_FALSE(std::filesystem::exists(target_));
  out.commit();
  EXPECT_THAT(names_in_folder(), ElementsAre("run.h5"));
  EXPECT_TRUE(Reader(target_).complete());
}

TEST_F(CommitTest, RemovesTheTemporaryFileWithoutCommit) {
  {
    Writer out({}, target_, test_contract(), test_units);
    fill(out);
    EXPECT_EQ(names_in_folder().size(), 1U);
  }
  EXPECT_TRUE(names_in_folder().empty());
}

TEST_F(CommitTest, LeavesAnExistingFileAloneUntilCommit) {
  std::ofstream(target_) << "precious";
  {
    Writer out({}, target_, test_contract(), test_units);
    fill(out);
  }
  EXPECT_EQ(std::filesystem::file_size(target_), 8U);
  write("run.h5");
  EXPECT_TRUE(Reader(target_).complete());
}

// A killed program cannot tidy up; what it leaves has another name and is replaced by the next run.
TEST_F(CommitTest, OutlivesAKilledWriter) {
  std::ofstream(target_) << "precious";
  const pid_t child = ::fork();
  if (child == 0) {
    Writer out({}, target_, test_contract(), test_units);
    fill(out);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(std::filesystem::file_size(target_), 8U);
  EXPECT_EQ(names_in_folder().size(), 2U);
  write("run.h5");
  EXPECT_THAT(names_in_folder(), ElementsAre("run.h5"));
}

TEST_F(CommitTest, NoticesASecondRunWithTheSameTarget) {
  std::optional<Writer> first(std::in_place, titrant::parallel::Communicator(), target_, test_contract(), test_units);
  fill(*first);
  Writer second({}, target_, test_contract(), test_units);
  EXPECT_THAT(message_of<titrant::StoreError>([&] { first->commit(); }), HasSubstr("another run is writing"));
  first.reset();
  EXPECT_FALSE(std::filesystem::exists(target_));
  fill(second);
  second.commit();
  EXPECT_EQ(Reader(target_).number("/pk/objective"), -123.456);
}

TEST_F(CommitTest, FailsWithTheReason) {
  EXPECT_THAT(message_of<titrant::StoreError>([&] { Writer({}, folder_ / "absent" / "run.h5", test_contract()); }),
              HasSubstr("No such file or directory"));
  std::filesystem::create_directory(target_);
  Writer out({}, target_, test_contract(), test_units);
  EXPECT_THAT(message_of<titrant::StoreError>([&] { out.commit(); }), HasSubstr("Is a directory"));
}

TEST_F(CommitTest, WritesTheSameBytesTwice) {
  const auto bytes = [](const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string first = bytes(write("a.h5"));
  ::sleep(1);  // HDF5 would store times in seconds
  EXPECT_TRUE(first == bytes(write("b.h5")));
}
