#pragma once

#include <algorithm>
#include <cstddef>

#include "titrant/parallel/partition.hpp"

namespace titrant::dose {

/// Subjects that are worked on together: small enough for the caches, large enough to batch circuits.
inline constexpr std::size_t chunk_size = 16;

/// Units of one panel at most. Sums of a unit are kept until the end, so this bounds the memory of a search.
inline constexpr std::size_t most_blocks = 512;

/// The work units of a cohort on several panels. Their number and size depend on the cohort and the panels alone. A
/// unit is a block of subjects on one panel; all panels of a block follow one another, so that ranks get as many cheap
/// panels as expensive ones. A unit walks its subjects in chunks.
class Units {
 public:
  Units(std::size_t cohort, std::size_t panels) : cohort_(cohort), panels_(panels) {
    const std::size_t chunks = (cohort + chunk_size - 1) / chunk_size;
    const std::size_t chunks_of_block = (chunks + most_blocks - 1) / most_blocks;
    block_size_ = chunks_of_block * chunk_size;
    blocks_ = (chunks + chunks_of_block - 1) / chunks_of_block;
  }

  std::size_t count() const { return blocks_ * panels_; }
  std::size_t blocks() const { return blocks_; }
  std::size_t panel(std::size_t unit) const { return unit % panels_; }
  std::size_t unit(std::size_t block, std::size_t panel) const { return block * panels_ + panel; }

  /// The subjects of a unit, as places in the cohort.
  parallel::Block subjects(std::size_t unit) const {
    const std::size_t begin = unit / panels_ * block_size_;
    return {begin, std::min(begin + block_size_, cohort_)};
  }

  /// Calls `work` with each chunk of the subjects of a unit.
  template <class Function>
  void for_each_chunk(std::size_t unit, const Function& work) const {
    const parallel::Block all = subjects(unit);
    for (std::size_t begin = all.begin; begin < all.end; begin += chunk_size) {
      work(parallel::Block{begin, std::min(begin + chunk_size, all.end)});
    }
  }

  /// The subjects of `panel` among a contiguous range of units.
  parallel::Block subjects_of(parallel::Block units, std::size_t panel) const {
    // Blocks whose unit of this panel lies in the range: the first and the last unit number that do.
    const auto blocks_before = [&](std::size_t end) { return end > panel ? (end - panel - 1) / panels_ + 1 : 0; };
    const std::size_t begin = blocks_before(units.begin);
    const std::size_t end = blocks_before(units.end);
    if (begin >= end) return {};
    return {subjects(unit(begin, panel)).begin, subjects(unit(end - 1, panel)).end};
  }

 private:
  std::size_t cohort_;
  std::size_t panels_;
  std::size_t block_size_;
  std::size_t blocks_;
};

}  // namespace titrant::dose
