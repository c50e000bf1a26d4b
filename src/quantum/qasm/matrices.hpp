#pragma once

#include <complex>
#include <cstddef>
#include <optional>
#include <span>

#include "native.hpp"

namespace titrant::quantum::qasm {

/// The unitary of the gates it takes, on at most three qubits numbered from 0, phases included.
class MatrixSink : public GateSink {
 public:
  explicit MatrixSink(std::size_t qubits);

  void gate(const NativeGate& gate) override;
  void phase(double angle) override;
  void barrier(std::span<const std::size_t> qubits) override;

  const Matrix& unitary() const { return unitary_; }

 private:
  std::size_t qubits_;
  Matrix unitary_;
};

/// The angle in (-pi, pi]; what is within rounding of -pi is pi, so that no branch hangs on the last bit.
double principal_angle(double angle);

/// The power U^k = exp(k log U) of a 2 x 2 unitary, the principal one: eigenvalues exp(i a) with a in (-pi, pi].
Matrix principal_power(const Matrix& unitary, double exponent);

/// A 2 x 2 unitary as exp(i phase) u(theta, phi, lambda) on this qubit.
Phased as_u(const Matrix& unitary, std::size_t qubit);

/// The phase with `unitary` = exp(i phase) gate, where there is one (to 1e-10 in every element).
std::optional<double> phase_from(const NativeGate& gate, const Matrix& unitary);

}  // namespace titrant::quantum::qasm
