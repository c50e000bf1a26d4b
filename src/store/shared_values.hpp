#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/parallel/communicator.hpp"

/// \file
/// Values that every rank gives whole. HDF5 wants the same from all ranks wherever it touches its own structures, so
/// all take those of rank 0. Collective; as many values on every rank.

namespace titrant::store {

template <class Value>
std::vector<Value> values_of_root(const parallel::Communicator& ranks, std::span<const Value> values) {
  static_assert(std::is_trivially_copyable_v<Value>);
  TITRANT_EXPECTS(ranks.minimum(values.size()) == ranks.maximum(values.size()));
  std::vector<Value> result(values.begin(), values.end());
  if (ranks.size() == 1 || values.empty()) return result;
  std::string bytes(values.size_bytes(), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  bytes = ranks.broadcast(bytes);
  std::memcpy(result.data(), bytes.data(), bytes.size());
  return result;
}

/// Texts in cells of one width, padded with zero bytes.
struct Cells {
  std::size_t width = 1;
  std::string bytes;
};
Cells cells_of_root(const parallel::Communicator& ranks, std::span<const std::string> texts);

/// Whether the blocks of all ranks cover 0 .. extent - 1 exactly once; the same answer on all ranks.
bool blocks_cover(const parallel::Communicator& ranks, std::size_t begin, std::size_t count, std::size_t extent);

}  // namespace titrant::store
