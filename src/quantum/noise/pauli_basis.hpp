#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace titrant::quantum {

/// Element (row, column) of an operator in the order of Paulis: a digit of 4 per qubit, 2 row bit + column bit, the
/// first qubit most significant.
class DigitOrder {
 public:
  explicit DigitOrder(std::size_t qubits);
  std::size_t operator()(std::size_t row, std::size_t column) const { return 2 * spread_[row] + spread_[column]; }

 private:
  std::vector<std::size_t> spread_;  ///< bit j of a number at bit 2 j
};

/// In each group of four that differ in the digit of this stride (4^digits after it): the elements 00, 01, 10, 11 of an
/// operator on one qubit to its traces with I, X, Y, Z, where y = i. For a linear functional of operators, given by its
/// values on the elements, y = -i makes its values on I, X, Y, Z.
void elements_to_paulis(std::span<std::complex<double>> values, std::size_t stride, std::complex<double> y);

/// The inverse of elements_to_paulis with y = i.
void paulis_to_elements(std::span<std::complex<double>> values, std::size_t stride);

}  // namespace titrant::quantum
