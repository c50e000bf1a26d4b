#pragma once

#include <string>

#include "titrant/core/settings.hpp"

namespace titrant::quantum {
class NoiseModel;
}

namespace titrant::run {

/// The `quantum.noise` section of the configuration: a device, or the same noise on every qubit.
struct NoiseOptions {
  std::string device;      ///< device file; empty: the figures below
  std::string text;        ///< its content, so that a run is repeated with the device it had; empty: not read yet
  std::string text_of;     ///< the device file that this is the content of
  double one_qubit = 0.0;  ///< depolarising probability after a gate
  double two_qubit = 0.0;
  double readout = 0.0;               ///< probability that a recorded bit is wrong
  double t1 = 0.0;                    ///< us; 0: no relaxation
  double t2 = 0.0;                    ///< us; 0: 2 t1
  double one_qubit_duration = 50.0;   ///< ns
  double two_qubit_duration = 550.0;  ///< ns

  bool any() const {
    return !device.empty() || one_qubit > 0.0 || two_qubit > 0.0 || readout > 0.0 || t1 > 0.0 || t2 > 0.0;
  }
};

/// The keys of the section. In place of it may stand a word: `none`, or the name of a device file.
void describe_noise(core::Settings& parent, NoiseOptions& options);

/// From a command line: the name of a device file, `none`, or keys as '{two_qubit: 0.01, readout: 0.01}'. Throws
/// ConfigError with every fault.
NoiseOptions read_noise(const std::string& text);

/// Keeps the content of the device file, unless it is there already. Throws DataError.
void read_device_text(NoiseOptions& options);

/// For circuits in the gates and on the qubits of the device itself. Throws ConfigError where the device file is
/// faulty.
quantum::NoiseModel circuit_noise(const NoiseOptions& options);

/// For the network as it is written, before any translation to a device: every gate on two qubits has the noise of the
/// device's median coupling (by synthesis the three rotations of a general two-qubit gate are three ecr), every
/// rotation that is not about z that of two median sx.
quantum::NoiseModel network_noise(const NoiseOptions& options);

}  // namespace titrant::run
