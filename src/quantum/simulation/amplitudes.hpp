#pragma once

#include <complex>
#include <cstddef>
#include <span>

#include "titrant/quantum/gates.hpp"

/// \file
/// Small matrices on the 2^n amplitudes of a vector, in place. A mask is the bit of an amplitude's number that a qubit
/// is. Compiled for one instruction set and without fused operations, so results have the same bits everywhere.

namespace titrant::quantum {

/// A matrix of 2^k rows, k = 0 .. 3, on the qubits of these masks, the first most significant. Zeros and ones of the
/// matrix are made use of: diagonal and controlled gates touch only what they change, and a matrix with one number in
/// each row costs one product for each.
void apply_matrix(std::span<std::complex<double>> amplitudes, const Matrix& matrix, std::span<const std::size_t> masks);

/// sum |a|^2 over the amplitudes whose number has (value) or has not the bit of this mask.
double weight_of(std::span<const std::complex<double>> amplitudes, std::size_t mask, bool value);

}  // namespace titrant::quantum
