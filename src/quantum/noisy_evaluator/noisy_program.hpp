#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::quantum {

/// A gate with what follows it, as a matrix on Pauli coefficients that depends on at most one kind of numbers.
struct NoisyStep {
  /// On which of the program's qubits, the first most significant: those that hold conditions, then the gate's.
  std::vector<std::size_t> qubits;
  GateKind gate = GateKind::x;
  std::vector<Angle> angles;
  std::vector<bool> condition;  ///< values that the first qubits must hold for the gate to be there
  Eigen::MatrixXd noise;        ///< after the gate, on its own qubits; empty: none
  /// In place of a gate: a fixed matrix on `qubits` (measurements, resets).
  Eigen::MatrixXd fixed;
  std::vector<std::size_t> occurrences;  ///< [angle] which use of a parameter; no_use where it is none
};
inline constexpr std::size_t no_use = static_cast<std::size_t>(-1);

/// Steps in a row on the same qubits.
struct NoisyBlock {
  std::vector<std::size_t> qubits;
  std::vector<NoisyStep> steps;
  std::size_t twin = 0;  ///< the first block with the same matrix for all parameters, on whichever qubits
};

/// A circuit under noise without measurements: a recorded bit is the value of a qubit that nothing else touches.
struct NoisyProgram {
  std::size_t qubits = 0;
  std::vector<std::size_t> amplitude_qubits;
  std::size_t result = 0;                      ///< the qubit that holds the result bit
  std::vector<std::vector<NoisyStep>> prefix;  ///< [qubit] what is done to it alone before the blocks
  std::vector<NoisyBlock> blocks;
  bool features_in_blocks = false;
  std::size_t parameters = 0;
  std::size_t features = 0;
  std::vector<std::size_t> parameter_of;  ///< [occurrence]
};

NoisyProgram noisy_program(const Circuit& circuit, std::size_t result_bit, const NoiseModel& noise);

/// Throws ConfigError where a trained angle is that of a controlled rotation, which two shifts do not differentiate.
void check_two_terms(const NoisyProgram& program);

/// The matrix of a step on all of its qubits, [4^k][4^k], with `shift` added to the angle of one occurrence.
Eigen::MatrixXd step_matrix(const NoisyStep& step, std::span<const double> parameters, std::span<const double> features,
                            std::size_t shifted = no_use, double shift = 0.0);

/// The derivative of a step's matrix with respect to the angle of one of its occurrences.
Eigen::MatrixXd step_derivative(const NoisyStep& step, std::span<const double> parameters,
                                std::span<const double> features, std::size_t occurrence);

/// A matrix on some qubits as one on more; `qubits` is a subset of `all`.
Eigen::MatrixXd widened(const Eigen::MatrixXd& matrix, std::span<const std::size_t> qubits,
                        std::span<const std::size_t> all);

}  // namespace titrant::quantum
