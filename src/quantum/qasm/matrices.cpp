#include "matrices.hpp"

#include <cmath>
#include <numbers>

namespace titrant::quantum::qasm {

namespace {

using Complex = std::complex<double>;

}  // namespace

double principal_angle(double angle) {
  using std::numbers::pi;
  constexpr double rounding = 1e-12;
  const double wrapped = std::remainder(angle, 2.0 * pi);
  return wrapped <= -pi + rounding ? pi : wrapped;
}

MatrixSink::MatrixSink(std::size_t qubits)
    : qubits_(qubits), unitary_(Matrix::Identity(Eigen::Index{1} << qubits, Eigen::Index{1} << qubits)) {}

void MatrixSink::gate(const NativeGate& gate) {
  const std::size_t width = gate_qubits(gate.kind);
  const Matrix small = gate_matrix(gate.kind, std::span(gate.angles).first(gate_angles(gate.kind)));
  // The gate's row number of a basis state of all qubits, and that state without the gate's qubits.
  const auto local = [&](Eigen::Index state) {
    Eigen::Index number = 0;
    for (std::size_t k = 0; k < width; ++k) number = 2 * number + ((state >> (qubits_ - 1 - gate.qubits.at(k))) & 1);
    return number;
  };
  Eigen::Index touched = 0;
  for (std::size_t k = 0; k < width; ++k) touched |= Eigen::Index{1} << (qubits_ - 1 - gate.qubits.at(k));
  Matrix whole = Matrix::Zero(unitary_.rows(), unitary_.cols());
  for (Eigen::Index r = 0; r < whole.rows(); ++r) {
    for (Eigen::Index c = 0; c < whole.cols(); ++c)
      if ((r & ~touched) == (c & ~touched)) whole(r, c) = small(local(r), local(c));
  }
  unitary_ = whole * unitary_;
}

void MatrixSink::phase(double angle) { unitary_ *= std::polar(1.0, angle); }

void MatrixSink::barrier(std::span<const std::size_t>) {}  // the identity

Matrix principal_power(const Matrix& unitary, double exponent) {
  // U = exp(i a) (cos b - i sin b n.sigma), b in [0, pi]: the eigenvalues are exp(i (a -+ b)) with projectors
  // (1 +- n.sigma) / 2. det U = exp(2 i a).
  const double a = std::arg((unitary(0, 0) * unitary(1, 1) - unitary(0, 1) * unitary(1, 0))) / 2.0;
  const Matrix special = std::polar(1.0, -a) * unitary;
  const Matrix identity = Matrix::Identity(2, 2);
  const double cosine = special.trace().real() / 2.0;
  const Matrix axis = Complex(0.0, 1.0) * (special - cosine * identity);  // sin b n.sigma
  const double sine = std::sqrt((axis * axis).trace().real() / 2.0);
  const double b = std::atan2(sine, cosine);
  const Matrix direction = sine > 0.0 ? Matrix(axis / sine) : Matrix(Matrix::Zero(2, 2));
  const Complex plus = std::polar(1.0, exponent * principal_angle(a - b));
  const Complex minus = std::polar(1.0, exponent * principal_angle(a + b));
  return 0.5 * (plus * (identity + direction) + minus * (identity - direction));
}

Phased as_u(const Matrix& unitary, std::size_t qubit) {
  const double cosine = std::abs(unitary(0, 0));
  const double sine = std::abs(unitary(1, 0));
  const double theta = 2.0 * std::atan2(sine, cosine);
  // An element that vanishes has no phase of its own; the other column fixes what is left.
  if (cosine < sine) {
    const double phase_of_phi = std::arg(unitary(1, 0));
    const double phase_of_lambda = std::arg(-unitary(0, 1));
    const double phase = cosine > 0.0 ? std::arg(unitary(0, 0)) : 0.0;
    return {{GateKind::u, {qubit}, {theta, phase_of_phi - phase, phase_of_lambda - phase}}, phase};
  }
  const double phase = std::arg(unitary(0, 0));
  const double sum = std::arg(unitary(1, 1)) - phase;
  const double phi = sine > 0.0 ? std::arg(unitary(1, 0)) - phase : 0.0;
  return {{GateKind::u, {qubit}, {theta, phi, sum - phi}}, phase};
}

std::optional<double> phase_from(const NativeGate& gate, const Matrix& unitary) {
  constexpr double tolerance = 1e-10;  // some hundred roundings of the gates that `unitary` comes from
  const Matrix native = gate_matrix(gate.kind, std::span(gate.angles).first(gate_angles(gate.kind)));
  const Complex factor = (native.adjoint() * unitary).trace() / static_cast<double>(native.rows());
  if (std::abs(std::abs(factor) - 1.0) > tolerance) return std::nullopt;
  if ((unitary - factor * native).cwiseAbs().maxCoeff() > tolerance) return std::nullopt;
  return std::arg(factor);
}

}  // namespace titrant::quantum::qasm
