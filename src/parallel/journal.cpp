#include "titrant/parallel/journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/parallel/stop.hpp"

namespace titrant::parallel {

namespace {

/// Larger results are computed again: keeping them would cost more than it saves.
constexpr std::size_t largest_call = std::size_t{256} << 20U;   // bytes
constexpr std::size_t largest_journal = std::size_t{2} << 30U;  // bytes
/// Saving may take this share of the time: where it takes long, it comes less often.
constexpr double saving_share = 0.02;
/// What a stop needs beside the longest unit, s.
constexpr double spare = 1.0;

/// Numbers and texts one after the other, in the byte order of this machine.
class Packer {
 public:
  void number(std::uint64_t value) { bytes(&value, sizeof value); }
  void bytes(const void* from, std::size_t count) { text_.append(static_cast<const char*>(from), count); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::uint64_t number() {
    std::uint64_t value = 0;
    bytes(&value, sizeof value);
    return value;
  }
  void bytes(void* to, std::size_t count) {
    need(count);
    if (count > 0) std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
  }
  /// Throws where fewer than so many bytes follow, before memory is taken for them.
  void need(std::size_t count) const {
    if (count > rest_.size()) throw StoreError("checkpoint: ends in the middle of a result");
  }

 private:
  std::string_view rest_;
};

void pack(const JournalEntry& entry, Packer& out) {
  out.number(entry.units);
  out.number(entry.slot);
  out.number(entry.kept ? 1 : 0);
  out.number(entry.failure.size());
  out.bytes(entry.failure.data(), entry.failure.size());
  out.number(entry.finished.size());
  out.bytes(entry.finished.data(), entry.finished.size());
  out.number(entry.values.size());
  out.bytes(entry.values.data(), entry.values.size() * sizeof(double));
}

JournalEntry unpack(Unpacker& in) {
  JournalEntry entry;
  entry.units = in.number();
  entry.slot = in.number();
  entry.kept = in.number() != 0;
  const auto sized = [&](auto& to, std::size_t element) {
    const std::uint64_t count = in.number();
    in.need(count);
    in.need(count * element);
    to.resize(count);
    in.bytes(to.data(), count * element);
  };
  sized(entry.failure, 1);
  sized(entry.finished, 1);
  sized(entry.values, sizeof(double));
  const bool whole = entry.kept && entry.failure.empty();
  if (entry.values.size() != (whole ? entry.units * entry.slot : 0) ||
      (!entry.finished.empty() && entry.finished.size() != entry.units)) {
    throw StoreError("checkpoint: a result has another size than its work");
  }
  return entry;
}

std::size_t size_of(const JournalEntry& entry) { return entry.values.size() * sizeof(double); }

}  // namespace

Journal::Journal(Options options) : options_(std::move(options)) {}

void Journal::load(const Communicator& ranks, std::string_view text) {
  on_root(ranks, [&] {
    Unpacker in(text);
    while (!in.done()) {
      entries_.push_back(unpack(in));
      bytes_ += size_of(entries_.back());
    }
  });
  replaying_ = true;
}

std::string Journal::text() const {
  Packer out;
  for (const JournalEntry& entry : entries_) pack(entry, out);
  if (!unfinished_.finished.empty()) pack(unfinished_, out);
  return out.take();
}

void Journal::save() {
  if (!changed_ || !options_.save) return;
  const Clock::time_point begin = Clock::now();
  changed_ = false;
  last_save_ = begin;
  try {
    options_.save(text());
  } catch (...) {
    changed_ = true;
    throw;
  }
  last_save_ = Clock::now();
  last_saving_ = std::chrono::duration<double>(last_save_ - begin).count();
  saving_ += last_saving_;
}

double Journal::unsaved_seconds() const {
  return changed_ ? std::chrono::duration<double>(Clock::now() - last_save_).count() : 0.0;
}

void Journal::warn(const std::string& message) const {
  if (options_.warn) options_.warn(message);
}

void Journal::save_where_due() {
  if (!changed_ || unsaved_seconds() < std::max(options_.interval, last_saving_ / saving_share)) return;
  try {
    save();
  } catch (const StoreError& error) {
    warn(error.what());
  }
}

Journal::Known Journal::next(const Communicator& ranks, std::size_t units, std::size_t slot) {
  Known known;
  if (!replaying_) return known;
  std::string packed;
  if (ranks.root() && next_ < entries_.size()) {
    Packer out;
    pack(entries_[next_], out);
    packed = out.take();
  }
  packed = ranks.broadcast(std::move(packed));
  replaying_ = !packed.empty();
  if (!replaying_) return known;
  Unpacker in(packed);
  known.entry = unpack(in);
  if (known.entry.units != units || known.entry.slot != slot) {
    throw StoreError(fmt::format(
        "checkpoint: does not belong to this computation: result {} is of {} units of {} numbers; {} of {} are needed",
        next_ + 1, known.entry.units, known.entry.slot, units, slot));
  }
  if (!known.entry.finished.empty()) {  // the last: it was under way
    known.state = Known::State::some_units;
    replaying_ = false;
    if (ranks.root()) {
      bytes_ -= size_of(entries_.back());
      unfinished_ = std::move(entries_.back());
      entries_.pop_back();
    }
    return known;
  }
  known.state = known.entry.kept ? Known::State::all : Known::State::not_kept;
  ++next_;
  return known;
}

bool Journal::wants_to_stop(double longest_unit) const {
  const double passed = std::chrono::duration<double>(Clock::now() - start_).count();
  if (passed + longest_unit + last_saving_ + spare > options_.seconds) request_stop();
  return stop_requested();
}

bool Journal::due(double longest_unit) const {
  const double since = std::chrono::duration<double>(Clock::now() - last_meeting_).count();
  return since > options_.interval || wants_to_stop(longest_unit);
}

void Journal::met(const Communicator& ranks, JournalEntry unfinished) {
  last_meeting_ = Clock::now();
  if (!ranks.root() || unfinished.finished.empty()) return;
  unfinished_ = std::move(unfinished);
  changed_ = true;
  save_where_due();
}

void Journal::finished(const Communicator& ranks, JournalEntry entry) {
  last_meeting_ = Clock::now();
  if (!ranks.root()) return;
  unfinished_ = {};
  entry.kept = size_of(entry) <= largest_call && bytes_ + size_of(entry) <= largest_journal;
  if (!entry.kept) entry.values = {};
  bytes_ += size_of(entry);
  entries_.push_back(std::move(entry));
  ++next_;
  changed_ = true;
  save_where_due();
}

}  // namespace titrant::parallel
