#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/noise/channel.hpp"

namespace titrant::quantum {

struct Device;

/// How a measurement is misread: the recorded bit is wrong, the qubit is not touched.
struct ReadoutError {
  double one_given_zero = 0.0;
  double zero_given_one = 0.0;
};

/// The same noise on every qubit. After each gate its qubits are depolarised, then relax for the gate's duration.
/// Diagonal gates of one qubit (rz, p, z, s, t, ...) are changes of a reference frame and have neither noise nor
/// duration.
struct UniformNoise {
  double one_qubit = 0.0;  ///< depolarising probability after a gate: rho -> (1 - p) rho + p I / 2^k
  double two_qubit = 0.0;
  double readout = 0.0;                                 ///< probability that a recorded bit is wrong, either way
  double t1 = std::numeric_limits<double>::infinity();  ///< us
  double t2 = std::numeric_limits<double>::infinity();  ///< us, at most 2 t1; infinite: as long as t1 allows
  double one_qubit_duration = 50.0;                     ///< ns
  double two_qubit_duration = 550.0;                    ///< ns
};

/// What goes wrong when the operations of a circuit are carried out.
///
///     NoiseModel noise(UniformNoise{.two_qubit = 0.01, .readout = 0.01});
///     for (const NoiseModel::Applied& applied : noise.after(operation)) rho.apply(*applied.channel, applied.qubits);
///
/// A value; copies share their channels. Pointers that `after` gives out stay valid as long as any copy lives.
class NoiseModel {
 public:
  NoiseModel();  ///< no noise
  /// Throws ConfigError for probabilities and times out of range.
  explicit NoiseModel(const UniformNoise& uniform);
  /// Qubits of circuits are the device's qubits by number (Device::subset). A gate of reported average error e is
  /// followed by depolarising and then by relaxation of its qubits for its duration, the depolarising such that both
  /// together have the error e; by relaxation alone where that exceeds e. T2 beyond 2 T1 counts as 2 T1. Throws
  /// ConfigError for times that are not positive and readout errors that are no probabilities.
  explicit NoiseModel(const Device& device);
  /// For circuits that are not written in the device's gates: every gate on two qubits has the noise of one ecr on the
  /// median live coupling, every gate on one qubit that is not virtual that of two median sx, every record the median
  /// readout error. Throws ConfigError for a device without live couplings.
  static NoiseModel typical(const Device& device);

  struct Applied {
    const Channel* channel;
    std::vector<std::size_t> qubits;
  };
  /// The channels after this operation, in order; empty where there is no noise. A reset leaves |0>, which relaxation
  /// does not change, so it has none. Throws ConfigError where a device cannot carry a gate out: not native, qubits not
  /// coupled or in the other direction, a dead coupling, an error that is more than noise; and for noisy gates on three
  /// qubits, whose noise nobody knows.
  std::vector<Applied> after(const Operation& operation) const;

  ReadoutError readout(std::size_t qubit) const;
  bool trivial() const;  ///< no noise at all

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

}  // namespace titrant::quantum
