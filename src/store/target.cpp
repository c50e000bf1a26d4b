#include "titrant/store/target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "partial_file.hpp"
#include "titrant/core/error.hpp"

namespace titrant::store {

void check_target(const std::filesystem::path& path, bool force) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!path.has_filename() || fs::is_directory(path, error)) {
    throw ConfigError(fmt::format("output {}: is a folder; name a file in it", path.string()));
  }
  const fs::path folder = folder_of(path);
  if (!fs::is_directory(folder, error)) {
    throw ConfigError(fmt::format("output {}: there is no folder {}; create it first", path.string(), folder.string()));
  }
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw ConfigError(fmt::format("output {}: the folder {} cannot be written to: {}", path.string(), folder.string(),
                                  std::generic_category().message(errno)));
  }
  const long longest = ::pathconf(folder.c_str(), _PC_NAME_MAX);
  const std::size_t needed = partial_name(path).filename().string().size();
  if (longest > 0 && needed > static_cast<std::size_t>(longest)) {
    throw ConfigError(fmt::format("output {}: the name is too long by {} characters", path.string(),
                                  needed - static_cast<std::size_t>(longest)));
  }
  if (!fs::exists(path, error)) return;
  if (!fs::is_regular_file(path, error)) {
    throw ConfigError(fmt::format("output {}: exists and is not a file", path.string()));
  }
  if (!force) {
    throw ConfigError(
        fmt::format("output {}: exists already; name another file or replace it with --force", path.string()));
  }
}

}  // namespace titrant::store
