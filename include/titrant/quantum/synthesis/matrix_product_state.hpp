#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// The largest rank over all cuts of a vector [2^n] into first and last qubits, with singular values below `tolerance`
/// taken as 0: the bond dimension of its matrix product state. A sum of k exponentials sampled at even times has at
/// most k.
std::size_t bond_dimension(std::span<const double> amplitudes, double tolerance = 1e-9);

/// Replaces a vector [2^n] of norm 1 by the matrix product state of bond dimension 2 that cutting singular values one
/// bond after the other gives, of norm 1 again, and returns |<cut | wanted>|^2. What prepare_matrix_product_state then
/// prepares is exactly this.
double cut_bonds(std::span<double> amplitudes);

/// A vector as a staircase of n - 1 gates on neighbouring qubits (Schon et al. 2005, Phys. Rev. Lett. 95, 110503).
struct MatrixProductPreparation {
  std::vector<Operation> operations;  ///< `u` and at most two `cx` for each gate
  double fidelity = 1.0;              ///< |<prepared | wanted>|^2; 1 where the bond dimension is at most 2
};

/// Prepares the best matrix product state of bond dimension 2 that cutting singular values one bond after the other
/// gives. The first qubit is the most significant. Throws ConfigError unless the norm is 1 within 1e-9.
MatrixProductPreparation prepare_matrix_product_state(std::span<const double> amplitudes,
                                                      std::span<const std::size_t> qubits);

}  // namespace titrant::quantum
