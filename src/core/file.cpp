#include "titrant/core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <system_error>

#include "descriptor.hpp"
#include "titrant/core/error.hpp"

namespace titrant::core {

namespace {

std::string reason() { return std::generic_category().message(errno); }

int open_file(const std::filesystem::path& path, int flags) { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); }

std::string hexadecimal(const unsigned char* bytes, unsigned length) {
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

void write_all(int descriptor, std::string_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw StoreError(fmt::format("cannot write {}: {}", file.string(), reason()));
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) throw StoreError(fmt::format("cannot write {}: {}", file.string(), reason()));
}

}  // namespace

std::string read_file(const std::filesystem::path& file, std::size_t limit) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) throw DataError(file.string() + ": is a folder, not a file");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw DataError(fmt::format("{}: cannot be opened: {}", file.string(), reason()));
  std::string content;
  std::array<char, 65536> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    content.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (content.size() > limit) throw DataError(fmt::format("{}: is larger than {} bytes", file.string(), limit));
  }
  return content;
}

void replace_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const std::filesystem::path aside = folder / fmt::format(".{}.partial", file.filename().string());
  try {
    const Descriptor descriptor(open_file(aside, O_WRONLY | O_CREAT | O_TRUNC));
    if (!descriptor.open()) throw StoreError(fmt::format("cannot create {}: {}", aside.string(), reason()));
    write_all(descriptor.number(), content, file);
    if (::rename(aside.c_str(), file.c_str()) != 0) {
      throw StoreError(fmt::format("cannot rename {} to {}: {}", aside.string(), file.string(), reason()));
    }
  } catch (...) {
    ::unlink(aside.c_str());
    throw;
  }
  const Descriptor directory(open_file(folder, O_RDONLY | O_DIRECTORY));
  if (directory.open()) ::fsync(directory.number());
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw Error("the cryptography library offers no SHA-256");
  }
  return hexadecimal(digest.data(), length);
}

namespace {

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

std::string file_sha256(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw DataError(fmt::format("{}: cannot be opened: {}", file.string(), reason()));
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  bool well = context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  std::array<char, 65536> buffer{};
  while (well && (in.read(buffer.data(), buffer.size()) || in.gcount() > 0))
    well = EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount())) == 1;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (!well || EVP_DigestFinal_ex(context.get(), digest.data(), &length) != 1)
    throw Error("the cryptography library offers no SHA-256");
  return hexadecimal(digest.data(), length);
}

}  // namespace titrant::core
