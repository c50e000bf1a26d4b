#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace titrant::fuzz {

/// A file of some content that exists in memory alone, for readers that take the name of a file.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : descriptor_(::memfd_create("input", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("no file in memory can be made");
    write(content, 0);
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  /// A name under which this process can open it.
  std::string name() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  /// Replaces the bytes from `begin` on by as many others.
  void write(std::string_view bytes, std::size_t begin) {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(begin));
      if (written <= 0) throw std::runtime_error("a file in memory cannot be written");
      begin += static_cast<std::size_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  int descriptor_;
};

}  // namespace titrant::fuzz
