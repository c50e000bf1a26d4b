#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace titrant::tests {

/// A file of the data that are not part of the project: in the folder that the environment's TITRANT_DATA names, or in
/// shared/data beside the project. A test that needs it is skipped where it does not exist.
///
///     const auto file = real_data("estdata/EstData.csv");
///     if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
inline std::filesystem::path real_data(const std::string& name) {
  const char* folder = std::getenv("TITRANT_DATA");
  if (folder != nullptr) return std::filesystem::path(folder) / name;
  return std::filesystem::path(TITRANT_SOURCE_DIR) / ".." / "shared" / "data" / name;
}

}  // namespace titrant::tests
