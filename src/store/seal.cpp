#include "seal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::store {

namespace {

constexpr std::string_view seal_title = "\ntitrant seal ";
constexpr std::size_t seal_size = seal_title.size() + core::sha256_size + 1;

/// A part of the format: the digest is that of the digests of blocks of this size.
constexpr std::size_t block_size = std::size_t{16} << 20;

/// An open file whose failures are StoreErrors.
class RawFile {
 public:
  RawFile(const std::filesystem::path& file, int flags) : file_(file), descriptor_(::open(file.c_str(), flags)) {
    if (descriptor_ < 0) fail("cannot be opened");
  }
  ~RawFile() { ::close(descriptor_); }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  std::size_t size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail("cannot be read");
    return static_cast<std::size_t>(status.st_size);
  }

  std::string read(std::size_t begin, std::size_t count) const {
    std::string bytes(count, '\0');
    for (std::size_t done = 0; done < count;) {
      const ssize_t got = ::pread(descriptor_, &bytes[done], count - done, static_cast<off_t>(begin + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("cannot be read");
      if (got == 0) throw StoreError(fmt::format("{}: became shorter while it was read", file_.string()));
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }

  void append(std::string_view bytes) const {
    std::size_t end = size();
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(end));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot be written");
      end += static_cast<std::size_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(descriptor_) != 0) fail("cannot be written");
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    const int code = errno;
    throw StoreError(fmt::format("{}: {}: {}", file_.string(), what, std::generic_category().message(code)));
  }

  std::filesystem::path file_;
  int descriptor_;
};

std::string digest(const RawFile& file, std::size_t size) {
  std::string digests;
  for (std::size_t begin = 0; begin < size; begin += block_size) {
    digests += core::sha256(file.read(begin, std::min(block_size, size - begin)));
  }
  return core::sha256(digests);
}

}  // namespace

void seal(const std::filesystem::path& file) {
  const RawFile raw(file, O_RDWR | O_CLOEXEC);
  raw.append(fmt::format("{}{}\n", seal_title, digest(raw, raw.size())));
}

void check_seal(const std::filesystem::path& file) {
  const RawFile raw(file, O_RDONLY | O_CLOEXEC);
  const std::size_t size = raw.size();
  if (size < seal_size) return;
  const std::string last = raw.read(size - seal_size, seal_size);
  if (!last.starts_with(seal_title)) return;
  if (last.substr(seal_title.size(), core::sha256_size) != digest(raw, size - seal_size)) {
    throw StoreError(fmt::format("{}: is damaged: its content does not match the checksum at its end", file.string()));
  }
}

}  // namespace titrant::store
