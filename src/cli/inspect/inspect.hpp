#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "inspection.hpp"
#include "titrant/run/checkpoint.hpp"

/// \file
/// The pieces of `titrant inspect`: each finding, printed as text or as JSON.

namespace titrant::cli {

/// How much is shown.
struct InspectOptions {
  bool answers = false;   ///< all of them, line by line, in place of the headline's table
  bool contents = false;  ///< every dataset in place of a count per group
};

/// 2026-01-31T12:00:00Z without the letters.
std::string time_text(const std::string& utc);

/// What a store holds, its answers with a drawing, how it was made.
void print_inspection(const Inspection& found, const InspectOptions& options);

/// The answers of a run: a table of the headline question, or all of them.
void print_answers(const Inspection& found, const InspectOptions& options);

/// Target attainment of the headline population and endpoint by dose, drawn in characters: one chart per regimen.
void print_charts(const Inspection& found);

/// All of it. Numbers that there are not, and infinite ones, are null.
void print_inspection_json(const Inspection& found);

/// An unfinished run: the checkpoints that a store's name has, and what the latest whole one is of.
struct FoundCheckpoint {
  std::filesystem::path store;  ///< that it was to become
  std::filesystem::path file;
  std::uintmax_t bytes = 0;
  run::CheckpointFacts facts;
};

/// The checkpoint beside a store's name; nothing where there is none. Throws StoreError where all are damaged.
std::optional<FoundCheckpoint> find_checkpoint(const std::filesystem::path& store);

/// The store whose checkpoint has this name, or nothing where it is no such name.
std::optional<std::filesystem::path> store_of_checkpoint(const std::filesystem::path& file);

void print_checkpoint(const FoundCheckpoint& found);
void print_checkpoint_json(const FoundCheckpoint& found);

}  // namespace titrant::cli
