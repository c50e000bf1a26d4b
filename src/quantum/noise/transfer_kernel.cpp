#include "transfer_kernel.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/quantum/isa.hpp"

#if defined(__x86_64__)
#define TITRANT_TARGET(set) __attribute__((target(set)))
#endif

namespace titrant::quantum {

namespace {

/// So many values of the untouched digits side by side.
constexpr std::size_t row_width = 16;
using Row = std::array<double, row_width>;

/// out <- matrix in, rows a multiple of 4. Four rows and `vectors` vectors of `lanes` numbers at once: few enough for
/// the registers, enough to fill the time that an addition takes.
template <std::size_t lanes, std::size_t vectors>
[[gnu::always_inline]] inline void multiply(std::size_t rows, const double* matrix, const Row* in, Row* out) {
  using Vector [[gnu::vector_size(lanes * sizeof(double))]] = double;
  for (std::size_t first = 0; first < row_width; first += lanes * vectors) {
    for (std::size_t row = 0; row < rows; row += 4) {
      Vector sum[4][vectors] = {};
      for (std::size_t column = 0; column < rows; ++column) {
        for (std::size_t v = 0; v < vectors; ++v) {
          Vector x;
          std::memcpy(&x, in[column].data() + first + v * lanes, sizeof(x));
          for (std::size_t r = 0; r < 4; ++r) sum[r][v] += matrix[(row + r) * rows + column] * x;
        }
      }
      for (std::size_t r = 0; r < 4; ++r) {
        for (std::size_t v = 0; v < vectors; ++v)
          std::memcpy(out[row + r].data() + first + v * lanes, &sum[r][v], sizeof(Vector));
      }
    }
  }
}

using Multiply = void (*)(std::size_t, const double*, const Row*, Row*);

void multiply_baseline(std::size_t rows, const double* matrix, const Row* in, Row* out) {
  multiply<2, 2>(rows, matrix, in, out);
}

#if defined(__x86_64__)
TITRANT_TARGET("avx2") void multiply_v3(std::size_t rows, const double* matrix, const Row* in, Row* out) {
  multiply<4, 2>(rows, matrix, in, out);
}

TITRANT_TARGET("avx512f") void multiply_v4(std::size_t rows, const double* matrix, const Row* in, Row* out) {
  multiply<8, 2>(rows, matrix, in, out);
}
#endif

Multiply selected_multiply() {
#if defined(__x86_64__)
  if (selected_instruction_set() == InstructionSet::v4) return multiply_v4;
  if (selected_instruction_set() == InstructionSet::v3) return multiply_v3;
#endif
  return multiply_baseline;
}

/// Where each value of the touched digits lies from the one that is all zeros.
std::vector<std::size_t> offsets(std::span<const std::size_t> strides) {
  std::vector<std::size_t> result = {0};
  for (const std::size_t stride : strides) {
    std::vector<std::size_t> longer;
    longer.reserve(4 * result.size());
    for (const std::size_t offset : result) {
      for (std::size_t digit = 0; digit < 4; ++digit) longer.push_back(offset + digit * stride);
    }
    result = std::move(longer);
  }
  return result;
}

/// A number of the untouched digits with zeros put in at the touched ones (strides ascending).
std::size_t spread(std::size_t number, std::span<const std::size_t> ascending) {
  for (const std::size_t stride : ascending) number = ((number & ~(stride - 1)) << 2U) | (number & (stride - 1));
  return number;
}

}  // namespace

void apply_transfer_matrix(std::span<const double> matrix, std::span<const std::size_t> strides,
                           std::span<double> state) {
  const std::vector<std::size_t> offset = offsets(strides);
  const std::size_t rows = offset.size();
  TITRANT_EXPECTS(rows >= 4 && matrix.size() == rows * rows && state.size() >= rows);
  std::vector<std::size_t> ascending(strides.begin(), strides.end());
  std::sort(ascending.begin(), ascending.end());
  const Multiply product = selected_multiply();
  const std::size_t groups = state.size() / rows;
  const bool side_by_side = ascending.front() >= row_width;  // then the lanes are neighbours in memory

  std::vector<Row> in(rows, Row{});
  std::vector<Row> out(rows);
  std::array<std::size_t, row_width> base{};
  for (std::size_t first = 0; first < groups; first += row_width) {
    const std::size_t count = std::min(row_width, groups - first);
    for (std::size_t lane = 0; lane < count; ++lane) base[lane] = spread(first + lane, ascending);
    for (std::size_t row = 0; row < rows; ++row) {
      const double* from = state.data() + offset[row];
      if (side_by_side) {
        std::copy_n(from + base[0], row_width, in[row].begin());
      } else {
        for (std::size_t lane = 0; lane < count; ++lane) in[row][lane] = from[base[lane]];
      }
    }
    product(rows, matrix.data(), in.data(), out.data());
    for (std::size_t row = 0; row < rows; ++row) {
      double* to = state.data() + offset[row];
      if (side_by_side) {
        std::copy_n(out[row].begin(), row_width, to + base[0]);
      } else {
        for (std::size_t lane = 0; lane < count; ++lane) to[base[lane]] = out[row][lane];
      }
    }
  }
}

}  // namespace titrant::quantum
