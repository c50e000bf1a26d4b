#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <string_view>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// A gate on k qubits: 2^k rows. The first listed qubit is the most significant bit of a row or column number, so that
/// `cx` is diag(1, X) with its control first, as in textbooks and in the OpenQASM 3 specification.
using Matrix = Eigen::MatrixXcd;

/// The name in OpenQASM 3 (stdgates.inc; `ecr`, `rxx`, `ryy`, `rzz` as Qiskit names them).
std::string_view gate_name(GateKind gate);
std::size_t gate_qubits(GateKind gate);
std::size_t gate_angles(GateKind gate);

/// The unitary of a gate for angles in rad; as many as gate_angles(gate).
///
/// Rotations are exp(-i theta P / 2); p(lambda) = diag(1, exp(i lambda)); u(theta, phi, lambda) = p(phi) ry(theta)
/// p(lambda); ecr = (X x I - Y x X) / sqrt 2, left factor on the first qubit: Qiskit's ECRGate.
Matrix gate_matrix(GateKind gate, std::span<const double> angles);

}  // namespace titrant::quantum
