#include "titrant/store/target.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "store_test.hpp"
#include "titrant/core/error.hpp"

using testing::HasSubstr;
using titrant::store::check_target;

namespace {

class TargetTest : public StoreTest {
 protected:
  static std::string refusal(const std::filesystem::path& path, bool force = false) {
    return message_of<titrant::ConfigError>([&] { check_target(path, force); });
  }
};

}  // namespace

TEST_F(TargetTest, AcceptsANewNameAndMakesNothing) {
  EXPECT_EQ(refusal(folder_ / "run.h5"), "");
  EXPECT_EQ(refusal("no_folder_named.h5"), "");
  EXPECT_TRUE(names_in_folder().empty());
}

TEST_F(TargetTest, RefusesAnExistingFileUnlessForced) {
  std::ofstream(folder_ / "run.h5") << "precious";
  EXPECT_THAT(refusal(folder_ / "run.h5"), HasSubstr("exists already"));
  EXPECT_EQ(refusal(folder_ / "run.h5", true), "");
  EXPECT_EQ(std::filesystem::file_size(folder_ / "run.h5"), 8U);
}

TEST_F(TargetTest, RefusesWhatCannotBeAFile) {
  EXPECT_THAT(refusal(folder_ / "absent" / "run.h5"), HasSubstr("there is no folder"));
  EXPECT_THAT(refusal(folder_), HasSubstr("is a folder"));
  EXPECT_THAT(refusal(folder_ / ""), HasSubstr("is a folder"));
  EXPECT_THAT(refusal("/dev/null", true), HasSubstr("is not a file"));
  EXPECT_THAT(refusal(folder_ / std::string(250, 'x')), HasSubstr("too long"));
}

TEST_F(TargetTest, RefusesAFolderThatCannotBeWritten) {
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const uid_t user = ::geteuid();
  if (user == 0) {
    ASSERT_EQ(::seteuid(65534), 0);  // root may write anywhere: be nobody for a moment
  }
  EXPECT_THAT(refusal(folder_ / "run.h5"), HasSubstr("cannot be "));
  ASSERT_EQ(::seteuid(user), 0);
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
}
