#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/evaluator.hpp"
#include "titrant/quantum/input.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::quantum {

struct NoisyProgram;  // the compiled circuit

/// Evaluates the probability that a classical bit is *recorded* as 1 when a circuit runs under a noise model, for many
/// examples: exactly, as the density matrix would give it, feedback on wrong records included. Compiled once for a
/// circuit and a model; const calls are independent of each other.
///
///     NoisyEvaluator evaluator(circuit, result_bit, NoiseModel(UniformNoise{.two_qubit = 0.01, .readout = 0.01}));
///     std::vector<double> p(inputs.size());
///     evaluator.probabilities(parameters, inputs, p);
///
/// The recorded effect is pulled back through gates and noise in the Pauli basis (Heisenberg picture), where all is
/// real, once per call and once more for each different set of those features that turn gates in the middle of the
/// circuit. Features that only prepare qubits cost nothing more. What remains of each example is a quadratic form.
///
/// An example's result has the same bits in any batch, at any place in it and on any instruction set (isa.hpp).
///
/// `parameters` and features may be longer than what the circuit uses. Throws ConfigError where the circuit cannot be
/// compiled (result bit never measured, a gate that the model refuses, an effect and its changes of more than 2^27
/// numbers) or an input does not fit it.
class NoisyEvaluator {
 public:
  NoisyEvaluator(const Circuit& circuit, std::size_t result_bit, const NoiseModel& noise);
  ~NoisyEvaluator();
  NoisyEvaluator(NoisyEvaluator&&) noexcept;
  NoisyEvaluator& operator=(NoisyEvaluator&&) noexcept;

  std::size_t parameters() const;
  /// Number of angles that are trained parameters, counting shared parameters once per use.
  std::size_t occurrences() const;

  /// Exact probability of recording 1. probability: [input].
  void probabilities(std::span<const double> parameters, std::span<const Input> inputs,
                     std::span<double> probability) const;

  /// The matrix A with P = a^T A a for all real amplitudes a, at these parameters and features. [2^n][2^n], symmetric;
  /// 1 x 1 for a circuit without amplitude input. Costs as much as one `probabilities`.
  Eigen::MatrixXd form(std::span<const double> parameters, std::span<const double> features) const;

  /// Exact probability and its gradient, for gates of any kind: the derivative by each entry of a block's transfer
  /// matrix, then the chain rule. gradient: [input][parameter], row-major, parameters() long.
  void adjoint(std::span<const double> parameters, std::span<const Input> inputs, std::span<double> probability,
               std::span<double> gradient) const;

  /// Probability and gradient by the parameter-shift rule, one shift of +-pi/2 per occurrence of a parameter. Noise
  /// does not depend on angles, so the probability stays a + b cos + c sin of each and the rule is exact (Schuld et al.
  /// 2019, Phys. Rev. A 99, 032331, eq. 13; for channels their section III.C). `shots` null: exact, which is `adjoint`.
  /// Else the estimate of circuit c of example i (c = 0 unshifted, then + and - of each occurrence) uses the stream
  /// (seed, purpose, units[i], c); `units` is empty where exact. Throws ConfigError where a crx, cry or crz has a
  /// trained angle: two shifts do not give its derivative.
  void parameter_shift(std::span<const double> parameters, std::span<const Input> inputs, const Shots* shots,
                       std::span<const std::uint64_t> units, std::span<double> probability,
                       std::span<double> gradient) const;

  /// The same with one shift of all occurrences of a parameter at once. Not the gradient where parameters are shared.
  /// 2 x parameters() pull-backs; circuits are numbered by parameter.
  void shared_shift(std::span<const double> parameters, std::span<const Input> inputs, const Shots* shots,
                    std::span<const std::uint64_t> units, std::span<double> probability,
                    std::span<double> gradient) const;

 private:
  std::unique_ptr<const NoisyProgram> program_;
};

}  // namespace titrant::quantum
