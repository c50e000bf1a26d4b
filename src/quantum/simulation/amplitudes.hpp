#pragma once

#include <complex>
#include <cstddef>
#include <span>

#include "titrant/quantum/gates.hpp"

/// \file
/// The 2^n amplitudes of a vector. A mask is the bit of an amplitude's number that a qubit is.

namespace titrant::quantum {

/// Calls work(index) for every number below `size` whose bits of `fixed` are zero.
template <class Work>
void for_each_without(std::size_t size, std::size_t fixed, Work work) {
  // Numbers that agree from the lowest fixed bit upwards stand side by side.
  const std::size_t run = fixed & (~fixed + 1);
  for (std::size_t base = 0; base < size; base = ((base | fixed | (run - 1)) + 1) & ~fixed) {
    for (std::size_t k = base; k < base + run; ++k) work(k);
  }
}

/// A LocalOperator that is applied once.
void apply_matrix(std::span<std::complex<double>> amplitudes, const Matrix& matrix, std::span<const std::size_t> masks);

/// sum |a|^2 over the amplitudes whose number has (value) or has not the bit of this mask.
double weight_of(std::span<const std::complex<double>> amplitudes, std::size_t mask, bool value);

}  // namespace titrant::quantum
