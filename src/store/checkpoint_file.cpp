#include "titrant/store/checkpoint_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/store/store.hpp"

namespace titrant::store {

namespace {

/// A file: title, format, a space, the SHA-256 digest of all after the first line, the end of the line, the content.
/// Results of work are in one format with the store that is made of them.
constexpr std::string_view title = "titrant checkpoint ";
constexpr std::size_t largest = std::size_t{4} << 30U;  // bytes; a journal keeps less

std::string head() { return fmt::format("{}{} ", title, format_version[0]); }

/// Throws ForeignStore where it is another format's. A damaged line says nothing.
void check_format(const std::filesystem::path& file, std::string_view text) {
  const std::string_view found = text.substr(title.size(), text.find(' ', title.size()) - title.size());
  constexpr std::size_t most_digits = 3;
  const bool number = !found.empty() && found.size() <= most_digits &&
                      std::all_of(found.begin(), found.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!number || found == fmt::format("{}", format_version[0])) return;
  throw ForeignStore(
      fmt::format("{}: is a checkpoint of format {}, and this titrant goes on from format {}: run again with this "
                  "version, or go on with the version that wrote it",
                  file.string(), found, format_version[0]));
}

std::string read_whole(const std::filesystem::path& file) {
  std::string text;
  try {
    text = core::read_file(file, largest);
  } catch (const DataError& error) {
    throw StoreError(error.what());
  }
  if (!text.starts_with(title)) throw StoreError(fmt::format("{}: is no checkpoint of titrant", file.string()));
  check_format(file, text);
  const std::size_t digest = head().size();
  const std::size_t begin = digest + core::sha256_size + 1;
  if (!text.starts_with(head()) || text.size() < begin || text[begin - 1] != '\n' ||
      text.substr(digest, core::sha256_size) != core::sha256(std::string_view(text).substr(begin))) {
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
  std::string text = head();
  text.reserve(text.size() + core::sha256_size + 1 + content.size());
  text.append(core::sha256(content)).append("\n").append(content);
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
  bool of_another_format = false;
  const std::filesystem::path previous = previous_checkpoint_name(store);
  try {
    return {read_whole(checkpoint_name(store)), ""};
  } catch (const StoreError& error) {
    if (!is_there(previous)) throw;
    why = error.what();
    of_another_format = dynamic_cast<const ForeignStore*>(&error) != nullptr;
  }
  try {
    return {read_whole(previous), fmt::format("{}; going on from the one before it, {}", why, previous.string())};
  } catch (const ForeignStore& error) {
    throw ForeignStore(of_another_format ? why : error.what());
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
