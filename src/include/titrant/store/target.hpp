#pragma once

#include <filesystem>

namespace titrant::store {

/// Says before any work starts whether a store can be written to `path` at its end. Throws ConfigError where the folder
/// does not exist or cannot be written, where the name cannot be a file's, or where the file exists and `force` is not
/// set. Call it on one rank.
void check_target(const std::filesystem::path& path, bool force);

}  // namespace titrant::store
