#pragma once

#include <cstddef>

namespace titrant::parallel {

/// A contiguous range of work units: begin <= unit < end.
struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

/// The block of `rank` when `units` are cut into `ranks` contiguous blocks whose sizes differ by at most one.
/// Ranks beyond the units get empty blocks.
Block block_of(std::size_t units, std::size_t ranks, std::size_t rank);

/// Into how many groups to cut `ranks` for units that a group computes together, each of which divides evenly among up
/// to `shares` ranks: the number with the least time, and of those with the same time the largest, whose ranks talk
/// least. At least 1, at most the units.
std::size_t group_count(std::size_t units, std::size_t ranks, std::size_t shares);

}  // namespace titrant::parallel
