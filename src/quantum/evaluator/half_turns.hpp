#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "forward.hpp"

namespace titrant::quantum {

/// P(1) with one angle increased by pi, for every use of a parameter. As a function of that angle P is a + b cos + c
/// sin, so with P itself and its derivative this gives P at any shift: P(+-pi/2) = (P + P(pi)) / 2 +- P'. One circuit
/// per occurrence in place of two, begun as late as the angle can be moved: behind the next block where it is the last
/// of its block on one qubit, and into the observable where the readout follows.
class HalfTurns {
 public:
  HalfTurns(const Binding& binding, const Kernels& kernels, Examples& examples, const TailObservables& observables,
            const Changes& changes);

  /// Of the examples in the lanes. turned: [occurrence][lane].
  void run(double* turned);

 private:
  /// What follows a block where an angle is increased by pi.
  struct Turn {
    std::size_t occurrence = 0;
    SmallMatrix matrix;
  };
  /// An angle that enters behind a block, which it may have been moved to.
  struct Entry {
    std::size_t occurrence = 0;
    std::size_t step = 0;  ///< of its own gate
    std::size_t gate = 0;
  };
  struct StepData {
    AlignedVector psi;          ///< the output
    AlignedVector probability;  ///< of one sector after the step: [lane]
    std::vector<Entry> entries;
    std::uint32_t sector_mask = 0;         ///< sector qubits that the turns depend on
    std::vector<std::vector<Turn>> turns;  ///< [variant]: of the entries whose gates are applied there
    /// Whether turned angles enter where all sectors have parted and the steps that commute with this one are done: one
    /// state then serves all angles of the step, and only its cone is run for each. Else they enter at the step.
    bool at_end = false;
    bool in_window = false;  ///< at the end, in the observable
  };
  /// Turned angles as observables of the final state.
  struct Readout {
    std::size_t qubits = 0;
    std::vector<const Addresses*> classes;
    std::uint32_t sector_mask = 0;
    std::vector<std::size_t> occurrences;
    std::vector<std::vector<Observables>> observables;  ///< [variant][class]
    AlignedVector sums;                                 ///< [observable][lane]
  };

  void find_entries();
  void make_turns(const Changes& changes);
  SmallMatrix moved(const Entry& entry, const SmallMatrix& turn, std::uint32_t sector) const;
  void make_readouts(const Changes& changes);

  /// Adds P of all sectors parted from `sector` after `step` to `probability`, and what it would be with each angle of
  /// these steps turned to `turned`.
  void descend(std::size_t step, std::uint32_t sector, const double* psi, double* probability);
  void read_out(std::uint32_t sector, const double* psi, double* probability);
  /// Adds P of one sector of all steps, with each angle turned of the steps that are done there.
  void turn_at_end(std::uint32_t sector, const double* psi, const double* probability);
  /// Adds `probability` for the entries of a step that the sector does not apply.
  void add_unchanged(const StepData& data, const std::vector<Turn>& turns, const double* probability);
  /// The state after all steps but those of the step's cone.
  const double* before_cone(std::size_t step, std::uint32_t sector, const double* psi);

  const Binding* binding_;
  const Program* program_;
  const Kernels* kernels_;
  Examples* examples_;
  const TailObservables* observables_;
  StepRunner runner_;
  Forward forward_;
  std::uint32_t unsplit_;
  std::vector<StepData> steps_;
  std::vector<Readout> readouts_;  ///< of the tail's own angles, then of windows
  AlignedVector before_cone_;
  AlignedVector turned_state_;
  AlignedVector moments_;
  AlignedVector total_;
  double* turned_ = nullptr;
};

}  // namespace titrant::quantum
