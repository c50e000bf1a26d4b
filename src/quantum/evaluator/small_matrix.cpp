#include "small_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

using namespace std::complex_literals;
constexpr double half_root = 1.0 / std::numbers::sqrt2;

SmallMatrix small(Complex a, Complex b, Complex c, Complex d) {
  SmallMatrix m(2, 2);
  m(0, 0) = a;
  m(0, 1) = b;
  m(1, 0) = c;
  m(1, 1) = d;
  return m;
}

/// cosine I + factor sine P for a two-qubit Pauli product P = diag or antidiag(outer, inner, inner, outer).
SmallMatrix pauli_pair(double cosine, Complex outer, Complex inner, bool antidiagonal) {
  SmallMatrix m = SmallMatrix::Zero(4, 4);
  for (Eigen::Index k = 0; k < 4; ++k) {
    m(k, k) = cosine;
    m(k, antidiagonal ? 3 - k : k) += k == 0 || k == 3 ? outer : inner;
  }
  return m;
}

SmallMatrix small_swap() {
  SmallMatrix m = SmallMatrix::Zero(4, 4);
  m(0, 0) = m(1, 2) = m(2, 1) = m(3, 3) = 1.0;
  return m;
}

SmallMatrix small_ecr() {
  SmallMatrix m = SmallMatrix::Zero(4, 4);
  m(0, 2) = m(1, 3) = m(2, 0) = m(3, 1) = half_root;
  m(0, 3) = m(1, 2) = 1i * half_root;
  m(2, 1) = m(3, 0) = -1i * half_root;
  return m;
}

/// A gate on two places has at most one control, the place that is not its target.
bool controls_hold(const ControlledGate& gate, Eigen::Index row) {
  return std::all_of(gate.controls.begin(), gate.controls.end(), [row](const Control& control) {
    return ((row & (control.qubit == 0 ? 2 : 1)) != 0) == control.value;
  });
}

template <int size>
using Fixed = Eigen::Matrix<Complex, size, size, Eigen::RowMajor>;

/// The same numbers with a size that the compiler knows.
template <int size>
Eigen::Map<Fixed<size>> fixed(SmallMatrix& matrix) {
  return Eigen::Map<Fixed<size>>(matrix.data());
}
template <int size>
Eigen::Map<const Fixed<size>> fixed(const SmallMatrix& matrix) {
  return Eigen::Map<const Fixed<size>>(matrix.data());
}

void multiply_one_place(Eigen::Map<Fixed<4>> matrix, const Eigen::Map<const Fixed<2>>& base,
                        const ControlledGate& gate) {
  const Eigen::Index distance = gate.targets[0] == 0 ? 2 : 1;
  for (Eigen::Index row = 0; row < 4; ++row) {
    if ((row & distance) != 0 || !controls_hold(gate, row)) continue;
    const Eigen::Matrix<Complex, 1, 4> zero = matrix.row(row);
    const Eigen::Matrix<Complex, 1, 4> one = matrix.row(row + distance);
    matrix.row(row) = base(0, 0) * zero + base(0, 1) * one;
    matrix.row(row + distance) = base(1, 0) * zero + base(1, 1) * one;
  }
}

}  // namespace

HalfAngle HalfAngle::of(double angle) { return {std::cos(angle / 2.0), std::sin(angle / 2.0)}; }

SmallMatrix base_matrix(GateKind kind, HalfAngle half) {
  const double c = half.cosine;
  const double s = half.sine;
  switch (kind) {
    case GateKind::x:
      return small(0.0, 1.0, 1.0, 0.0);
    case GateKind::y:
      return small(0.0, -1i, 1i, 0.0);
    case GateKind::z:
      return small(1.0, 0.0, 0.0, -1.0);
    case GateKind::h:
      return small(half_root, half_root, half_root, -half_root);
    case GateKind::s:
      return small(1.0, 0.0, 0.0, 1i);
    case GateKind::sdg:
      return small(1.0, 0.0, 0.0, -1i);
    case GateKind::t:
      return small(1.0, 0.0, 0.0, Complex{half_root, half_root});
    case GateKind::tdg:
      return small(1.0, 0.0, 0.0, Complex{half_root, -half_root});
    case GateKind::sx:
      return small({0.5, 0.5}, {0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5});
    case GateKind::rx:
      return small(c, -1i * s, -1i * s, c);
    case GateKind::ry:
      return small(c, -s, s, c);
    case GateKind::rz:
      return small(Complex{c, -s}, 0.0, 0.0, Complex{c, s});
    case GateKind::p:
      return small(1.0, 0.0, 0.0, Complex{c * c - s * s, 2.0 * c * s});
    case GateKind::swap:
      return small_swap();
    case GateKind::ecr:
      return small_ecr();
    case GateKind::rxx:
      return pauli_pair(c, -1i * s, -1i * s, true);
    case GateKind::ryy:
      return pauli_pair(c, 1i * s, -1i * s, true);
    case GateKind::rzz:
      return pauli_pair(c, -1i * s, 1i * s, false);
    default:
      TITRANT_EXPECTS(false);  // a DeferredCircuit has no other kinds
      return {};
  }
}

SmallMatrix base_generator(GateKind kind) {
  if (kind == GateKind::p) return small(0.0, 0.0, 0.0, -1.0);
  return 0.5 * 1i * base_matrix(kind, HalfAngle::half_turn());  // exp(-i pi P / 2) = -i P
}

SmallMatrix identity(std::size_t qubits) {
  const Eigen::Index size = Eigen::Index{1} << qubits;
  return SmallMatrix::Identity(size, size);
}

void multiply_left(SmallMatrix& matrix, const SmallMatrix& base, const ControlledGate& gate) {
  if (matrix.rows() == 2) {
    fixed<2>(matrix) = (fixed<2>(base) * fixed<2>(matrix)).eval();
  } else if (gate.targets.size() == 1) {
    multiply_one_place(fixed<4>(matrix), fixed<2>(base), gate);
  } else if (gate.targets[0] == 0) {
    fixed<4>(matrix) = (fixed<4>(base) * fixed<4>(matrix)).eval();
  } else {
    auto m = fixed<4>(matrix);
    m.row(1).swap(m.row(2));
    m = (fixed<4>(base) * m).eval();
    m.row(1).swap(m.row(2));
  }
}

SmallMatrix product(const SmallMatrix& a, const SmallMatrix& b) {
  SmallMatrix result(a.rows(), a.cols());
  if (a.rows() == 2) {
    fixed<2>(result) = fixed<2>(a).lazyProduct(fixed<2>(b));
  } else {
    fixed<4>(result) = fixed<4>(a).lazyProduct(fixed<4>(b));
  }
  return result;
}

SmallMatrix adjoint_product(const SmallMatrix& a, const SmallMatrix& b) { return product(a.adjoint(), b); }

void generate_left(SmallMatrix& matrix, const ControlledGate& gate) {
  multiply_left(matrix, base_generator(gate.kind), gate);
  for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
    if (!controls_hold(gate, row)) matrix.row(row).setZero();
  }
}

HalfAngle half_angle(const ControlledGate& gate, std::span<const HalfAngle> parameters) {
  if (!gate.angle) return {};
  return gate.angle->source == Angle::Source::parameter ? parameters[gate.angle->index]
                                                        : HalfAngle::of(gate.angle->value);
}

}  // namespace titrant::quantum
