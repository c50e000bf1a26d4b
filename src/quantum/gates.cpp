#include "titrant/quantum/gates.hpp"

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

using Complex = std::complex<double>;
using namespace std::complex_literals;

struct Shape {
  std::string_view name;
  std::size_t qubits;
  std::size_t angles;
};

const Shape& shape(GateKind gate) {
  // In the order of GateKind.
  static constexpr std::array<Shape, 27> shapes = {{
      {"x", 1, 0},   {"y", 1, 0},   {"z", 1, 0},   {"h", 1, 0},    {"s", 1, 0},   {"sdg", 1, 0}, {"t", 1, 0},
      {"tdg", 1, 0}, {"sx", 1, 0},  {"rx", 1, 1},  {"ry", 1, 1},   {"rz", 1, 1},  {"p", 1, 1},   {"u", 1, 3},
      {"cx", 2, 0},  {"cy", 2, 0},  {"cz", 2, 0},  {"swap", 2, 0}, {"ecr", 2, 0}, {"cp", 2, 1},  {"crx", 2, 1},
      {"cry", 2, 1}, {"crz", 2, 1}, {"rxx", 2, 1}, {"ryy", 2, 1},  {"rzz", 2, 1}, {"ccx", 3, 0},
  }};
  return shapes.at(static_cast<std::size_t>(gate));
}

Matrix two(Complex a, Complex b, Complex c, Complex d) {
  Matrix m(2, 2);
  m << a, b, c, d;
  return m;
}

Matrix pauli(GateKind gate) {
  if (gate == GateKind::x) return two(0.0, 1.0, 1.0, 0.0);
  if (gate == GateKind::y) return two(0.0, -1i, 1i, 0.0);
  return two(1.0, 0.0, 0.0, -1.0);
}

Matrix phase(double lambda) { return two(1.0, 0.0, 0.0, std::polar(1.0, lambda)); }

/// exp(-i angle P / 2) where P squares to one.
Matrix rotation(const Matrix& p, double angle) {
  return std::cos(angle / 2.0) * Matrix::Identity(p.rows(), p.cols()) - 1i * std::sin(angle / 2.0) * p;
}

Matrix product(const Matrix& high, const Matrix& low) {
  Matrix m(high.rows() * low.rows(), high.cols() * low.cols());
  for (Eigen::Index r = 0; r < high.rows(); ++r) {
    for (Eigen::Index c = 0; c < high.cols(); ++c)
      m.block(r * low.rows(), c * low.cols(), low.rows(), low.cols()) = high(r, c) * low;
  }
  return m;
}

/// The gate where the (new, first) control is 1.
Matrix controlled(const Matrix& gate) {
  Matrix m = Matrix::Identity(2 * gate.rows(), 2 * gate.cols());
  m.bottomRightCorner(gate.rows(), gate.cols()) = gate;
  return m;
}

Matrix swap() {
  Matrix m = Matrix::Zero(4, 4);
  m(0, 0) = m(1, 2) = m(2, 1) = m(3, 3) = 1.0;
  return m;
}

/// Qiskit's ECRGate with its first qubit as the most significant one.
Matrix echoed_cross_resonance() {
  const Matrix x = pauli(GateKind::x);
  const Matrix y = pauli(GateKind::y);
  return (product(x, Matrix::Identity(2, 2)) - product(y, x)) / std::numbers::sqrt2;
}

}  // namespace

std::string_view gate_name(GateKind gate) { return shape(gate).name; }
std::size_t gate_qubits(GateKind gate) { return shape(gate).qubits; }
std::size_t gate_angles(GateKind gate) { return shape(gate).angles; }

Matrix gate_matrix(GateKind gate, std::span<const double> angles) {
  TITRANT_EXPECTS(angles.size() == gate_angles(gate));
  const Matrix x = pauli(GateKind::x);
  const Matrix y = pauli(GateKind::y);
  const Matrix z = pauli(GateKind::z);
  using std::numbers::pi;
  switch (gate) {
    case GateKind::x:
    case GateKind::y:
    case GateKind::z:
      return pauli(gate);
    case GateKind::h:
      return (x + z) / std::numbers::sqrt2;
    case GateKind::s:
      return two(1.0, 0.0, 0.0, 1i);
    case GateKind::sdg:
      return two(1.0, 0.0, 0.0, -1i);
    case GateKind::t:
      return phase(pi / 4.0);
    case GateKind::tdg:
      return phase(-pi / 4.0);
    case GateKind::sx:
      return 0.5 * two(1.0 + 1i, 1.0 - 1i, 1.0 - 1i, 1.0 + 1i);
    case GateKind::rx:
      return rotation(x, angles[0]);
    case GateKind::ry:
      return rotation(y, angles[0]);
    case GateKind::rz:
      return rotation(z, angles[0]);
    case GateKind::p:
      return phase(angles[0]);
    case GateKind::u:
      return phase(angles[1]) * rotation(y, angles[0]) * phase(angles[2]);
    case GateKind::cx:
      return controlled(x);
    case GateKind::cy:
      return controlled(y);
    case GateKind::cz:
      return controlled(z);
    case GateKind::swap:
      return swap();
    case GateKind::ecr:
      return echoed_cross_resonance();
    case GateKind::cp:
      return controlled(phase(angles[0]));
    case GateKind::crx:
      return controlled(rotation(x, angles[0]));
    case GateKind::cry:
      return controlled(rotation(y, angles[0]));
    case GateKind::crz:
      return controlled(rotation(z, angles[0]));
    case GateKind::rxx:
      return rotation(product(x, x), angles[0]);
    case GateKind::ryy:
      return rotation(product(y, y), angles[0]);
    case GateKind::rzz:
      return rotation(product(z, z), angles[0]);
    case GateKind::ccx:
      return controlled(controlled(x));
  }
  TITRANT_EXPECTS(false);
  return {};
}

}  // namespace titrant::quantum
