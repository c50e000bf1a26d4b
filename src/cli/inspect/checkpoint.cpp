#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "inspect.hpp"
#include "terminal/plain_text.hpp"
#include "titrant/core/size_text.hpp"
#include "titrant/store/checkpoint_file.hpp"

/// \file
/// A run that has not come to its end.

namespace titrant::cli {

std::optional<std::filesystem::path> store_of_checkpoint(const std::filesystem::path& file) {
  std::filesystem::path store = file;
  if (store.extension() == ".previous") store.replace_extension();
  if (store.extension() != ".checkpoint") return std::nullopt;
  return store.replace_extension();
}

std::optional<FoundCheckpoint> find_checkpoint(const std::filesystem::path& store) {
  std::optional<run::CheckpointFacts> facts = run::checkpoint_facts(store);
  if (!facts) return std::nullopt;
  make_plain(*facts);
  FoundCheckpoint found{store, store::checkpoint_name(store), 0, *facts};
  if (!facts->warning.empty()) found.file = store::previous_checkpoint_name(store);
  found.bytes = std::filesystem::file_size(found.file);
  return found;
}

void print_checkpoint(const FoundCheckpoint& found) {
  const run::CheckpointFacts& facts = found.facts;
  fmt::print("{}: checkpoint of a titrant run that is not complete, {}\n", found.file.string(),
             core::size_text(static_cast<double>(found.bytes)));
  if (!facts.warning.empty()) fmt::print("  WARNING   {}\n", facts.warning);
  fmt::print("  {:<9} titrant {} ({})\n", "program", facts.version, facts.commit);
  fmt::print("  {:<9} {}\n", "command", facts.command_line);
  fmt::print("  {:<9} {} UTC; written {} UTC\n", "started", time_text(facts.started), time_text(facts.written));
  fmt::print("  {:<9} {}\n", "stage", facts.stage);
  fmt::print("  {:<9} {:.0f} s of work so far{}\n", "time", facts.seconds,
             facts.resumed == 0
                 ? ""
                 : fmt::format(", after it went on {} time{}", facts.resumed, facts.resumed == 1 ? "" : "s"));
  if (!facts.data_digest.empty()) fmt::print("  {:<9} SHA-256 {}\n", "data", facts.data_digest);
  if (!facts.device_digest.empty()) fmt::print("  {:<9} SHA-256 {}\n", "device", facts.device_digest);
  fmt::print("\nNo answers yet. To go on, on any number of ranks: titrant resume {}\n", found.store.string());
}

void print_checkpoint_json(const FoundCheckpoint& found) {
  const run::CheckpointFacts& facts = found.facts;
  const nlohmann::ordered_json json = {{"file", found.file.string()},
                                       {"bytes", found.bytes},
                                       {"filetype", "titrant checkpoint"},
                                       {"complete", false},
                                       {"store", found.store.string()},
                                       {"titrant_version", facts.version},
                                       {"commit", facts.commit},
                                       {"command", facts.command},
                                       {"command_line", facts.command_line},
                                       {"started", facts.started},
                                       {"written", facts.written},
                                       {"stage", facts.stage},
                                       {"seconds", facts.seconds},
                                       {"resumed", facts.resumed},
                                       {"data_sha256", facts.data_digest},
                                       {"device_sha256", facts.device_digest},
                                       {"configuration", facts.configuration},
                                       {"warning", facts.warning},
                                       {"to_go_on", "titrant resume " + found.store.string()}};
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace titrant::cli
