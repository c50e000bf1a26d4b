#pragma once

#include <cstdlib>
#include <filesystem>

namespace titrant::tests {

/// Where the data that are not part of the project may be found: the environment's TITRANT_DATA, or beside the project.
inline std::filesystem::path data_folder() {
  const char* named = std::getenv("TITRANT_DATA");
  if (named != nullptr) return named;
  return std::filesystem::path(TITRANT_SOURCE_DIR).parent_path() / "shared" / "data";
}

}  // namespace titrant::tests
