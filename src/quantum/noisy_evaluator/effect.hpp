#pragma once

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace titrant::quantum {

/// A matrix of one block, and how it changes along some tangents (a derivative, a shifted angle).
struct BlockMatrices {
  Eigen::MatrixXd matrix;                                       ///< [4^k][4^k] on Pauli coefficients
  std::vector<std::pair<std::size_t, Eigen::MatrixXd>> change;  ///< (tangent, change of the matrix)
};

/// A measured effect as coefficients of Pauli products, E = sum_P e_P P, and its changes along tangents, pulled back
/// through a circuit block by block. Only Paulis that occur are kept: each qubit has the list of those that it may
/// show, so that a qubit outside of the result's past has none but I, and one that is a classical bit I and Z.
class Effect {
 public:
  /// |1><1| on one of so many qubits; no changes.
  Effect(std::size_t qubits, std::size_t result, std::size_t tangents);

  /// E <- E after this block. Throws ConfigError where the effect becomes too large for memory.
  void pull_back(const BlockMatrices& block, std::span<const std::size_t> qubits);

  /// Paulis (0 .. 3 for I, X, Y, Z) that a qubit may show.
  const std::vector<std::size_t>& paulis(std::size_t qubit) const { return paulis_[qubit]; }

  /// The real parts of the effect and of its changes ([0]: the effect; [k + 1]: its change along k) on these qubits,
  /// the first most significant, with all others at the Paulis given: [2^n][2^n], symmetric. Zero where there is no
  /// such part.
  std::vector<Eigen::MatrixXd> real_parts(std::span<const std::size_t> qubits,
                                          std::span<const std::size_t> paulis_of_others) const;

 private:
  struct Places {
    std::vector<std::size_t> place;  ///< [number of digits I, X, Y, Z]
    std::vector<double> sign;        ///< 0 where there is nothing real
  };
  Places places_of(std::span<const std::size_t> qubits, std::span<const std::size_t> paulis_of_others) const;
  std::size_t size() const;
  void bring_to_front(std::span<const std::size_t> qubits);

  std::vector<std::vector<std::size_t>> paulis_;  ///< [qubit]
  std::vector<std::size_t> order_;                ///< qubits as the axes of a value's number, the first slowest
  std::vector<std::vector<double>> values_;       ///< [0: effect, 1 + tangent][number]; empty: zero
  std::vector<double> spare_;                     ///< memory that is written next
};

}  // namespace titrant::quantum
