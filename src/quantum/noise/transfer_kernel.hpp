#pragma once

#include <cstddef>
#include <span>

namespace titrant::quantum {

/// state <- R state, R a real matrix of 4^k rows (row by row) on the digits of these strides (4^digits after each;
/// the first is the most significant of a row number), for all values of the others. `state` has 4^n numbers.
///
/// Compiled for each instruction set and chosen by selected_instruction_set; each number is a sum of products in the
/// order of columns, each rounded by itself, so it has the same bits on all.
void apply_transfer_matrix(std::span<const double> matrix, std::span<const std::size_t> strides,
                           std::span<double> state);

}  // namespace titrant::quantum
