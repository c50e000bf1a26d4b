#pragma once

#include <Eigen/Core>
#include <array>
#include <complex>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

/// Of 8 x 8 at most, without heap.
using LocalMatrix = Eigen::Matrix<std::complex<double>, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, 8, 8>;
/// A Matrix or a LocalMatrix.
using MatrixView = Eigen::Ref<const Matrix>;

/// A matrix of 2^k rows, k = 0 .. 3, made ready to be applied to many states; it need not be unitary.
///
/// Its zeros and ones are made use of: controlled gates touch only what they change, and a matrix with one number in
/// each row (diagonals, permutations and their products) costs one product for each amplitude.
///
/// No fused operations, and one order of all sums: results have the same bits on every instruction set.
class LocalOperator {
 public:
  using Complex = std::complex<double>;

  explicit LocalOperator(const MatrixView& matrix);

  /// On the qubits of these masks, the first most significant; a mask is the bit of an amplitude's number that a qubit
  /// is.
  void apply(std::span<Complex> amplitudes, std::span<const std::size_t> masks) const;

  /// What is left for the other qubits where one is |0> or |1>, and is so afterwards.
  struct Reduced;
  /// Null where the qubit at this place is in superposition afterwards. Found when first asked for: so an operator must
  /// not be used by two threads at once.
  const Reduced* given(std::size_t place, bool value) const;

 private:
  enum class Kind {
    scalar,
    controlled,  ///< the identity, unless all qubits but the last are 1
    monomial,    ///< one number in a row
    general
  };

  Complex number(std::size_t row, std::size_t column) const { return numbers_[row * size_ + column]; }
  std::size_t leading_controls() const;
  bool has_single_numbers();
  std::shared_ptr<const Reduced> reduced(std::size_t place, bool value) const;

  std::size_t qubits_ = 0;
  std::size_t size_ = 1;
  std::vector<Complex> numbers_;  ///< row by row
  Kind kind_ = Kind::scalar;
  std::size_t controls_ = 0;             ///< how many of the first qubits only control
  std::array<std::size_t, 8> column_{};  ///< [row] of its last number that is not 0

  /// [2 place + value]; none: not asked for yet
  mutable std::array<std::optional<std::shared_ptr<const Reduced>>, 6> given_;
};

struct LocalOperator::Reduced {
  LocalOperator others;
  bool value = false;  ///< of the qubit, afterwards
};

}  // namespace titrant::quantum
