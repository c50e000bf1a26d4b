#include "titrant/parallel/work.hpp"

#include "agreement.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"

namespace titrant::parallel {

LocalSlots run_local(const Communicator& ranks, const Work& work) {
  LocalSlots local;
  local.block = block_of(work.units, ranks.size(), ranks.rank());
  local.values.assign(local.block.size() * work.slot, 0.0);
  std::uint64_t failed_unit = no_failure;
  std::string failure;
  for (std::size_t unit = local.block.begin; unit < local.block.end; ++unit) {
    const std::size_t done = unit - local.block.begin;
    try {
      work.compute(unit, std::span(local.values).subspan(done * work.slot, work.slot));
    } catch (...) {
      failed_unit = unit;
      failure = encode(std::current_exception());
      break;
    }
    if (work.progress) work.progress(done + 1, local.block.size());
  }
  agree(ranks, failed_unit, failure);
  return local;
}

std::vector<double> run(const Communicator& ranks, const Work& work) {
  return ranks.gather(run_local(ranks, work).values);
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
