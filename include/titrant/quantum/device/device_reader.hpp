#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "titrant/quantum/device/device.hpp"

namespace titrant::quantum {

/// Durations (ns) that the user gives for what a calibration gives none of; without one, what lacks it is left out.
struct GivenDurations {
  std::optional<double> readout = {};
  std::optional<double> gate = {};      ///< of one pulse: sx and x, u2, rx; twice as long: u3
  std::optional<double> coupling = {};  ///< of a gate on two qubits
  std::optional<double> reset = {};     ///< without it: 0, as a note says
};

/// Reads a device file: the YAML of configs/devices (README.md there explains it), or the properties of an IBM back end
/// as Qiskit stores them (JSON; recognised by its content). T2 beyond 2 T1 is cut to 2 T1, and a coupling of error 1 is
/// dead. Qubits and couplings that the calibration declares not operational, or gives no figures of, are left out
/// (Device::left_out); what else had to be decided is in Device::notes. Throws ConfigError "file:line:column: ..." with
/// every fault; at most 10,000 qubits, and 4 MB (YAML) or 32 MB (JSON).
Device read_device(const std::string& file, const GivenDurations& given = {});

/// The same of text; `name` is for messages.
Device parse_device(std::string_view text, const std::string& name, const GivenDurations& given = {});

/// A device as YAML, version 2 of configs/devices: reading it gives the same device.
std::string write_device(const Device& device);

}  // namespace titrant::quantum
