#pragma once

#include <cstddef>
#include <vector>

namespace titrant::store {

/// How a dataset is cut into chunks: the longest axis is halved (rounding up) until a chunk holds at most 512 KiB. It
/// depends on the shape alone, never on the number of ranks. All extents must be positive.
std::vector<std::size_t> chunk_shape(const std::vector<std::size_t>& shape, std::size_t element_bytes);

/// Rows written in one call.
struct RowSlice {
  std::size_t begin = 0;
  std::size_t count = 0;
};

/// Cuts rows begin .. begin + count - 1 into slices of at most `limit_rows`, at multiples of `chunk_rows` where the
/// limit leaves room for one, so that no two slices touch the same chunk. `limit_rows` and `chunk_rows` must be
/// positive.
std::vector<RowSlice> row_slices(RowSlice rows, std::size_t limit_rows, std::size_t chunk_rows);

}  // namespace titrant::store
