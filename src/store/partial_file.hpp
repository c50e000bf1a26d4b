#pragma once

#include <cstddef>
#include <filesystem>
#include <system_error>

namespace titrant::store {

std::filesystem::path folder_of(const std::filesystem::path& target);

/// The temporary name of a target: the same for every attempt, so that what a killed run left behind is overwritten.
std::filesystem::path partial_name(const std::filesystem::path& target);

/// A file on its way to its final name. Held by one rank only; all functions throw StoreError.
///
/// It keeps a descriptor of its own, so that its inode cannot be given to another file: a second run that writes to the
/// same target at the same time is noticed before the rename.
class PartialFile {
 public:
  /// Removes what an earlier run left behind and makes an empty file.
  explicit PartialFile(const std::filesystem::path& target);
  /// Removes the file unless it was published.
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  /// Sees to it that the file can grow to so many bytes, or says that the disk is full. A collective write must not
  /// find out: MPI-IO may report the failure on some ranks only, or on none.
  void reserve(std::size_t bytes) const;

  /// Gives the space back to the disk: what was written is of no use. An error where even that needs room (a quota of a
  /// file system that copies on write).
  std::error_code empty() const noexcept;

  /// Seals the file, which nobody may write any more, syncs it, renames it onto the target and syncs the folder.
  void publish();

 private:
  bool ours() const;
  void expect_ours() const;

  std::filesystem::path target_;
  std::filesystem::path partial_;
  int descriptor_ = -1;
};

}  // namespace titrant::store
