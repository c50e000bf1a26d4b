#include "titrant/parallel/work.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <utility>

#include "agreement.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/pulse.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/parallel/journal.hpp"
#include "titrant/parallel/ledger.hpp"
#include "titrant/parallel/stop.hpp"

namespace titrant::parallel {

namespace {

using Clock = std::chrono::steady_clock;

/// What the slots of a rank end with, so that results, failures and wishes travel in one message: estimation comes here
/// thousands of times for a few microseconds of work. Units done; what happened.
constexpr std::size_t trailer = 2;
constexpr double has_failed = 1.0;
constexpr double wants_to_stop = 2.0;

/// How many units of ranks with a journal this process is inside of: they, and only they, may be given up in the
/// middle.
int depth = 0;

class InsideUnit {
 public:
  explicit InsideUnit(bool counts) : counts_(counts) { depth += counts ? 1 : 0; }
  ~InsideUnit() { depth -= counts_ ? 1 : 0; }
  InsideUnit(const InsideUnit&) = delete;
  InsideUnit& operator=(const InsideUnit&) = delete;

 private:
  bool counts_;
};

/// Who computes which places of a list of units.
struct Division {
  std::vector<Block> sent;  ///< [rank] the places whose slots it sends; empty for those who only help
  Block mine;               ///< the places that this rank computes, with its team
  Communicator team;
};

Block shifted(Block block, std::size_t by) { return {block.begin + by, block.end + by}; }

/// \param first  where the places begin
Division by_rank(const Communicator& ranks, std::size_t first, std::size_t places) {
  Division division;
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    division.sent.push_back(shifted(block_of(places, ranks.size(), r), first));
  }
  division.mine = division.sent[ranks.rank()];
  return division;
}

Division by_team(const Communicator& ranks, std::size_t first, std::size_t places, std::size_t shares) {
  const std::size_t teams = group_count(places, ranks.size(), shares);
  if (teams == ranks.size()) return by_rank(ranks, first, places);
  Division division;
  division.sent.resize(ranks.size());
  std::size_t mine = 0;
  for (std::size_t t = 0; t < teams; ++t) {
    const Block members = block_of(ranks.size(), teams, t);
    division.sent[members.begin] = shifted(block_of(places, teams, t), first);
    if (members.begin <= ranks.rank() && ranks.rank() < members.end) mine = t;
  }
  division.mine = shifted(block_of(places, teams, mine), first);
  division.team = ranks.split(mine);
  return division;
}

/// One call of run() on this rank.
class Call {
 public:
  using Compute = std::function<void(std::size_t unit, const Communicator& team, std::span<double> slot)>;
  using Progress = std::function<void(std::size_t done, std::size_t of)>;

  /// \param known  the results of some units, to be taken over; null: none
  Call(const Communicator& ranks, std::size_t units, std::size_t slot, Compute compute, Progress progress,
       const JournalEntry* known)
      : ranks_(ranks),
        journal_(ranks.journal()),
        slot_(slot),
        compute_(std::move(compute)),
        progress_(std::move(progress)),
        result_(known != nullptr ? known->values : std::vector<double>(units * slot)) {
    for (std::size_t unit = 0; unit < units; ++unit) {
      if (known == nullptr || known->finished[unit] == 0) list_.push_back(unit);
    }
    if (journal_ != nullptr) finished_ = known != nullptr ? known->finished : std::vector<std::uint8_t>(units, 0);
  }

  /// How many units are to be computed.
  std::size_t places() const { return list_.size(); }

  /// Computes the places of a division; throws their failure, or Interrupted.
  /// \param keep  whether a journal keeps what is finished when ranks meet in between
  void run(const Division& division, bool keep) {
    slots_.assign(division.mine.size() * slot_ + trailer, 0.0);
    done_ = 0;
    for (;;) {
      compute_some(division);
      const Meeting meeting = meet(division);
      if (journal_ != nullptr && (meeting.stop || meeting.unfinished)) tell_journal(keep);
      if (meeting.stop) throw Interrupted();
      if (meeting.unfinished) continue;
      if (meeting.failure) agree(ranks_, failed_unit_, failure_);
      return;
    }
  }

  /// The slots of all units.
  std::vector<double> take() { return std::move(result_); }

 private:
  struct Meeting {
    bool stop = false;
    bool failure = false;
    bool unfinished = false;
  };

  /// \param first  nothing was computed since the last meeting: only a stop is a reason for another
  bool has_to_meet(const Communicator& team, bool first) const {
    if (journal_ == nullptr && depth == 0) return false;
    bool here = false;
    if (journal_ == nullptr) {
      here = stop_requested();
    } else {
      here = first ? journal_->wants_to_stop(longest_) : journal_->due(longest_);
    }
    return team.size() == 1 ? here : team.maximum(here ? 1 : 0) == 1;
  }

  /// Goes on with this rank's places until all are done, one fails, or it is time to meet.
  void compute_some(const Division& division) {
    const std::size_t mine = division.mine.size();
    const std::size_t before = done_;
    bool given_up = false;
    while (done_ < mine && failure_.empty() && !given_up && !has_to_meet(division.team, done_ == before)) {
      const std::size_t unit = list_[division.mine.begin + done_];
      const std::span<double> slot = std::span(slots_).subspan(done_ * slot_, slot_);
      const Clock::time_point begin = Clock::now();
      try {
        const InsideUnit inside(journal_ != nullptr);
        const LedgerCall::Unit counted;
        compute_(unit, division.team, slot);
        ++done_;
      } catch (const Interrupted&) {
        given_up = true;
      } catch (...) {
        failed_unit_ = unit;
        failure_ = encode(std::current_exception());
      }
      longest_ = std::max(longest_, std::chrono::duration<double>(Clock::now() - begin).count());
      if (progress_ && failure_.empty()) progress_(done_, mine);
      core::pulse();
    }
    const bool stops = journal_ != nullptr ? journal_->wants_to_stop(longest_) : depth > 0 && stop_requested();
    stop_ = given_up || stops;
  }

  /// Exchanges what is done; the results of all ranks go to their places.
  Meeting meet(const Division& division) {
    slots_[slots_.size() - 2] = static_cast<double>(done_);
    slots_.back() = (failure_.empty() ? 0.0 : has_failed) + (stop_ ? wants_to_stop : 0.0);
    std::vector<std::size_t> counts;
    counts.reserve(ranks_.size());
    for (const Block& block : division.sent) counts.push_back(block.size() * slot_ + trailer);
    const std::size_t own = counts[ranks_.rank()];
    const std::vector<double> all = ranks_.gather(std::span(slots_).last(own), counts);

    Meeting meeting;
    const double* slots = all.data();
    for (const Block& block : division.sent) {
      const double* const end = slots + block.size() * slot_;
      const bool failed = std::fmod(end[1], wants_to_stop) == has_failed;
      meeting.failure = meeting.failure || failed;
      meeting.stop = meeting.stop || end[1] >= wants_to_stop;
      const std::size_t done = std::min(static_cast<std::size_t>(end[0]), block.size());
      meeting.unfinished = meeting.unfinished || (done < block.size() && !failed);
      for (std::size_t i = 0; i < done; ++i) {
        const std::size_t unit = list_[block.begin + i];
        std::copy_n(slots + i * slot_, slot_, result_.begin() + static_cast<std::ptrdiff_t>(unit * slot_));
        if (journal_ != nullptr) finished_[unit] = 1;
      }
      slots = end + trailer;
    }
    return meeting;
  }

  void tell_journal(bool keep) const {
    JournalEntry entry;
    if (keep && ranks_.root()) entry = {finished_.size(), slot_, true, {}, finished_, result_};
    journal_->met(ranks_, std::move(entry));
  }

  const Communicator& ranks_;
  Journal* journal_;
  std::size_t slot_;
  Compute compute_;
  Progress progress_;
  std::vector<std::size_t> list_;       // units that are to be computed
  std::vector<double> result_;          // [unit][slot]
  std::vector<std::uint8_t> finished_;  // [unit], with a journal
  std::vector<double> slots_;           // of this rank's places, and the trailer
  std::size_t done_ = 0;                // of this rank's places
  double longest_ = 0.0;                // s, of a unit
  bool stop_ = false;
  std::uint64_t failed_unit_ = no_failure;
  std::string failure_;
};

/// Lets `compute` do what the journal does not know, and tells it what came out.
/// \param compute  gets what is known of some units, or null
std::vector<double> through_journal(const Communicator& ranks, std::size_t units, std::size_t slot,
                                    const std::function<std::vector<double>(const JournalEntry*)>& compute) {
  Journal* const journal = ranks.journal();
  if (journal == nullptr) return compute(nullptr);
  using State = Journal::Known::State;
  Journal::Known known = journal->next(ranks, units, slot);
  if (known.state == State::all) {
    if (!known.entry.failure.empty()) throw_encoded(known.entry.failure);
    return std::move(known.entry.values);
  }
  const auto over = [&](const std::string& failure, const std::vector<double>& values) {
    if (known.state == State::not_kept) return journal->met(ranks);
    JournalEntry entry{units, slot, true, failure, {}, {}};
    if (ranks.root()) entry.values = values;
    journal->finished(ranks, std::move(entry));
  };
  try {
    std::vector<double> values = compute(known.state == State::some_units ? &known.entry : nullptr);
    over({}, values);
    return values;
  } catch (const Error&) {  // of the computation; another one (no memory) may not come again
    over(encode(std::current_exception()), {});
    throw;
  }
}

}  // namespace

std::vector<double> run(const Communicator& ranks, const Work& work) {
  const auto compute = [&](std::size_t unit, const Communicator& /*team*/, std::span<double> slot) {
    work.compute(unit, slot);
  };
  const auto values = [&](const JournalEntry* known) {
    const LedgerCall entered(work.units, work.slot, 1);
    Call call(ranks, work.units, work.slot, compute, work.progress, known);
    call.run(by_rank(ranks, 0, call.places()), !work.leaves_more);
    return call.take();
  };
  return work.leaves_more ? values(nullptr) : through_journal(ranks, work.units, work.slot, values);
}

std::vector<double> run(const Communicator& ranks, const SharedWork& work) {
  return through_journal(ranks, work.units, work.slot, [&](const JournalEntry* known) {
    const LedgerCall entered(work.units, work.slot, work.shares);
    Call call(ranks, work.units, work.slot, work.compute, {}, known);
    // A rank by itself has nobody to wait for. Only what would leave some ranks idle is computed together.
    const std::size_t alone = call.places() - call.places() % ranks.size();
    call.run(by_rank(ranks, 0, alone), true);
    call.run(by_team(ranks, alone, call.places() - alone, work.shares), true);
    return call.take();
  });
}

std::vector<double> run_together(const Communicator& ranks, std::size_t size,
                                 const std::function<std::vector<double>(const Communicator& ranks)>& compute) {
  const bool recorded = ranks.journal() != nullptr;
  return through_journal(ranks, 1, size, [&](const JournalEntry* /*known*/) {
    const InsideUnit inside(recorded);
    std::vector<double> values = compute(ranks.without_journal());
    TITRANT_EXPECTS(values.size() == size);
    return values;
  });
}

std::vector<double> run_sum(const Communicator& ranks, const Work& work) {
  const std::vector<double> slots = run(ranks, work);
  std::vector<double> sums(work.slot, 0.0);
  std::vector<double> column(work.units);
  for (std::size_t entry = 0; entry < work.slot; ++entry) {
    for (std::size_t unit = 0; unit < work.units; ++unit) column[unit] = slots[unit * work.slot + entry];
    sums[entry] = core::ordered_sum(column);
  }
  return sums;
}

}  // namespace titrant::parallel
