#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

/// The 2^n amplitudes of a register.
///
/// Qubit 0 is the most significant bit of an amplitude's number: of two qubits, amplitude 1 is |q0 q1> = |01>.
///
///     StateVector state(2);
///     state.apply(gate_matrix(GateKind::h, {}), {{0}});
///     state.apply(gate_matrix(GateKind::cx, {}), {{0, 1}});
///     state.probability(1, true);  // 0.5
class StateVector {
 public:
  /// |0...0>. Throws ConfigError beyond 26 qubits (1 GiB).
  explicit StateVector(std::size_t qubits);

  std::size_t qubits() const { return qubits_; }
  const std::vector<std::complex<double>>& amplitudes() const { return amplitudes_; }

  /// Puts `qubits` (the first most significant), which must be in |0> still, into real amplitudes of length 2^k.
  void prepare(std::span<const std::size_t> qubits, std::span<const double> amplitudes);

  /// Applies a matrix of 2^k rows to k = 1, 2 or 3 distinct qubits, the first most significant.
  void apply(const Matrix& matrix, std::span<const std::size_t> qubits);

  double probability(std::size_t qubit, bool outcome) const;

  /// Projects on an outcome of a measurement and normalises. Throws NumericalError where it cannot occur.
  void collapse(std::size_t qubit, bool outcome);

 private:
  std::size_t mask(std::size_t qubit) const { return std::size_t{1} << (qubits_ - 1 - qubit); }
  /// By how much amplitude numbers differ for each value of `qubits`: [2^k].
  std::vector<std::size_t> offsets(std::span<const std::size_t> qubits) const;

  std::size_t qubits_;
  std::vector<std::complex<double>> amplitudes_;
};

}  // namespace titrant::quantum
