#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "hdf5.hpp"
#include "partial_file.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::store {

using Extents = std::vector<hsize_t>;

/// What one rank holds of a dataset, row-major; any extent of `count` may be 0.
struct Piece {
  Extents start;
  Extents count;
  const void* data = nullptr;
  bool everywhere = false;  ///< every rank holds all of the dataset, the same values
  bool deflated = false;    ///< compressed though ranks write it in parallel
};

/// An HDF5 file that all ranks write together under its temporary name. All functions are collective and throw
/// Hdf5Failure on the ranks where HDF5 fails: callers agree on errors.
class OutputFile {
 public:
  OutputFile(parallel::Communicator ranks, const std::filesystem::path& target);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Makes sure of the room for a dataset of so many bytes before it is written. Throws StoreError on all ranks.
  void reserve(std::size_t bytes);

  /// A scalar. Small ones live in the object header, under its checksum.
  Handle make_scalar(const std::string& path, ValueType type, const void* value);

  /// A dataset of one axis or more, with a checksum per chunk; every rank writes its piece. Shuffled and
  /// deflated where all hold it, or where the piece says so on every rank; small ones that all ranks hold live in the
  /// object header, under its checksum.
  Handle make_dataset(const std::string& path, ValueType type, const Extents& extents, const Piece& piece);

  /// A link to the root of another file.
  void make_external_link(const std::string& path, const std::string& file);

  Handle open_object(const std::string& path) const;

  /// Changes an attribute of the root that exists.
  void change_attribute(const std::string& name, std::int64_t value) const;

  /// Flushes and closes; nothing can be written afterwards.
  void close();

  /// Closes a file that could not be written. Its space is given back first, for a file that HDF5 cannot flush makes it
  /// crash, or wait for ever on some ranks. An error where the disk does not take the space back: the file stays open.
  [[nodiscard]] std::error_code give_up();

  /// After close(): gives the file its final name. Throws StoreError on all ranks.
  void publish();

 private:
  Handle create(const std::string& path, hid_t type, hid_t space, hid_t creation);
  void make_parents(const std::string& path);
  void write(const Handle& dataset, hid_t type, const Extents& extents, const Extents& chunk, const Piece& piece);

  parallel::Communicator ranks_;
  std::unique_ptr<PartialFile> partial_;  ///< on rank 0
  Handle file_;
  std::size_t promised_ = 0;  ///< bytes that the datasets so far may need
  std::size_t reserved_ = 0;
  int exceptions_at_birth_;
};

}  // namespace titrant::store
