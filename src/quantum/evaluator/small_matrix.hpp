#pragma once

#include <Eigen/Core>
#include <complex>
#include <cstddef>
#include <span>

#include "deferred.hpp"

namespace titrant::quantum {

using Complex = std::complex<double>;

/// 2 x 2 or 4 x 4, without heap, row by row, so that data() is (re, im) pairs in the order in which kernels read them.
using SmallMatrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor, 4, 4>;

/// cos(angle / 2) and sin(angle / 2).
struct HalfAngle {
  double cosine = 1.0;
  double sine = 0.0;

  static HalfAngle of(double angle);
  static HalfAngle half_turn() { return {0.0, 1.0}; }  ///< of pi, exactly
};

/// The 2 x 2 or 4 x 4 matrix of a gate's kind, controls left aside. Agrees with gate_matrix.
SmallMatrix base_matrix(GateKind kind, HalfAngle half);

/// Hermitian G of a gate with an angle, where d gate / d angle = -i G gate; controls left aside.
SmallMatrix base_generator(GateKind kind);

SmallMatrix identity(std::size_t qubits);

/// a b and a^+ b of square matrices of one size.
SmallMatrix product(const SmallMatrix& a, const SmallMatrix& b);
SmallMatrix adjoint_product(const SmallMatrix& a, const SmallMatrix& b);

/// matrix <- gate matrix, where the rows of `matrix` are the values of the gate's places (place 0 most significant).
/// `base` is the gate without its controls; rows where a control does not hold are kept.
void multiply_left(SmallMatrix& matrix, const SmallMatrix& base, const ControlledGate& gate);

/// matrix <- (generator of the gate on all places) matrix: rows where a control does not hold become 0.
void generate_left(SmallMatrix& matrix, const ControlledGate& gate);

/// The angle of a gate, where trained parameters have these half-angles.
HalfAngle half_angle(const ControlledGate& gate, std::span<const HalfAngle> parameters);

}  // namespace titrant::quantum
