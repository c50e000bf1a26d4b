#pragma once

#include <complex>
#include <cstddef>
#include <span>

namespace titrant::quantum {

/// amplitudes <- (matrix on some qubits) amplitudes, for every value of the other qubits.
///
/// \param numbers  the matrix row by row, 2, 4 or 8 rows
/// \param offset   [value of the qubits] where amplitudes of that value lie from the one with all of them 0
/// \param fixed    bits of an amplitude's number that are 0 while groups are counted: the qubits' and those of controls
///
/// Compiled for each instruction set and chosen by selected_instruction_set. An amplitude is a sum of products in the
/// order of columns, each rounded by itself, so it has the same bits on all.
void multiply_amplitudes(std::span<const std::complex<double>> numbers, std::span<const std::size_t> offset,
                         std::size_t fixed, std::span<std::complex<double>> amplitudes);

}  // namespace titrant::quantum
