#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "titrant/core/console.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/parallel/journal.hpp"
#include "titrant/run/configuration.hpp"

namespace titrant::run {

/// What a checkpoint is of. All that results depend on is here: with the same program, configuration and data a run
/// goes on to the same bits.
struct CheckpointFacts {
  std::string version;        ///< of the program
  std::string commit;         ///< of its source
  std::string command;        ///< run, fit, evaluate, train or search
  std::string command_line;   ///< as the user typed it first
  std::string configuration;  ///< YAML, resolved
  std::string data_digest;    ///< SHA-256 of the data file; empty: the embedded trial
  std::string device_digest;  ///< SHA-256 of the device file; empty: there is none
  std::string started;        ///< UTC
  std::string written;        ///< UTC
  std::string stage;          ///< what was under way
  double seconds = 0.0;       ///< of work so far, over all starts
  std::uint64_t resumed = 0;  ///< how often it went on
  std::string warning = {};   ///< why these are of the checkpoint before the latest; empty: they are not
};

/// The facts of a run that starts now.
CheckpointFacts facts_of(const Configuration& configuration, const std::string& command,
                         const std::string& command_line);

/// What the latest whole checkpoint of a store is of; nothing where there is none. Throws StoreError where all are
/// damaged. Ranks, threads and HDF5 are not needed.
std::optional<CheckpointFacts> checkpoint_facts(const std::filesystem::path& store);

/// Where two runs differ in what their results depend on, one line each ("training.steps: 150 in the checkpoint, 200
/// now"); empty: nowhere. `output.*` changes no result.
std::string differences(const CheckpointFacts& checkpoint, const CheckpointFacts& now);

/// When a run writes checkpoints, and when it stops.
struct CheckpointOptions {
  double interval = 30.0;                                    ///< s
  double seconds = std::numeric_limits<double>::infinity();  ///< from the start of this process's work
};

/// Keeps a run alive beyond its process: the results of its work in a file beside the store, from time to time.
class Checkpointing {
 public:
  /// \param resume  go on from the checkpoint that is there. Collective.
  Checkpointing(const parallel::Communicator& ranks, std::filesystem::path store, CheckpointFacts facts,
                const CheckpointOptions& options, const core::Console& console, bool resume);
  Checkpointing(const Checkpointing&) = delete;
  Checkpointing& operator=(const Checkpointing&) = delete;

  /// The ranks, whose work is kept.
  const parallel::Communicator& ranks() const { return ranks_; }

  void begin_stage(const std::string& title);
  /// Writes one now. Collective. Throws StoreError.
  void save() const;
  /// Writes one where the work since the last is worth it: writing a store can fail. Collective.
  void before_writing() const;
  /// The store is written: nothing is left to go on from. Collective.
  void remove() const;

  const CheckpointFacts& facts() const { return facts_; }
  double saving_seconds() const { return journal_->saving_seconds(); }

 private:
  std::string text(std::string_view journal) const;

  std::filesystem::path store_;
  CheckpointFacts facts_;
  double seconds_before_ = 0.0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::shared_ptr<parallel::Journal> journal_;
  parallel::Communicator ranks_;
};

}  // namespace titrant::run
