#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "forward.hpp"

namespace titrant::quantum {

/// P(1) with one angle increased by pi, for every use of a parameter. As a function of that angle P is a + b cos + c
/// sin, so with P itself and its derivative this gives P at any shift: P(+-pi/2) = (P + P(pi)) / 2 +- P'. One circuit
/// per occurrence in place of two, begun where the angle stands.
class HalfTurns {
 public:
  HalfTurns(const Binding& binding, const Kernels& kernels, Examples& examples, const TailObservables& observables);

  /// Of the examples in the lanes. turned: [occurrence][lane].
  void run(double* turned);

 private:
  /// Adds P of all sectors parted from `sector` after `step` to `probability`, and what it would be with each angle of
  /// these steps turned to `turned`.
  void descend(std::size_t step, std::uint32_t sector, const double* psi, double* probability);
  void read_out(std::uint32_t sector, const double* psi, double* probability);

  struct StepData {
    AlignedVector psi;                         ///< the output
    AlignedVector probability;                 ///< of one sector after the step: [lane]
    std::vector<std::vector<Change>> changes;  ///< [variant]
    std::vector<std::size_t> occurrences;      ///< distinct, of this step
  };

  const Program* program_;
  const Kernels* kernels_;
  Examples* examples_;
  const TailObservables* observables_;
  StepRunner runner_;
  Forward forward_;
  std::uint32_t unsplit_;
  std::vector<StepData> steps_;
  std::vector<std::vector<TailChange>> tail_;  ///< [tail sector]
  std::vector<std::size_t> tail_occurrences_;
  AlignedVector turned_state_;
  AlignedVector moments_;
  AlignedVector total_;
  double* turned_ = nullptr;
};

}  // namespace titrant::quantum
