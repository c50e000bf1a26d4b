#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "examples.hpp"
#include "kernels.hpp"
#include "tail.hpp"

namespace titrant::quantum {

/// The tail's observable in each of its sectors.
struct TailObservables {
  std::vector<Coefficients> coefficients;
  std::vector<std::vector<double>> matrices;

  TailObservables(const Binding& binding, const Kernels& kernels);
};

/// What the passes over a program share: how one step is applied to one sector of the examples in the lanes.
class StepRunner {
 public:
  StepRunner(const Binding& binding, const Kernels& kernels, const Examples& examples)
      : binding_(&binding), kernels_(&kernels), examples_(&examples) {}

  /// out <- step in.
  void apply(const ForwardStep& step, std::uint32_t sector, const double* in, double* out) const;
  /// The same with another matrix for the block, which does not depend on features.
  void apply(const ForwardStep& step, const SmallMatrix& matrix, const double* in, double* out) const;
  /// The same with a matrix that follows the block of a step whose output is complex.
  void follow(const ForwardStep& step, const SmallMatrix& matrix, const double* in, double* out) const;
  /// out <- step^+ in, or out += step^+ in.
  void apply_adjoint(const ForwardStep& step, std::uint32_t sector, bool add, const double* in, double* out) const;

  std::size_t state_size() const;  ///< doubles

 private:
  void copy_untouched(const ForwardStep& step, bool add, const double* in, double* out) const;

  const Binding* binding_;
  const Kernels* kernels_;
  const Examples* examples_;
};

/// Runs the examples in the lanes from some step to the end and evaluates one or more versions of the tail there,
/// sector by sector (depth first: a state is used up before the next sector is begun, so that little memory is touched
/// at a time).
class Forward {
 public:
  Forward(const Binding& binding, const Kernels& kernels, const Examples& examples,
          std::span<const TailObservables> observables);

  /// Adds to `probability` [observable][lane] that of result 1, of all sectors that have parted from `sector` after
  /// `step`; each with its weight. `state` is the input of `step` and is overwritten.
  void run(std::size_t step, std::uint32_t sector, double* state, double* probability);

 private:
  void read_out(std::uint32_t sector, const double* state, double* probability);

  const Program* program_;
  const Kernels* kernels_;
  const Examples* examples_;
  std::span<const TailObservables> observables_;
  StepRunner runner_;
  std::uint32_t unsplit_;                ///< sector qubits on which only the tail depends
  std::vector<AlignedVector> children_;  ///< [step]: the output, where sectors part
  AlignedVector moments_;
};

/// Sector qubits that matter but on which no forward step depends.
std::uint32_t unsplit_sectors(const Program& program);

}  // namespace titrant::quantum
