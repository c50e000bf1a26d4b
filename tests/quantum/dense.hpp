#pragma once

#include <Eigen/Dense>
#include <complex>
#include <map>
#include <numbers>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/input.hpp"

/// A slow, independent simulator: density matrices of the whole register, operators written out as Kronecker products,
/// measurements as projections. It shares no code with the library but the description of a circuit.
namespace dense {

using Complex = std::complex<double>;
using Matrix = Eigen::MatrixXcd;
using titrant::quantum::Circuit;
using titrant::quantum::GateKind;
using titrant::quantum::Input;
using titrant::quantum::Operation;

inline const Complex i{0.0, 1.0};

inline Matrix make(std::initializer_list<Complex> entries) {
  const auto size = static_cast<Eigen::Index>(std::lround(std::sqrt(static_cast<double>(entries.size()))));
  Matrix m(size, size);
  Eigen::Index k = 0;
  for (const Complex entry : entries) {
    m(k / size, k % size) = entry;
    ++k;
  }
  return m;
}

inline Matrix kron(const Matrix& a, const Matrix& b) {
  Matrix m(a.rows() * b.rows(), a.cols() * b.cols());
  for (Eigen::Index r = 0; r < m.rows(); ++r)
    for (Eigen::Index c = 0; c < m.cols(); ++c) m(r, c) = a(r / b.rows(), c / b.cols()) * b(r % b.rows(), c % b.cols());
  return m;
}

inline Matrix identity() { return make({1, 0, 0, 1}); }
inline Matrix x() { return make({0, 1, 1, 0}); }
inline Matrix y() { return make({0, -i, i, 0}); }
inline Matrix z() { return make({1, 0, 0, -1}); }
inline Matrix zero_projector() { return make({1, 0, 0, 0}); }
inline Matrix one_projector() { return make({0, 0, 0, 1}); }

/// One operator on one qubit of n; qubit 0 is the leftmost factor.
inline Matrix on(std::size_t n, std::size_t qubit, const Matrix& op) {
  Matrix m = Matrix::Identity(1, 1);
  for (std::size_t q = 0; q < n; ++q) m = kron(m, q == qubit ? op : identity());
  return m;
}

/// exp(-i angle P / 2) from the power series of the exponential.
inline Matrix exponential(const Matrix& generator, double angle) {
  const Matrix step = -i * angle / 2.0 * generator;
  Matrix term = Matrix::Identity(step.rows(), step.cols());
  Matrix sum = term;
  for (int k = 1; k < 60; ++k) {
    term = term * step / static_cast<double>(k);
    sum += term;
  }
  return sum;
}

inline Matrix phase_gate(double lambda) { return make({1, 0, 0, std::exp(i * lambda)}); }

inline Matrix controlled(std::size_t n, std::size_t control, const Matrix& whole) {
  return on(n, control, zero_projector()) + on(n, control, one_projector()) * whole;
}

/// The gate as an operator on all n qubits.
inline Matrix whole(std::size_t n, GateKind gate, const std::vector<std::size_t>& q, const std::vector<double>& a) {
  const double r = 1.0 / std::numbers::sqrt2;
  const double pi = std::numbers::pi;
  switch (gate) {
    case GateKind::x:
      return on(n, q[0], x());
    case GateKind::y:
      return on(n, q[0], y());
    case GateKind::z:
      return on(n, q[0], z());
    case GateKind::h:
      return on(n, q[0], make({r, r, r, -r}));
    case GateKind::s:
      return on(n, q[0], make({1, 0, 0, i}));
    case GateKind::sdg:
      return on(n, q[0], make({1, 0, 0, -i}));
    case GateKind::t:
      return on(n, q[0], phase_gate(pi / 4));
    case GateKind::tdg:
      return on(n, q[0], phase_gate(-pi / 4));
    case GateKind::sx:
      return on(n, q[0], 0.5 * make({1.0 + i, 1.0 - i, 1.0 - i, 1.0 + i}));
    case GateKind::rx:
      return exponential(on(n, q[0], x()), a[0]);
    case GateKind::ry:
      return exponential(on(n, q[0], y()), a[0]);
    case GateKind::rz:
      return exponential(on(n, q[0], z()), a[0]);
    case GateKind::p:
      return on(n, q[0], phase_gate(a[0]));
    case GateKind::u: {
      const double c = std::cos(a[0] / 2);
      const double s = std::sin(a[0] / 2);
      return on(n, q[0], make({c, -std::exp(i * a[2]) * s, std::exp(i * a[1]) * s, std::exp(i * (a[1] + a[2])) * c}));
    }
    case GateKind::cx:
      return controlled(n, q[0], on(n, q[1], x()));
    case GateKind::cy:
      return controlled(n, q[0], on(n, q[1], y()));
    case GateKind::cz:
      return controlled(n, q[0], on(n, q[1], z()));
    case GateKind::swap: {
      Matrix sum = Matrix::Identity(Eigen::Index{1} << n, Eigen::Index{1} << n);
      for (const Matrix& p : {x(), y(), z()}) sum += on(n, q[0], p) * on(n, q[1], p);
      return 0.5 * sum;
    }
    case GateKind::ecr:
      return r * (on(n, q[0], x()) - on(n, q[0], y()) * on(n, q[1], x()));
    case GateKind::cp:
      return controlled(n, q[0], on(n, q[1], phase_gate(a[0])));
    case GateKind::crx:
      return controlled(n, q[0], exponential(on(n, q[1], x()), a[0]));
    case GateKind::cry:
      return controlled(n, q[0], exponential(on(n, q[1], y()), a[0]));
    case GateKind::crz:
      return controlled(n, q[0], exponential(on(n, q[1], z()), a[0]));
    case GateKind::rxx:
      return exponential(on(n, q[0], x()) * on(n, q[1], x()), a[0]);
    case GateKind::ryy:
      return exponential(on(n, q[0], y()) * on(n, q[1], y()), a[0]);
    case GateKind::rzz:
      return exponential(on(n, q[0], z()) * on(n, q[1], z()), a[0]);
    case GateKind::ccx:
      return controlled(n, q[0], controlled(n, q[1], on(n, q[2], x())));
  }
  return {};
}

/// Whether an operation happens for these values of the classical bits.
inline bool holds(const Operation& op, std::uint64_t bits) {
  for (const auto& condition : op.conditions)
    if ((((bits >> condition.bit) & 1U) != 0) != condition.value) return false;
  return true;
}

/// The probability of each value of the classical bits.
inline std::map<std::uint64_t, double> run(const Circuit& circuit, std::span<const double> parameters,
                                           const Input& input) {
  const std::size_t n = circuit.qubits();
  const Eigen::Index size = Eigen::Index{1} << n;
  Eigen::VectorXcd start = Eigen::VectorXcd::Zero(size);
  const auto& data = circuit.amplitude_qubits();
  for (std::size_t k = 0; k < std::size_t{1} << data.size(); ++k) {
    std::size_t state = 0;  // bit n - 1 - q of the number of a basis state is qubit q
    for (std::size_t j = 0; j < data.size(); ++j)
      if ((k >> (data.size() - 1 - j)) & 1U) state |= std::size_t{1} << (n - 1 - data[j]);
    start(static_cast<Eigen::Index>(state)) = data.empty() ? 1.0 : input.amplitudes[k];
  }
  std::map<std::uint64_t, Matrix> states;
  states[0] = start * start.adjoint();
  for (const Operation& op : circuit.operations()) {
    if (op.kind == Operation::Kind::gate) {
      std::vector<double> angles;
      for (const auto& angle : op.angles)
        angles.push_back(titrant::quantum::angle_value(angle, parameters, input.features));
      const Matrix u = whole(n, op.gate, op.qubits, angles);
      for (auto& [bits, rho] : states) {
        if (!holds(op, bits)) continue;
        rho = (u * rho * u.adjoint()).eval();
      }
    }
    if (op.kind == Operation::Kind::measure || op.kind == Operation::Kind::reset) {
      const Matrix zero = on(n, op.qubits[0], zero_projector());
      const Matrix one = on(n, op.qubits[0], one_projector());
      const Matrix flip = on(n, op.qubits[0], x());
      std::map<std::uint64_t, Matrix> next;
      const auto add = [&next, size](std::uint64_t bits, const Matrix& rho) {
        next.try_emplace(bits, Matrix::Zero(size, size)).first->second += rho;
      };
      for (const auto& [bits, rho] : states) {
        if (!holds(op, bits)) {
          add(bits, rho);
        } else if (op.kind == Operation::Kind::measure) {
          add(bits & ~(std::uint64_t{1} << op.bit), zero * rho * zero);
          add(bits | (std::uint64_t{1} << op.bit), one * rho * one);
        } else {
          add(bits, zero * rho * zero + flip * one * rho * one * flip);
        }
      }
      states = std::move(next);
    }
  }
  std::map<std::uint64_t, double> probability;
  for (const auto& [bits, rho] : states) probability[bits] = rho.trace().real();
  return probability;
}

inline double probability_of_one(const Circuit& circuit, std::span<const double> parameters, const Input& input,
                                 std::size_t bit) {
  double sum = 0.0;
  for (const auto& [bits, probability] : run(circuit, parameters, input))
    if ((bits >> bit) & 1U) sum += probability;
  return sum;
}

}  // namespace dense
