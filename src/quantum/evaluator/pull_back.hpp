#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "batch.hpp"

namespace titrant::quantum {

/// The measured effect, pulled back through a whole program to its amplitudes (Heisenberg picture): P(1) = a^T A a.
///
/// Column j of A is the real part of (circuit)^+ E (circuit) |j>, with the qubits that are not in the amplitude vector
/// in their prepared states on either side. Basis states go through the program side by side, forward and back.
class PullBack {
 public:
  /// The inputs of the batch are the basis states, in their order.
  explicit PullBack(Batch& batch);

  /// A: [2^n][2^n], n the number of amplitude qubits.
  Eigen::MatrixXd run();

 private:
  /// Computes lambda of the input of `step`, all sectors that part later added up with their weights.
  void descend(std::size_t step, std::uint32_t sector, const double* psi, double* lambda);
  void read_out(std::uint32_t sector, const double* psi, double* lambda);
  /// The probability of all sectors that have this value under `mask`; the same for all lanes.
  double weight_of(std::uint32_t sector, std::uint32_t mask) const;

  struct StepData {
    AlignedVector psi;     ///< the output
    AlignedVector lambda;  ///< of the output
  };

  Batch* batch_;
  const Program* program_;
  StepRunner runner_;
  std::uint32_t unsplit_;  ///< sector qubits on which only the tail depends
  std::vector<StepData> steps_;
  std::vector<std::uint32_t> seen_;  ///< [step]: sector qubits that states depend on after it
};

}  // namespace titrant::quantum
