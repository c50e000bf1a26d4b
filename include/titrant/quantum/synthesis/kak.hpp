#pragma once

#include <complex>
#include <cstddef>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

/// The Cartan decomposition of a gate on two qubits (Kraus and Cirac 2001, Phys. Rev. A 63, 062309):
///
///     U = phase (after_first x after_second) exp(-i/2 (x XX + y YY + z ZZ)) (before_first x before_second)
///
/// in the Weyl chamber pi/2 >= x >= y >= |z|, and z >= 0 where x = pi/2: two gates that differ by gates on one qubit
/// have the same x, y, z.
struct Kak {
  Matrix before_first, before_second;  ///< 2 x 2
  Matrix after_first, after_second;
  double x = 0.0, y = 0.0, z = 0.0;  ///< rad
  std::complex<double> phase = 1.0;
};

/// Of a 4 x 4 unitary. Throws ConfigError where it is not unitary within 1e-9.
Kak kak(const Matrix& unitary);

/// How many CX a gate needs at least: 0 .. 3 (Shende, Markov and Bullock 2004, Phys. Rev. A 69, 062321).
std::size_t entangling_cost(const Kak& decomposition);

/// How many rzz a gate needs at most: 0 .. 3, one for each coordinate that is not 0.
std::size_t rotation_cost(const Kak& decomposition);

/// The gate as `u` and `rzz` of angles in 0 .. pi/2 (those that devices calibrate), as many as its rotation_cost, up to
/// a global phase. `first` is the most significant qubit.
std::vector<Operation> synthesise_by_rzz(const Matrix& unitary, std::size_t first, std::size_t second);

/// The gate as `u` and the least number of `cx`, up to a global phase. `first` is the most significant qubit.
std::vector<Operation> synthesise(const Matrix& unitary, std::size_t first, std::size_t second);

/// A gate on one qubit as one `u`, up to a global phase; nothing for the identity.
std::vector<Operation> synthesise(const Matrix& unitary, std::size_t qubit);

/// theta, phi, lambda with unitary = phase u(theta, phi, lambda).
struct EulerAngles {
  double theta = 0.0, phi = 0.0, lambda = 0.0;
};
EulerAngles euler_angles(const Matrix& unitary);

}  // namespace titrant::quantum
