#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/parallel/communicator.hpp"

namespace titrant::parallel {

/// One call of run() in a journal.
struct JournalEntry {
  std::uint64_t units = 0;
  std::uint64_t slot = 0;              ///< doubles per unit
  bool kept = true;                    ///< false: too large to keep; it is computed again
  std::string failure;                 ///< how the call failed, as `encode` writes it; empty: it did not
  std::vector<std::uint8_t> finished;  ///< [unit] 1: its slot is known; empty: all are
  std::vector<double> values;          ///< [unit][slot]
};

/// The results of work in the order in which it was done. A program that does the same again with this journal takes
/// them from there, on any number of ranks, and computes only what is missing: the rest of a call that was under way,
/// and all that comes after. That is how a run survives its end.
///
///     auto journal = std::make_shared<Journal>(Journal::Options{.save = [](std::string_view text) { write(text); }});
///     journal->load(ranks, ranks.root() ? read() : "");
///     compute(ranks.with(journal));
///
/// Every rank has one; entries are on rank 0 alone, which calls `save` from time to time and whenever ranks stop.
class Journal {
 public:
  struct Options {
    double interval = 30.0;                                    ///< s between saves; ranks in long calls meet as often
    double seconds = std::numeric_limits<double>::infinity();  ///< from now on; then work stops as if by a signal
    std::function<void(std::string_view text)> save = {};      ///< throws StoreError where it fails
    std::function<void(const std::string& message)> warn =
        {};  ///< of a save between two steps that failed; may be empty
  };

  explicit Journal(Options options);

  /// Goes on from a saved text, given on rank 0. Collective. Throws StoreError where the text is none of a journal.
  void load(const Communicator& ranks, std::string_view text);
  /// All entries as bytes of this kind of machine.
  std::string text() const;

  /// Whether results still come from what was loaded; the same on all ranks.
  bool replaying() const { return replaying_; }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }       ///< of values kept
  double saving_seconds() const { return saving_; }  ///< spent in `save`

  double unsaved_seconds() const;  ///< since the last save; 0: nothing is new
  void warn(const std::string& message) const;

  /// Saves now if there is something new. Does nothing on other ranks than the first. Throws StoreError.
  void save();

  // What follows is for run() alone.

  /// What is known of a call.
  struct Known {
    enum class State { nothing, not_kept, some_units, all } state = State::nothing;
    JournalEntry entry;
  };
  /// What is known of the next call. Collective while replaying. Throws StoreError where the journal holds another call
  /// at this place.
  Known next(const Communicator& ranks, std::size_t units, std::size_t slot);
  /// Whether this rank wants to meet the others before it goes on: because it is time, or to stop.
  bool due(double longest_unit) const;
  bool wants_to_stop(double longest_unit) const;
  /// Ranks have met in the middle of a call, of which so much is known now, or at the end of one that is not new.
  void met(const Communicator& ranks, JournalEntry unfinished = {});
  /// A new call is over; rank 0 gives what came out.
  void finished(const Communicator& ranks, JournalEntry entry);

 private:
  using Clock = std::chrono::steady_clock;
  void save_where_due();

  Options options_;
  std::vector<JournalEntry> entries_;
  JournalEntry unfinished_;
  std::size_t next_ = 0;
  std::size_t bytes_ = 0;
  bool replaying_ = false;
  bool changed_ = false;
  double saving_ = 0.0;
  double last_saving_ = 0.0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_meeting_ = start_;
  Clock::time_point last_save_ = start_;
};

}  // namespace titrant::parallel
