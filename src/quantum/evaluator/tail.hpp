#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
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

/// Several observables of dimension up to 16 for Kernels::contract_outputs: [block of
/// observables][coefficient][observable], with zeros up to a whole number of blocks.
struct Observables {
  Observables(std::size_t of_qubits, std::size_t observables);

  /// The first coefficient of an observable.
  double* place(std::size_t observable);

  std::size_t qubits;
  std::size_t outputs;
  AlignedVector coefficients;
};

/// "The result bit is 1" pulled back through the tail of a program in one sector: E = Z Z^+, where Z has a column for
/// each basis state with result 1, run backwards. Columns follow each other in memory; what differs from lane to lane
/// is the angle that is changed.
class Tail {
 public:
  Tail(const Binding& binding, const Kernels& kernels);

  Coefficients observable(std::uint32_t sector);

  /// The observable's derivative with respect to the angles of the tail, those of occurrences with the same output
  /// added up, for each of these outputs. output: [occurrence].
  Observables derivatives(const Changes& all, const std::vector<std::size_t>& output,
                          const std::vector<std::size_t>& outputs, std::uint32_t sector);

  /// The observable with one angle of the tail increased by pi, for each of `half_turn_outputs`.
  Observables half_turns(const Changes& all, std::uint32_t sector);

  /// The occurrences of the tail's angles, step by step from the last, each step's up to a whole number of blocks with
  /// no_occurrence.
  std::vector<std::size_t> half_turn_outputs() const;

  /// B^+ E B on a window for each B, a matrix on the qubits of its block.
  Observables followed(const Window& window, const Window::Class& groups, std::span<const SmallMatrix> matrices,
                       std::uint32_t sector);

 private:
  /// columns_ <- Z before all steps of the tail.
  void pull_back(std::uint32_t sector);
  void start();
  /// columns <- step^+ columns.
  void back(const BlockStep& step, std::uint32_t sector, double* columns) const;
  /// matrices_ <- the adjoints of those from `first` on, in lanes; zeros in lanes left over.
  void load_adjoints(std::span<const SmallMatrix> matrices, std::size_t first);
  /// C C^+ for the columns C of states of as many qubits, as the observables from `first` on in the lanes.
  void square(const double* columns, std::size_t first, Observables& to) const;

  const Binding& binding_;
  const Program& program_;
  const Kernels& kernels_;
  std::size_t dimension_;
  AlignedVector columns_;   ///< Z: [column][row][re, im][lane], the same in all lanes
  AlignedVector changed_;   ///< like columns_, several times where outputs are more than lanes
  AlignedVector matrices_;  ///< [D * D][re, im][lane]
};

/// The observable as a matrix for Kernels::observe.
std::vector<double> matrix_of(const Coefficients& coefficients, std::size_t dimension);

}  // namespace titrant::quantum
