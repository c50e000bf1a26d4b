#include "titrant/parallel/partition.hpp"

#include <algorithm>

#include "titrant/core/error.hpp"

namespace titrant::parallel {

Block block_of(std::size_t units, std::size_t ranks, std::size_t rank) {
  TITRANT_EXPECTS(rank < ranks);
  const std::size_t share = units / ranks;
  const std::size_t larger = units % ranks;  // the first `larger` blocks hold one unit more
  const std::size_t begin = rank * share + std::min(rank, larger);
  return {begin, begin + share + (rank < larger ? 1 : 0)};
}

std::size_t group_count(std::size_t units, std::size_t ranks, std::size_t shares) {
  TITRANT_EXPECTS(ranks > 0 && shares > 0);
  const auto divided_up = [](std::size_t a, std::size_t b) { return (a + b - 1) / b; };
  std::size_t best = 1;
  std::size_t least = 0;
  for (std::size_t groups = 1; groups <= std::min(units, ranks); ++groups) {
    const std::size_t smallest = std::min(ranks / groups, shares);
    const std::size_t time = divided_up(units, groups) * divided_up(shares, smallest);
    if (groups > 1 && time > least) continue;
    best = groups;
    least = time;
  }
  return best;
}

}  // namespace titrant::parallel
