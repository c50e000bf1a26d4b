#include "titrant/parallel/work.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "agreement.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"

namespace titrant::parallel {

namespace {

/// The units of one rank, and how the first that failed did so.
struct Outcome {
  LocalSlots slots;
  std::uint64_t failed_unit = no_failure;
  std::string failure;
};

/// \param spare  further values kept free at the end
Outcome compute_block(Block block, const Work& work, std::size_t spare) {
  Outcome outcome;
  LocalSlots& local = outcome.slots;
  local.block = block;
  local.values.assign(local.block.size() * work.slot + spare, 0.0);
  for (std::size_t unit = local.block.begin; unit < local.block.end; ++unit) {
    const std::size_t done = unit - local.block.begin;
    try {
      work.compute(unit, std::span(local.values).subspan(done * work.slot, work.slot));
    } catch (...) {
      outcome.failed_unit = unit;
      outcome.failure = encode(std::current_exception());
      break;
    }
    if (work.progress) work.progress(done + 1, local.block.size());
  }
  return outcome;
}

/// The slots of all ranks in rank order; those of one end with 1 where it failed, else with 0, so that results and
/// failures travel in one message: estimation comes here thousands of times for a few microseconds of work.
/// \param counts  slots of each rank with that end
std::vector<double> exchange(const Communicator& ranks, Outcome& outcome, std::span<const std::size_t> counts) {
  outcome.slots.values.back() = outcome.failure.empty() ? 0.0 : 1.0;
  std::vector<double> slots = ranks.gather(outcome.slots.values, counts);
  bool failed = false;
  auto from = slots.cbegin();
  auto to = slots.begin();
  for (const std::size_t count : counts) {
    const auto end = from + static_cast<std::ptrdiff_t>(count) - 1;
    to = std::copy(from, end, to);
    failed = failed || *end != 0.0;
    from = end + 1;
  }
  if (failed) agree(ranks, outcome.failed_unit, outcome.failure);
  slots.erase(to, slots.end());
  return slots;
}

}  // namespace

LocalSlots run_local(const Communicator& ranks, const Work& work) {
  Outcome outcome = compute_block(block_of(work.units, ranks.size(), ranks.rank()), work, 0);
  agree(ranks, outcome.failed_unit, outcome.failure);
  return std::move(outcome.slots);
}

std::vector<double> run(const Communicator& ranks, const Work& work) {
  Outcome outcome = compute_block(block_of(work.units, ranks.size(), ranks.rank()), work, 1);
  std::vector<std::size_t> counts(ranks.size());
  for (std::size_t r = 0; r < ranks.size(); ++r)
    counts[r] = block_of(work.units, ranks.size(), r).size() * work.slot + 1;
  return exchange(ranks, outcome, counts);
}

namespace {

/// The slots of the units from `first` on, each computed by a group of ranks.
std::vector<double> run_in_groups(const Communicator& ranks, const SharedWork& work, std::size_t first) {
  const std::size_t units = work.units - first;
  const std::size_t groups = group_count(units, ranks.size(), work.shares);
  std::size_t mine = 0;
  std::vector<std::size_t> counts(ranks.size(), 1);  // the first rank of a group speaks for it
  for (std::size_t g = 0; g < groups; ++g) {
    const Block members = block_of(ranks.size(), groups, g);
    if (members.begin <= ranks.rank() && ranks.rank() < members.end) mine = g;
    counts[members.begin] += block_of(units, groups, g).size() * work.slot;
  }
  const Communicator group = groups == ranks.size() ? Communicator() : ranks.split(mine);
  const auto compute = [&](std::size_t unit, std::span<double> slot) { work.compute(first + unit, group, slot); };
  Outcome outcome = compute_block(block_of(units, groups, mine), {units, work.slot, compute, {}}, 1);
  if (!group.root()) outcome.slots.values.resize(1);
  return exchange(ranks, outcome, counts);
}

}  // namespace

std::vector<double> run(const Communicator& ranks, const SharedWork& work) {
  // A rank by itself has nobody to wait for. Only what would leave some ranks idle is computed together.
  const std::size_t alone = work.units - work.units % ranks.size();
  const auto compute = [&](std::size_t unit, std::span<double> slot) { work.compute(unit, Communicator(), slot); };
  std::vector<double> slots = run(ranks, Work{alone, work.slot, compute, {}});
  const std::vector<double> rest = run_in_groups(ranks, work, alone);
  slots.insert(slots.end(), rest.begin(), rest.end());
  return slots;
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
