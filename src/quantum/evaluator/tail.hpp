#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "changes.hpp"
#include "examples.hpp"
#include "kernels.hpp"

namespace titrant::quantum {

/// A Hermitian observable E of dimension D <= 8 as what its expectation is linear in. With psi the amplitudes,
///
///     <E> = sum_i E_ii |psi_i|^2 + sum_{i<j} (2 Re E_ij) c_ij + (-2 Im E_ij) d_ij,
///     c_ij + i d_ij = conj(psi_i) psi_j.
///
/// The first D * D coefficients (and moments) are used: all |psi_i|^2, then for i = 0, 1, ... and j > i: c_ij, d_ij.
using Coefficients = std::array<double, 64>;

/// An observable that belongs to an output: an occurrence, or all occurrences of a parameter.
struct TailChange {
  std::size_t output = 0;
  Coefficients coefficients{};
};

/// "The result bit is 1" pulled back through the tail of a program in one sector: E = Z Z^+, where Z has a column for
/// each basis state with result 1, run backwards. The columns go side by side in the lanes of the kernels.
class Tail {
 public:
  Tail(const Binding& binding, const Kernels& kernels);

  Coefficients observable(std::uint32_t sector);

  /// The observable's derivative with respect to each angle of the tail; those of occurrences with the same output
  /// ([occurrence]) are added up.
  std::vector<TailChange> derivatives(const Changes& generators, const std::vector<std::size_t>& output,
                                      std::uint32_t sector);

  /// The observable with one angle of the tail increased by pi, for each occurrence that the sector applies.
  std::vector<TailChange> half_turns(const Changes& half_turns, std::uint32_t sector);

 private:
  void start();
  /// columns <- step^+ columns.
  void back(const BlockStep& step, std::uint32_t sector, double* columns) const;
  /// A kernel of the step's block on all columns.
  void run(const std::array<Kernels::Apply, 2>& kernel, const BlockStep& step, const SmallMatrix& matrix,
           const double* in, double* out) const;
  /// Of Z Z^+.
  Coefficients moments(const double* columns);
  /// Of d(Z Z^+) where dZ = i `changed`.
  Coefficients changed_moments(const double* changed);
  /// Adds up moments_ over columns, times `diagonal` or for j > i `re` and `im`.
  void add_columns(double diagonal, double re, double im, Coefficients& sum) const;

  const Binding& binding_;
  const Program& program_;
  const Kernels& kernels_;
  std::size_t dimension_;
  std::size_t chunk_;      ///< doubles for as many columns as there are lanes
  Addresses all_;          ///< the whole state as one group
  AlignedVector columns_;  ///< Z as [chunk of columns][row][re, im][lane]
  AlignedVector moments_;  ///< [D * D][lane]
  AlignedVector changed_;  ///< like columns_, for each output in the tail
};

/// The observable as a matrix for Kernels::observe.
std::vector<double> matrix_of(const Coefficients& coefficients, std::size_t dimension);

}  // namespace titrant::quantum
