#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <optional>
#include <vector>

#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

/// A quantum channel as Kraus operators: rho -> sum_k K_k rho K_k^+, with sum_k K_k^+ K_k = 1 (Nielsen & Chuang,
/// section 8.2.3). Each K has 2^qubits rows; the first qubit is the most significant.
struct Channel {
  std::size_t qubits = 1;
  std::vector<Matrix> kraus;
};

/// Throws ConfigError unless the operators have the right size and sum_k K_k^+ K_k = 1 within 1e-9.
void check_channel(const Channel& channel);

/// rho -> (1 - p) rho + p I / 2^qubits. p in [0, 4^q / (4^q - 1)], where it is completely positive. Throws ConfigError.
Channel depolarising(double probability, std::size_t qubits);

/// Decay of |1> to |0> with probability gamma in [0, 1] (Nielsen & Chuang, eq. 8.108).
Channel amplitude_damping(double gamma);

/// Coherences shrink by sqrt(1 - lambda), lambda in [0, 1] (Nielsen & Chuang, eq. 8.127).
Channel phase_damping(double lambda);

/// Decay to |0> with exp(-duration / t1) and of coherences with exp(-duration / t2), all in one unit of time; t1 and t2
/// may be infinite. Throws ConfigError for t2 > 2 t1, a non-positive time or a negative duration.
Channel thermal_relaxation(double t1, double t2, double duration);

/// `first`, then `then`, on the same qubits.
Channel compose(const Channel& first, const Channel& then);

/// Two channels side by side; the qubits of `first_qubits` are the most significant.
Channel tensor(const Channel& first_qubits, const Channel& last_qubits);

/// The fidelity with the identity averaged over pure states: (d F_e + 1) / (d + 1), F_e the entanglement fidelity
/// (Nielsen 2002, Phys. Lett. A 303, 249). The average gate error of calibrations is 1 minus this.
double average_gate_fidelity(const Channel& channel);

/// The Pauli transfer matrix R_ij = Tr(P_i E(P_j)) / 2^k, [4^k][4^k], real; Paulis in the order I, X, Y, Z with the
/// first qubit most significant (Chow et al. 2012, Phys. Rev. Lett. 109, 060501).
Eigen::MatrixXd pauli_transfer(const Channel& channel);
Eigen::MatrixXd pauli_transfer(const Matrix& unitary);

/// A channel that applies one of several unitaries at random.
struct UnitaryMixture {
  std::vector<double> probability;  ///< > 0, sums to 1
  std::vector<Matrix> unitary;
};

/// The mixture that a channel is, where each Kraus operator is a multiple of a unitary (Pauli noise): then the choice
/// needs no look at the state.
std::optional<UnitaryMixture> as_unitary_mixture(const Channel& channel);

}  // namespace titrant::quantum
