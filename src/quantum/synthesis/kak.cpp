#include "titrant/quantum/synthesis/kak.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "kronecker.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

using Complex = std::complex<double>;
using Real4 = Eigen::Matrix4d;

using std::numbers::pi;
constexpr double same = 1e-9;  // angles that count as equal, rad

/// Columns: Bell states with the phases that make SU(2) x SU(2) real (Hill and Wootters 1997): Phi+, i Phi-, i Psi+,
/// Psi-.
Matrix magic_basis() {
  const double r = std::numbers::sqrt2 / 2.0;
  const Complex i(0.0, r);
  Matrix basis = Matrix::Zero(4, 4);
  basis.col(0) << r, 0, 0, r;
  basis.col(1) << i, 0, 0, -i;
  basis.col(2) << 0, i, i, 0;
  basis.col(3) << 0, r, -r, 0;
  return basis;
}

/// One rotation makes two commuting symmetric matrices diagonal, degenerate or not: Jacobi rotations that minimise the
/// squares off both diagonals (Cardoso and Souloumiac 1996, SIAM J. Matrix Anal. Appl. 17, 161).
Real4 common_eigenvectors(Real4 a, Real4 b) {
  Real4 vectors = Real4::Identity();
  for (int sweep = 0; sweep < 60; ++sweep) {
    double largest = 0.0;
    for (int p = 0; p < 4; ++p) {
      for (int q = p + 1; q < 4; ++q) {
        double on = 0.0;
        double off = 0.0;
        for (const Real4* m : {&a, &b}) {
          const double difference = (*m)(p, p) - (*m)(q, q);
          const double twice = 2.0 * (*m)(p, q);
          on += difference * difference - twice * twice;
          off += 2.0 * difference * twice;
        }
        if (std::hypot(on, off) < 1e-30) continue;  // degenerate: any angle will do
        const double angle = 0.25 * std::atan2(off, on);
        if (std::abs(angle) < 1e-17) continue;
        largest = std::max(largest, std::abs(angle));
        const Eigen::JacobiRotation<double> rotation(std::cos(angle), -std::sin(angle));
        for (Real4* m : {&a, &b}) {
          m->applyOnTheLeft(p, q, rotation.adjoint());
          m->applyOnTheRight(p, q, rotation);
        }
        vectors.applyOnTheRight(p, q, rotation);
      }
    }
    if (largest < 1e-16) break;
  }
  return vectors;
}

/// a x b = product, with both of determinant 1 up to a common sign.
std::pair<Matrix, Matrix> factors(const Matrix& product) {
  Eigen::Index r = 0;
  Eigen::Index c = 0;
  double best = -1.0;
  for (Eigen::Index i = 0; i < 2; ++i) {
    for (Eigen::Index j = 0; j < 2; ++j) {
      const double size = product.block(2 * i, 2 * j, 2, 2).norm();
      if (size > best) {
        best = size;
        r = i;
        c = j;
      }
    }
  }
  Matrix b = product.block(2 * r, 2 * c, 2, 2);
  b /= std::sqrt(b.determinant());
  Matrix a(2, 2);
  for (Eigen::Index i = 0; i < 2; ++i)
    for (Eigen::Index j = 0; j < 2; ++j) a(i, j) = 0.5 * (b.adjoint() * product.block(2 * i, 2 * j, 2, 2)).trace();
  return {a, b};
}

Matrix pauli(int axis) {
  Matrix m = Matrix::Zero(2, 2);
  if (axis == 0) m << 0, 1, 1, 0;
  if (axis == 1) m << 0, Complex(0, -1), Complex(0, 1), 0;
  if (axis == 2) m << 1, 0, 0, -1;
  return m;
}

/// exp(-i angle P / 2)
Matrix rotation(int axis, double angle) {
  return std::cos(angle / 2.0) * Matrix::Identity(2, 2) - Complex(0.0, std::sin(angle / 2.0)) * pauli(axis);
}

/// Moves x, y, z into the Weyl chamber by gates on one qubit.
class Canonical {
 public:
  explicit Canonical(Kak start) : kak_(std::move(start)), angle_{kak_.x, kak_.y, kak_.z} {}

  Kak run() {
    for (int axis = 0; axis < 3; ++axis) {
      while (angle(axis) > pi / 2.0 + same) shift(axis, -1);
      while (angle(axis) < -pi / 2.0 - same) shift(axis, +1);
    }
    order();
    if (angle(0) < 0.0) flip(0, 2);
    if (angle(1) < 0.0) flip(1, 2);
    // At the far face z and -z are the same gate.
    if (angle(0) > pi / 2.0 - same && angle(2) < 0.0) {
      shift(0, -1);
      flip(0, 2);
    }
    kak_.x = angle_[0];
    kak_.y = angle_[1];
    kak_.z = angle_[2];
    return kak_;
  }

 private:
  double angle(int axis) const { return angle_.at(static_cast<std::size_t>(axis)); }

  /// exp(-i pi/2 PP) = -i PP.
  void shift(int axis, int sign) {
    angle_.at(static_cast<std::size_t>(axis)) += sign * pi;
    kak_.before_first = pauli(axis) * kak_.before_first;
    kak_.before_second = pauli(axis) * kak_.before_second;
    kak_.phase *= Complex(0.0, sign > 0 ? 1.0 : -1.0);
  }

  /// Two angles change sign: conjugation of the first qubit by the third Pauli.
  void flip(int a, int b) {
    angle_.at(static_cast<std::size_t>(a)) *= -1.0;
    angle_.at(static_cast<std::size_t>(b)) *= -1.0;
    const Matrix third = pauli(3 - a - b);
    kak_.before_first = third * kak_.before_first;
    kak_.after_first = kak_.after_first * third;
  }

  /// Two angles trade places: conjugation of both qubits by a quarter turn about the third axis.
  void swap(int a, int b) {
    std::swap(angle_.at(static_cast<std::size_t>(a)), angle_.at(static_cast<std::size_t>(b)));
    const Matrix turn = rotation(3 - a - b, pi / 2.0);
    kak_.before_first = turn * kak_.before_first;
    kak_.before_second = turn * kak_.before_second;
    kak_.after_first = kak_.after_first * turn.adjoint();
    kak_.after_second = kak_.after_second * turn.adjoint();
  }

  void order() {
    for (const auto& [a, b] : {std::pair{0, 1}, std::pair{1, 2}, std::pair{0, 1}})
      if (std::abs(angle(a)) < std::abs(angle(b))) swap(a, b);
  }

  Kak kak_;
  std::array<double, 3> angle_;
};

Matrix cx(bool first_controls) {
  Matrix m = Matrix::Identity(4, 4);
  const Eigen::Index a = first_controls ? 2 : 1;
  m(a, a) = m(3, 3) = 0.0;
  m(a, 3) = m(3, a) = 1.0;
  return m;
}

/// A gate with these coordinates, made of CX and rotations: its operations and matrix.
struct Core {
  std::vector<Operation> operations;
  Matrix matrix = Matrix::Identity(4, 4);
  std::size_t first, second;

  void add_cx(bool first_controls) {
    Operation operation;
    operation.gate = GateKind::cx;
    operation.qubits = first_controls ? std::vector{first, second} : std::vector{second, first};
    operations.push_back(std::move(operation));
    matrix = cx(first_controls) * matrix;
  }
  void add(GateKind gate, bool on_first, double angle) {
    Operation operation;
    operation.gate = gate;
    operation.qubits = {on_first ? first : second};
    operation.angles = {Angle::constant(angle)};
    operations.push_back(std::move(operation));
    const int axis = gate == GateKind::rx ? 0 : gate == GateKind::ry ? 1 : 2;
    const Matrix one = Matrix::Identity(2, 2);
    const Matrix turn = rotation(axis, angle);
    matrix = (on_first ? kronecker(turn, one) : kronecker(one, turn)) * matrix;
  }
};

/// CX conjugates X I to X X and I Z to Z Z; with three CX as Vatan and Williams 2004, Phys. Rev. A 69, 032315, fig. 6.
Core core_of(const Kak& target, std::size_t first, std::size_t second) {
  Core core{{}, Matrix::Identity(4, 4), first, second};
  const std::size_t cost = entangling_cost(target);
  if (cost == 1) core.add_cx(true);
  if (cost == 2) {
    core.add_cx(true);
    core.add(GateKind::rx, true, target.x);
    core.add(GateKind::rz, false, target.y);
    core.add_cx(true);
  }
  if (cost == 3) {
    core.add_cx(false);
    core.add(GateKind::rz, true, -target.z - pi / 2.0);
    core.add(GateKind::ry, false, pi / 2.0 + target.x);
    core.add_cx(true);
    core.add(GateKind::ry, false, pi / 2.0 + target.y);
    core.add_cx(false);
  }
  return core;
}

void append(std::vector<Operation>& all, std::vector<Operation> more) {
  for (Operation& operation : more) all.push_back(std::move(operation));
}

}  // namespace

Kak kak(const Matrix& unitary) {
  TITRANT_EXPECTS(unitary.rows() == 4 && unitary.cols() == 4);
  if ((unitary.adjoint() * unitary - Matrix::Identity(4, 4)).cwiseAbs().maxCoeff() > same)
    throw ConfigError("synthesis: the matrix of this gate on two qubits is not unitary");
  static const Matrix basis = magic_basis();
  const Complex quarter = std::polar(1.0, std::arg(unitary.determinant()) / 4.0);
  const Matrix special = basis.adjoint() * (unitary / quarter) * basis;
  const Matrix square = special.transpose() * special;  // symmetric and unitary: real and imaginary part commute
  Real4 right = common_eigenvectors(square.real(), square.imag());
  if (right.determinant() < 0.0) right.col(0) *= -1.0;
  const Matrix diagonal = right.transpose().cast<Complex>() * square * right.cast<Complex>();
  Eigen::Vector4d phases;
  for (Eigen::Index k = 0; k < 4; ++k) phases(k) = std::arg(diagonal(k, k)) / 2.0;
  const auto left_of = [&] {
    Matrix left = special * right.cast<Complex>();
    for (Eigen::Index k = 0; k < 4; ++k) left.col(k) *= std::polar(1.0, -phases(k));
    return Matrix(left);
  };
  Matrix left = left_of();  // real and orthogonal
  if (left.real().determinant() < 0.0) {
    phases(0) += pi;
    left = left_of();
  }

  Kak result;
  std::tie(result.after_first, result.after_second) = factors(basis * left * basis.adjoint());
  std::tie(result.before_first, result.before_second) =
      factors(basis * right.transpose().cast<Complex>() * basis.adjoint());
  // The eigenvalues of XX, YY, ZZ on the Bell states: (1, -1, 1), (-1, 1, 1), (1, 1, -1), (-1, -1, -1).
  result.phase = quarter * std::polar(1.0, phases.sum() / 4.0);
  result.x = -0.5 * (phases(0) - phases(1) + phases(2) - phases(3));
  result.y = -0.5 * (-phases(0) + phases(1) + phases(2) - phases(3));
  result.z = -0.5 * (phases(0) + phases(1) - phases(2) - phases(3));
  return Canonical(std::move(result)).run();
}

std::size_t entangling_cost(const Kak& decomposition) {
  const bool none = std::abs(decomposition.x) < same;
  const bool one = std::abs(decomposition.x - pi / 2.0) < same && std::abs(decomposition.y) < same;
  const bool flat = std::abs(decomposition.z) < same;
  if (none) return 0;
  if (one && flat) return 1;
  return flat ? 2 : 3;
}

EulerAngles euler_angles(const Matrix& unitary) {
  // u = [[cos(t/2), -e^{i l} sin(t/2)], [e^{i p} sin(t/2), e^{i (p + l)} cos(t/2)]]
  const double theta = 2.0 * std::atan2(std::abs(unitary(1, 0)), std::abs(unitary(0, 0)));
  const bool has_cosine = std::abs(unitary(0, 0)) > 1e-12;
  const bool has_sine = std::abs(unitary(1, 0)) > 1e-12;
  if (!has_sine) return {0.0, 0.0, std::arg(unitary(1, 1) / unitary(0, 0))};
  if (!has_cosine) return {pi, 0.0, std::arg(-unitary(0, 1) / unitary(1, 0))};
  return {theta, std::arg(unitary(1, 0) / unitary(0, 0)), std::arg(-unitary(0, 1) / unitary(0, 0))};
}

std::vector<Operation> synthesise(const Matrix& unitary, std::size_t qubit) {
  const EulerAngles angles = euler_angles(unitary);
  if (angles.theta == 0.0 && std::abs(std::remainder(angles.lambda, 2.0 * pi)) < 1e-14) return {};
  Operation operation;
  operation.gate = GateKind::u;
  operation.qubits = {qubit};
  operation.angles = {Angle::constant(angles.theta), Angle::constant(angles.phi), Angle::constant(angles.lambda)};
  return {operation};
}

std::vector<Operation> synthesise(const Matrix& unitary, std::size_t first, std::size_t second) {
  const Kak wanted = kak(unitary);
  Core core = core_of(wanted, first, second);
  // Both have the same coordinates, so they differ by gates on one qubit before and after.
  const Kak have = kak(core.matrix);
  std::vector<Operation> operations;
  append(operations, synthesise(have.before_first.adjoint() * wanted.before_first, first));
  append(operations, synthesise(have.before_second.adjoint() * wanted.before_second, second));
  append(operations, std::move(core.operations));
  append(operations, synthesise(wanted.after_first * have.after_first.adjoint(), first));
  append(operations, synthesise(wanted.after_second * have.after_second.adjoint(), second));
  return operations;
}

std::size_t rotation_cost(const Kak& decomposition) {
  std::size_t count = 0;
  for (const double angle : {decomposition.x, decomposition.y, decomposition.z})
    count += std::abs(angle) < same ? 0 : 1;
  return count;
}

std::vector<Operation> synthesise_by_rzz(const Matrix& unitary, std::size_t first, std::size_t second) {
  const Kak wanted = kak(unitary);
  std::vector<Operation> operations;
  append(operations, synthesise(wanted.before_first, first));
  append(operations, synthesise(wanted.before_second, second));
  // A turn takes Z of both qubits to +-X, +-Y or Z of both; X on one of them turns the angle's sign. The three commute.
  const Matrix identity = Matrix::Identity(2, 2);
  const std::vector<double> quarter = {pi / 2.0};
  const std::vector<std::pair<double, Matrix>> turns = {{wanted.x, gate_matrix(GateKind::ry, quarter)},
                                                        {wanted.y, gate_matrix(GateKind::rx, quarter)},
                                                        {wanted.z, identity}};
  for (const auto& [angle, turn] : turns) {
    if (std::abs(angle) < same) continue;
    const Matrix flip = angle < 0.0 ? gate_matrix(GateKind::x, {}) : identity;
    append(operations, synthesise(flip * turn.adjoint(), first));
    append(operations, synthesise(turn.adjoint(), second));
    Operation rzz;
    rzz.gate = GateKind::rzz;
    rzz.qubits = {first, second};
    rzz.angles = {Angle::constant(std::min(std::abs(angle), pi / 2.0))};
    operations.push_back(std::move(rzz));
    append(operations, synthesise(turn * flip, first));
    append(operations, synthesise(turn, second));
  }
  append(operations, synthesise(wanted.after_first, first));
  append(operations, synthesise(wanted.after_second, second));
  return operations;
}

}  // namespace titrant::quantum
