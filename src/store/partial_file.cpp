#include "partial_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "seal.hpp"
#include "titrant/core/error.hpp"

namespace titrant::store {

namespace {

[[noreturn]] void fail(const std::filesystem::path& target, const std::string& what) {
  const int code = errno;
  throw StoreError(fmt::format("{}: {}: {}", target.string(), what, std::generic_category().message(code)));
}

/// MPI-IO keeps files of its own beside one that is open, named after it; a killed run leaves them too.
void remove_companions(const std::filesystem::path& partial) {
  const std::string prefix = partial.filename().string() + "-";
  std::error_code error;
  std::vector<std::filesystem::path> companions;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of(partial), error)) {
    if (entry.path().filename().string().starts_with(prefix)) companions.push_back(entry.path());
  }
  for (const std::filesystem::path& companion : companions) std::filesystem::remove(companion, error);
}

}  // namespace

std::filesystem::path folder_of(const std::filesystem::path& target) {
  return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

std::filesystem::path partial_name(const std::filesystem::path& target) {
  return folder_of(target) / fmt::format(".{}.titrant.partial", target.filename().string());
}

PartialFile::PartialFile(const std::filesystem::path& target) : target_(target), partial_(partial_name(target)) {
  if (::unlink(partial_.c_str()) != 0 && errno != ENOENT) fail(target_, "cannot remove " + partial_.string());
  remove_companions(partial_);
  descriptor_ = ::open(partial_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(target_, "cannot create " + partial_.string());
}

PartialFile::~PartialFile() {
  if (descriptor_ < 0) return;
  if (ours()) ::unlink(partial_.c_str());
  ::close(descriptor_);
}

void PartialFile::reserve(std::size_t bytes) const {
  // The kernel does not hold a reservation against this limit, only the write that comes later.
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && bytes > limit.rlim_cur) {
    errno = EFBIG;
    fail(target_, fmt::format("needs {} bytes and files may have {} (ulimit -f)", bytes, limit.rlim_cur));
  }
  if (::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0) return;
  if (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) fail(target_, "cannot be written");
  // Network file systems without reservation can at least be asked.
  struct stat status {};
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder_of(target_), error);
  if (error || ::fstat(descriptor_, &status) != 0) return;
  const auto present = static_cast<std::size_t>(status.st_size);
  if (bytes > present && space.available < bytes - present) {
    errno = ENOSPC;
    fail(target_, "cannot be written");
  }
}

std::error_code PartialFile::empty() const noexcept {
  return {::ftruncate(descriptor_, 0) == 0 ? 0 : errno, std::generic_category()};
}

void PartialFile::publish() {
  expect_ours();
  // Gives back what was reserved beyond the end.
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || ::ftruncate(descriptor_, status.st_size) != 0) {
    fail(target_, "cannot be written");
  }
  seal(partial_);
  expect_ours();
  if (::rename(partial_.c_str(), target_.c_str()) != 0) fail(target_, "cannot rename " + partial_.string());
  ::close(descriptor_);
  descriptor_ = -1;
  // The new name itself must reach the disk. Some network file systems refuse to sync a folder: the file is whole there
  // as well.
  const int folder = ::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

void PartialFile::expect_ours() const {
  if (ours()) return;
  throw StoreError(
      fmt::format("{}: another run is writing to this name; give each run an output of its own", target_.string()));
}

bool PartialFile::ours() const {
  struct stat named {};
  struct stat held {};
  return ::lstat(partial_.c_str(), &named) == 0 && ::fstat(descriptor_, &held) == 0 && named.st_dev == held.st_dev &&
         named.st_ino == held.st_ino;
}

}  // namespace titrant::store
