#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "forward.hpp"

namespace titrant::quantum {

/// Derivatives of P(1) by one run forward and one back (adjoint differentiation, Jones & Gacon 2020, arXiv:2009.02823).
///
/// With psi the state after a block and lambda = (later blocks)^+ E (later blocks) psi, an angle with generator G
/// changes P by 2 Re <lambda| -i G |psi>. That is linear in the D * D moments of (psi, lambda) on the block's qubits,
/// so a block costs one pass over the state for all of its angles.
class Reverse {
 public:
  /// \param output  [occurrence]: where the derivative of its angle is added
  Reverse(const Binding& binding, const Kernels& kernels, Examples& examples, const TailObservables& observables,
          const Changes& changes, const std::vector<std::size_t>& output, std::size_t outputs);

  /// Of the examples in the lanes. probability: [lane]; derivatives: [output][lane].
  void run(double* probability, double* derivatives);

 private:
  /// Derivatives of one block in one of its variants.
  struct AngleChange {
    std::size_t output;
    std::array<double, 16> response;  ///< coefficients of the moments
  };
  struct StepData {
    AlignedVector psi;                              ///< the output
    AlignedVector lambda;                           ///< of the output
    std::vector<std::vector<AngleChange>> changes;  ///< [variant]
    AlignedVector response;                         ///< [variant][D * D][lane]
  };

  /// Computes lambda of the input of `step` from its psi; `lambda` may be null where nobody asks.
  void descend(std::size_t step, std::uint32_t sector, const double* psi, double* lambda);
  void read_out(std::uint32_t sector, const double* psi, double* lambda);

  const Program* program_;
  const Kernels* kernels_;
  Examples* examples_;
  const TailObservables* observables_;
  StepRunner runner_;
  std::size_t outputs_;
  std::uint32_t unsplit_;
  std::size_t first_changed_;  ///< the first step with a trained angle
  std::vector<StepData> steps_;
  std::vector<std::size_t> tail_outputs_;  ///< those of the tail's angles
  std::vector<Observables> tail_;          ///< [tail sector]: their derivatives
  AlignedVector tail_sums_;                ///< [tail output][lane]
  AlignedVector moments_;
  double* probability_ = nullptr;
};

}  // namespace titrant::quantum
