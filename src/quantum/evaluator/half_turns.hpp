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
  /// Adds P of one sector of all steps, with each angle turned of the steps that are done there.
  void turn_at_end(std::uint32_t sector, const double* psi, const double* probability);
  /// Adds `probability` for the occurrences of a step that the sector does not apply.
  void add_unchanged(std::size_t step, const std::vector<Change>& changes, const double* probability);
  /// The state after all steps but those of the step's cone.
  const double* before_cone(std::size_t step, std::uint32_t sector, const double* psi);

  struct StepData {
    AlignedVector psi;                         ///< the output
    AlignedVector probability;                 ///< of one sector after the step: [lane]
    std::vector<std::vector<Change>> changes;  ///< [variant]
    std::vector<std::size_t> occurrences;      ///< distinct, of this step
    /// Whether turned angles enter where all sectors have parted and the steps that commute with this one are done: one
    /// state then serves all angles of the step, and only its cone is run for each. Else they enter at the step.
    bool at_end = false;
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
  AlignedVector before_cone_;
  AlignedVector turned_state_;
  AlignedVector moments_;
  AlignedVector total_;
  double* turned_ = nullptr;
};

}  // namespace titrant::quantum
