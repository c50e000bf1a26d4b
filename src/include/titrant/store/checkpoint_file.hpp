#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace titrant::store {

/// Where the checkpoint of an unfinished store is: <store>.checkpoint; and the one before it:
/// <store>.checkpoint.previous.
std::filesystem::path checkpoint_name(const std::filesystem::path& store);
std::filesystem::path previous_checkpoint_name(const std::filesystem::path& store);

/// Replaces the checkpoint of a store, which becomes the previous one: written aside, synced and renamed, with a
/// checksum. Whenever this process ends, at least one of the two is whole. Throws StoreError where it cannot be
/// written; the checkpoints that are there stay.
void write_checkpoint(const std::filesystem::path& store, std::string_view content);

/// The latest checkpoint that is whole.
struct Checkpoint {
  std::string content;
  std::string warning;  ///< why it is the previous one; empty: it is not
};

/// Whether there is anything to go on from.
bool has_checkpoint(const std::filesystem::path& store);

/// Throws StoreError where there is none, or where all that is there is damaged; ForeignStore where it was written by a
/// version of titrant whose stores have another format.
Checkpoint read_checkpoint(const std::filesystem::path& store);

/// The previous checkpoint takes the place of a damaged one. Before the next is written: a damaged one must not become
/// the previous one, or for a moment there would be none that is whole. Throws StoreError.
void restore_previous_checkpoint(const std::filesystem::path& store);

/// Removes both, and what a killed run left of a third.
void remove_checkpoints(const std::filesystem::path& store);

}  // namespace titrant::store
