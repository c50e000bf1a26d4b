#pragma once

#include <Eigen/Core>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/input.hpp"
#include "titrant/quantum/noise/channel.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {

/// The density matrix of a register, exactly; for as many as 12 qubits (128 MiB).
///
/// It is held as the 4^n real numbers c_P = Tr(P rho), P the products of the Paulis I, X, Y, Z with qubit 0 most
/// significant, so that rho = 2^-n sum_P c_P P and a gate with all of its noise is one real matrix (pauli_transfer).
/// The trace need not be 1: after a projection it is the probability of what was measured.
///
///     DensityMatrix rho(2);
///     rho.apply(gate_matrix(GateKind::h, {}), std::vector<std::size_t>{0});
///     rho.apply(amplitude_damping(0.1), std::vector<std::size_t>{0});
///     rho.probability(0, true);  // 0.45
///
/// Qubits of one call are distinct and exist: the caller's duty.
class DensityMatrix {
 public:
  static constexpr std::size_t max_qubits = 12;

  /// |0...0>. Throws ConfigError beyond max_qubits.
  explicit DensityMatrix(std::size_t qubits);
  /// |psi><psi| of 2^n amplitudes. Throws ConfigError beyond max_qubits.
  explicit DensityMatrix(std::span<const std::complex<double>> amplitudes);

  std::size_t qubits() const { return qubits_; }
  const std::vector<double>& coefficients() const { return coefficients_; }  ///< c_P: [4^n]
  Matrix matrix() const;                                                     ///< rho itself: [2^n][2^n]

  /// U rho U^+, of 2^k rows, on k qubits, the first most significant.
  void apply(const Matrix& unitary, std::span<const std::size_t> qubits);
  void apply(const Channel& channel, std::span<const std::size_t> qubits);
  /// Any linear map as its Pauli transfer matrix, [4^k][4^k].
  void apply_transfer(const Eigen::MatrixXd& transfer, std::span<const std::size_t> qubits);

  double trace() const { return coefficients_[0]; }
  /// Tr(|outcome><outcome| rho).
  double probability(std::size_t qubit, bool outcome) const;
  /// |outcome><outcome| rho |outcome><outcome|, not normalised.
  void project(std::size_t qubit, bool outcome);
  /// sum_m weight_m |m><m| rho |m><m|: a measurement with a record that has these probabilities given |0> and |1>.
  void measure(std::size_t qubit, double zero, double one);

  /// A new qubit in |0>, as number 0; the others move up by one.
  void prepend_qubit();
  /// zero <0| rho |0> + one <1| rho |1> of this qubit: what is left when it is traced out or, with the probabilities of
  /// a record given either state, measured and forgotten. Qubits after it move down by one.
  DensityMatrix without(std::size_t qubit, double zero = 1.0, double one = 1.0) const;
  /// Adds a matrix of as many qubits.
  DensityMatrix& operator+=(const DensityMatrix& other);

 private:
  std::size_t stride(std::size_t qubit) const { return std::size_t{1} << (2 * (qubits_ - 1 - qubit)); }

  std::size_t qubits_;
  std::vector<double> coefficients_;
};

/// The exact distribution of the classical bits of a circuit under noise, in ascending order of `bits`, without
/// impossible outcomes (as `distribution`).
///
/// Bits are those recorded, which readout errors may have turned: conditions act on them, wrong as they are. The qubit
/// itself is projected on its true outcome. Noise of a gate happens where the gate does.
///
/// Qubits are held from their first gate to the last that any bit depends on, and each value of the bits that
/// conditions or the result ask for has a matrix of its own. Throws ConfigError where these need more than 256 MiB
/// (12 qubits at a time, with one bit between), for more than 64 bits, a wrong input, and what `NoiseModel::after`
/// refuses, wherever in the circuit it is.
std::vector<Outcome> noisy_distribution(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                                        const NoiseModel& noise);

}  // namespace titrant::quantum
