#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/input.hpp"

namespace titrant::quantum {

struct Program;  // the compiled circuit

/// Shots with which a probability is estimated. Each example has streams of its own, by its logical number, so
/// estimates do not depend on batches or ranks.
struct Shots {
  std::uint32_t count = 1024;
  std::uint64_t seed = 0;
  core::Purpose purpose = core::Purpose::prediction_shots;
};

/// Evaluates P(bit = 1) of one classical bit of a circuit for many examples: exactly (all measured branches are
/// summed), or estimated from shots. Compiled once for a circuit; const calls are independent of each other.
///
///     Evaluator evaluator(circuit, result_bit);
///     std::vector<double> p(inputs.size());
///     evaluator.probabilities(parameters, inputs, p);
///
/// An example's result has the same bits in any batch, at any place in it and on any instruction set (isa.hpp). Batches
/// pay: what depends on the parameters alone is done once per call, and several examples go side by side.
///
/// `parameters` and features may be longer than what the circuit uses. Throws ConfigError where the circuit cannot be
/// compiled (result bit never measured, more than 16 qubits) or an input does not fit it.
class Evaluator {
 public:
  Evaluator(const Circuit& circuit, std::size_t result_bit);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  std::size_t parameters() const;
  /// Number of parametrised rotations, counting shared parameters once per use (150 for the QCNN of 45 parameters).
  std::size_t occurrences() const;

  /// Floating-point operations of one exact P(1) in a batch, a fused multiply-add being two: what the circuit takes as
  /// compiled, without the work that is done once per call. For estimates of time, and of the speed that is reached.
  double operations() const;

  /// Exact P(1). probability: [input].
  void probabilities(std::span<const double> parameters, std::span<const Input> inputs,
                     std::span<double> probability) const;

  /// The matrix A with P(1) = a^T A a for all real amplitudes a, at these parameters and features: the measured effect
  /// pulled back through the circuit (Heisenberg picture). [2^n][2^n], symmetric. Costs as much as 2^n calls of
  /// `adjoint`, and then serves any number of examples that differ in their amplitudes alone (quadratic_form.hpp).
  Eigen::MatrixXd form(std::span<const double> parameters, std::span<const double> features) const;

  /// Exact P(1) and its gradient by adjoint differentiation, for gates of any kind.
  /// gradient: [input][parameter], row-major, parameters() long.
  void adjoint(std::span<const double> parameters, std::span<const Input> inputs, std::span<double> probability,
               std::span<double> gradient) const;

  /// P(1) and its gradient by the parameter-shift rule, one shift of +-pi/2 per occurrence of a parameter: exact for
  /// exact probabilities, unbiased with shots. 2 x occurrences() circuits per example. `shots` null: exact, and as half
  /// the difference of two exact shifts is the derivative (Schuld et al. 2019, Phys. Rev. A 99, 032331, eq. 13), this
  /// is `adjoint` for the gates that have the rule; the circuits' own values: shifted_probabilities. Else the estimate
  /// of circuit c of example i (c = 0 unshifted, then + and - of each occurrence) uses the stream (seed, purpose,
  /// units[i], c); `units` is empty where exact. Throws ConfigError where a crx, cry or crz has a trained angle: two
  /// shifts do not give its derivative.
  void parameter_shift(std::span<const double> parameters, std::span<const Input> inputs, const Shots* shots,
                       std::span<const std::uint64_t> units, std::span<double> probability,
                       std::span<double> gradient) const;

  /// The same with one shift of all occurrences of a parameter at once: the proposal's "finite difference with pi/2
  /// shift". Not the gradient where parameters are shared (how far: src/quantum/evaluator/README.md). 2 x parameters()
  /// circuits.
  void shared_shift(std::span<const double> parameters, std::span<const Input> inputs, const Shots* shots,
                    std::span<const std::uint64_t> units, std::span<double> probability,
                    std::span<double> gradient) const;

  /// Exact P(1) with each occurrence of a parameter shifted by +pi/2 and -pi/2, for what a device would be asked to
  /// run. shifted: [input][occurrence][+, -], row-major. Throws as parameter_shift.
  void shifted_probabilities(std::span<const double> parameters, std::span<const Input> inputs,
                             std::span<double> probability, std::span<double> shifted) const;

 private:
  std::unique_ptr<const Program> program_;
};

/// Number of ones among shots.count measurements of a bit with this probability, for example `unit`, circuit `circuit`.
std::uint32_t sample_ones(double probability, const Shots& shots, std::uint64_t unit, std::uint32_t circuit = 0);

}  // namespace titrant::quantum
