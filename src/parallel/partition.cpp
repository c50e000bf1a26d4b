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

}  // namespace titrant::parallel
