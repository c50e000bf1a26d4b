#include "titrant/store/checkpoint_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::store {

namespace {

/// A file: this title, the SHA-256 digest of all after the first line, the end of the line, the content.
constexpr std::string_view title = "titrant checkpoint 1 ";
constexpr std::size_t digest_size = 64;
constexpr std::size_t largest = std::size_t{4} << 30U;  // bytes; a journal keeps less

std::string read_whole(const std::filesystem::path& file) {
  std::string text;
  try {
    text = core::read_file(file, largest);
  } catch (const DataError& error) {
    throw StoreError(error.what());
  }
  if (!text.starts_with(title)) throw StoreError(fmt::format("{}: is no checkpoint of titrant", file.string()));
  const std::size_t begin = title.size() + digest_size + 1;
  if (text.size() < begin || text[begin - 1] != '\n' ||
      text.substr(title.size(), digest_size) != core::sha256(std::string_view(text).substr(begin))) {
    throw StoreError(fmt::format("{}: is damaged: its content does not match its checksum", file.string()));
  }
  text.erase(0, begin);
  return text;
}

bool is_there(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::exists(file, error);
}

}  // namespace

std::filesystem::path checkpoint_name(const std::filesystem::path& store) { return store.string() + ".checkpoint"; }

std::filesystem::path previous_checkpoint_name(const std::filesystem::path& store) {
  return store.string() + ".checkpoint.previous";
}

void write_checkpoint(const std::filesystem::path& store, std::string_view content) {
  std::string text;
  text.reserve(title.size() + digest_size + 1 + content.size());
  text.append(title).append(core::sha256(content)).append("\n").append(content);
  // The present one gets a second name, so that at no moment there is none. Where a file system knows no second names
  // it is renamed: then there is a moment with the previous one alone.
  const std::filesystem::path present = checkpoint_name(store);
  const std::filesystem::path previous = previous_checkpoint_name(store);
  const std::filesystem::path aside = previous.string() + ".partial";
  ::unlink(aside.c_str());
  if (::link(present.c_str(), aside.c_str()) == 0) {
    ::rename(aside.c_str(), previous.c_str());
  } else if (errno != ENOENT) {
    ::rename(present.c_str(), previous.c_str());
  }
  core::replace_file(present, text);
}

bool has_checkpoint(const std::filesystem::path& store) {
  return is_there(checkpoint_name(store)) || is_there(previous_checkpoint_name(store));
}

Checkpoint read_checkpoint(const std::filesystem::path& store) {
  std::string why;
  try {
    return {read_whole(checkpoint_name(store)), ""};
  } catch (const StoreError& error) {
    why = error.what();
  }
  const std::filesystem::path previous = previous_checkpoint_name(store);
  if (!is_there(previous)) throw StoreError(why);
  try {
    return {read_whole(previous), fmt::format("{}; going on from the one before it, {}", why, previous.string())};
  } catch (const StoreError& error) {
    throw StoreError(fmt::format("{}; and the one before it: {}", why, error.what()));
  }
}

void restore_previous_checkpoint(const std::filesystem::path& store) {
  if (::rename(previous_checkpoint_name(store).c_str(), checkpoint_name(store).c_str()) == 0) return;
  throw StoreError(fmt::format("{}: cannot be renamed: {}", previous_checkpoint_name(store).string(),
                               std::generic_category().message(errno)));
}

void remove_checkpoints(const std::filesystem::path& store) {
  const std::filesystem::path folder = store.has_parent_path() ? store.parent_path() : ".";
  for (const std::filesystem::path& file :
       {checkpoint_name(store), previous_checkpoint_name(store),
        std::filesystem::path(previous_checkpoint_name(store).string() + ".partial"),
        folder / fmt::format(".{}.partial", checkpoint_name(store).filename().string())}) {
    ::unlink(file.c_str());
  }
}

}  // namespace titrant::store
