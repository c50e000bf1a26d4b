#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

#include "quantum/dense.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

/// Unitaries of whole programs, from dense.hpp.
namespace qasm_test {

using dense::Complex;
using dense::i;
using dense::Matrix;

/// What a circuit of gates makes of the columns u; qubit 0 is the most significant. Each gate is written out on its own
/// qubits alone.
inline Matrix applied(const titrant::quantum::Circuit& circuit, Matrix u) {
  const std::size_t n = circuit.qubits();
  const Eigen::Index size = Eigen::Index{1} << n;
  for (const auto& op : circuit.operations()) {
    if (op.kind == titrant::quantum::Operation::Kind::barrier) continue;
    EXPECT_EQ(op.kind, titrant::quantum::Operation::Kind::gate);
    std::vector<double> angles;
    for (const auto& angle : op.angles) angles.push_back(angle.value);
    std::vector<std::size_t> local(op.qubits.size());
    std::iota(local.begin(), local.end(), 0U);
    const Matrix gate = dense::whole(local.size(), op.gate, local, angles);
    Matrix next = Matrix::Zero(size, u.cols());
    for (Eigen::Index row = 0; row < size; ++row) {
      Eigen::Index from = 0;
      Eigen::Index rest = row;
      for (const std::size_t q : op.qubits) {
        const Eigen::Index bit = Eigen::Index{1} << (n - 1 - q);
        from = 2 * from + ((row & bit) != 0 ? 1 : 0);
        rest &= ~bit;
      }
      for (Eigen::Index to = 0; to < gate.rows(); ++to) {
        Eigen::Index target = rest;
        for (std::size_t k = 0; k < op.qubits.size(); ++k)
          if ((to >> (op.qubits.size() - 1 - k)) & 1) target |= Eigen::Index{1} << (n - 1 - op.qubits[k]);
        next.row(target) += gate(to, from) * u.row(row);
      }
    }
    u = next;
  }
  return u;
}

inline Matrix unitary(const titrant::quantum::Circuit& circuit) {
  const Eigen::Index size = Eigen::Index{1} << circuit.qubits();
  return applied(circuit, Matrix::Identity(size, size));
}

/// The largest element of a - exp(i phase) b for the best phase.
inline double distance(const Matrix& a, const Matrix& b) {
  const Complex overlap = (b.adjoint() * a).trace();
  return (a - overlap / std::abs(overlap) * b).cwiseAbs().maxCoeff();
}

/// Calls on `qubit[n] q;`.
inline titrant::quantum::Circuit circuit_of(std::size_t n, const std::string& calls,
                                            const std::string& version = "3.0") {
  return titrant::quantum::read_qasm("OPENQASM " + version + "; include \"stdgates.inc\";\nqubit[" + std::to_string(n) +
                                     "] q;\n" + calls)
      .circuit;
}

inline Matrix unitary_of(std::size_t n, const std::string& calls, const std::string& version = "3.0") {
  return unitary(circuit_of(n, calls, version));
}

/// U where the first `controls` qubits are all 1.
inline Matrix controlled(std::size_t controls, const Matrix& u) {
  const Eigen::Index size = u.rows() << controls;
  Matrix m = Matrix::Identity(size, size);
  m.bottomRightCorner(u.rows(), u.cols()) = u;
  return m;
}

/// cos, sin matrix of the OpenQASM gate u3 as Qiskit has it.
inline Matrix u3(double theta, double phi, double lambda) {
  const double c = std::cos(theta / 2);
  const double s = std::sin(theta / 2);
  return dense::make({c, -std::exp(i * lambda) * s, std::exp(i * phi) * s, std::exp(i * (phi + lambda)) * c});
}

}  // namespace qasm_test
