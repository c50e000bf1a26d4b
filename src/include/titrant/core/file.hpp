#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace titrant::core {

/// The whole content of a file. Throws DataError where it cannot be read or is larger than `limit` bytes.
std::string read_file(const std::filesystem::path& file, std::size_t limit);

/// Writes a file under a temporary name in the same folder, syncs it and renames it, so that `file` always holds a
/// whole file: the old one or the new one. Throws StoreError.
void replace_file(const std::filesystem::path& file, std::string_view content);

/// The length of what sha256 gives.
inline constexpr std::size_t sha256_size = 64;

/// SHA-256 of a text, hexadecimal digits.
std::string sha256(std::string_view text);

/// The same of a file of any size. Throws DataError where it cannot be read.
std::string file_sha256(const std::filesystem::path& file);

}  // namespace titrant::core
