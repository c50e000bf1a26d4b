#include "titrant/store/chunk.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "titrant/core/error.hpp"

namespace titrant::store {

namespace {

constexpr std::size_t most_chunk_bytes = std::size_t{512} * 1024;

}  // namespace

std::vector<std::size_t> chunk_shape(const std::vector<std::size_t>& shape, std::size_t element_bytes) {
  TITRANT_EXPECTS(!shape.empty() && std::find(shape.begin(), shape.end(), std::size_t{0}) == shape.end());
  std::vector<std::size_t> chunk = shape;
  const auto bytes = [&] { return std::accumulate(chunk.begin(), chunk.end(), element_bytes, std::multiplies<>()); };
  while (bytes() > most_chunk_bytes) {
    const auto longest = std::max_element(chunk.begin(), chunk.end());
    if (*longest == 1) break;
    *longest = (*longest + 1) / 2;
  }
  return chunk;
}

std::vector<RowSlice> row_slices(RowSlice rows, std::size_t limit_rows, std::size_t chunk_rows) {
  TITRANT_EXPECTS(limit_rows > 0 && chunk_rows > 0);
  const std::size_t end = rows.begin + rows.count;
  std::vector<RowSlice> slices;
  for (std::size_t begin = rows.begin; begin < end;) {
    std::size_t next = std::min(begin + limit_rows, end);
    const std::size_t chunk_boundary = next / chunk_rows * chunk_rows;
    if (next < end && chunk_boundary > begin) next = chunk_boundary;
    slices.push_back({begin, next - begin});
    begin = next;
  }
  return slices;
}

}  // namespace titrant::store
