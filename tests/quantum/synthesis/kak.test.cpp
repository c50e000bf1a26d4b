#include "titrant/quantum/synthesis/kak.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <numbers>
#include <unsupported/Eigen/MatrixFunctions>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/input.hpp"

namespace titrant::quantum {
namespace {

using Complex = std::complex<double>;
using std::numbers::pi;

Matrix random_unitary(Eigen::Index rows, core::Stream& stream) {
  Matrix random(rows, rows);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < rows; ++j) random(i, j) = Complex(stream.normal(), stream.normal());
  return Eigen::HouseholderQR<Matrix>(random).householderQ();
}

Matrix kron(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows() * b.rows(), a.cols() * b.cols());
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < a.cols(); ++j)
      product.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
  return product;
}

Matrix entangler(double x, double y, double z) {
  Matrix sum = x * gate_matrix(GateKind::rxx, std::vector<double>{pi}) +
               y * gate_matrix(GateKind::ryy, std::vector<double>{pi}) +
               z * gate_matrix(GateKind::rzz, std::vector<double>{pi});  // rpp(pi) = -i PP
  return (0.5 * sum).exp();
}

Matrix matrix_of(const std::vector<Operation>& operations) {
  Matrix product = Matrix::Identity(4, 4);
  for (const Operation& operation : operations) {
    std::vector<double> angles;
    for (const Angle& angle : operation.angles) angles.push_back(angle.value);
    Matrix gate = gate_matrix(operation.gate, angles);
    if (operation.qubits.size() == 1) {
      gate = operation.qubits[0] == 0 ? kron(gate, Matrix::Identity(2, 2)) : kron(Matrix::Identity(2, 2), gate);
    } else if (operation.qubits[0] == 1) {
      const Matrix swap = gate_matrix(GateKind::swap, {});
      gate = swap * gate * swap;
    }
    product = gate * product;
  }
  return product;
}

std::size_t count_cx(const std::vector<Operation>& operations) {
  std::size_t count = 0;
  for (const Operation& operation : operations) count += operation.qubits.size() == 2 ? 1 : 0;
  return count;
}

/// Distance up to a global phase.
double distance_up_to_phase(const Matrix& a, const Matrix& b) {
  const Complex overlap = (a.adjoint() * b).trace();
  return (a * (overlap / std::abs(overlap)) - b).norm();
}

void expect_right(const Matrix& unitary, std::size_t most) {
  const Kak found = kak(unitary);
  EXPECT_LE(found.x, pi / 2.0 + 1e-8);
  EXPECT_GE(found.x, found.y - 1e-8);
  EXPECT_GE(found.y, std::abs(found.z) - 1e-8);
  const Matrix rebuilt = found.phase * kron(found.after_first, found.after_second) *
                         entangler(found.x, found.y, found.z) * kron(found.before_first, found.before_second);
  EXPECT_LT((rebuilt - unitary).norm(), 1e-8);
  const std::vector<Operation> operations = synthesise(unitary, 0, 1);
  EXPECT_LT(distance_up_to_phase(matrix_of(operations), unitary), 1e-8);
  EXPECT_LE(count_cx(operations), most);
}

TEST(Kak, RandomGates) {
  core::Stream stream(1, core::Purpose::test, 1);
  for (int k = 0; k < 2000; ++k) expect_right(random_unitary(4, stream), 3);
}

TEST(Kak, GatesOnOneQubitNeedNoCx) {
  core::Stream stream(1, core::Purpose::test, 2);
  for (int k = 0; k < 200; ++k) expect_right(kron(random_unitary(2, stream), random_unitary(2, stream)), 0);
  expect_right(Matrix::Identity(4, 4), 0);
  expect_right(Complex(0.0, 1.0) * Matrix::Identity(4, 4), 0);
}

TEST(Kak, KnownGates) {
  const std::vector<double> one = {0.7};
  const std::vector<double> quarter = {pi / 2.0};
  expect_right(gate_matrix(GateKind::cx, {}), 1);
  expect_right(gate_matrix(GateKind::cz, {}), 1);
  expect_right(gate_matrix(GateKind::ecr, {}), 1);
  expect_right(gate_matrix(GateKind::rzz, quarter), 1);
  for (const GateKind gate : {GateKind::rxx, GateKind::ryy, GateKind::rzz, GateKind::crx, GateKind::cry, GateKind::cp})
    expect_right(gate_matrix(gate, one), 2);
  const Matrix iswap = gate_matrix(GateKind::rxx, quarter) * gate_matrix(GateKind::ryy, quarter);
  expect_right(iswap, 2);
  expect_right(gate_matrix(GateKind::swap, {}), 3);
  const Matrix half = gate_matrix(GateKind::rxx, std::vector<double>{pi / 4.0}) *
                      gate_matrix(GateKind::ryy, std::vector<double>{pi / 4.0}) *
                      gate_matrix(GateKind::rzz, std::vector<double>{pi / 4.0});  // square root of SWAP
  expect_right(half, 3);
}

// Faces, edges and corners of the Weyl chamber, where eigenvalues coincide, dressed with random gates on one qubit; and
// a hair beside them.
TEST(Kak, FacesOfTheChamberAndNeighbours) {
  core::Stream stream(1, core::Purpose::test, 3);
  const std::vector<double> places = {0.0, pi / 4.0, pi / 2.0, 0.3};
  for (const double x : places) {
    for (const double y : places) {
      for (const double z : places) {
        for (const double near : {0.0, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4}) {
          const Matrix unitary = kron(random_unitary(2, stream), random_unitary(2, stream)) *
                                 entangler(x + near, y - 2.0 * near, near - z) *
                                 kron(random_unitary(2, stream), random_unitary(2, stream));
          expect_right(unitary, 3);
        }
      }
    }
  }
}

TEST(Kak, OneQubitGates) {
  core::Stream stream(1, core::Purpose::test, 4);
  for (int k = 0; k < 300; ++k) {
    const Matrix unitary = random_unitary(2, stream);
    const EulerAngles angles = euler_angles(unitary);
    const Matrix rebuilt = gate_matrix(GateKind::u, std::vector<double>{angles.theta, angles.phi, angles.lambda});
    EXPECT_LT(distance_up_to_phase(rebuilt, unitary), 1e-12);
  }
  EXPECT_TRUE(synthesise(Complex(0.0, 1.0) * Matrix::Identity(2, 2), 0).empty());
  EXPECT_EQ(synthesise(gate_matrix(GateKind::x, {}), 0).size(), 1U);
}

TEST(Kak, RefusesWhatIsNotUnitary) { EXPECT_THROW(kak(2.0 * Matrix::Identity(4, 4)), ConfigError); }

}  // namespace
}  // namespace titrant::quantum
