#pragma once

#include <string>
#include <string_view>

#include "titrant/quantum/device/device.hpp"

namespace titrant::quantum {

/// Reads a device file: the YAML of configs/devices (README.md there explains it), or the properties of an IBM back end
/// as Qiskit stores them (JSON; recognised by its content). T2 beyond 2 T1 is cut to 2 T1, and a coupling of error 1 is
/// dead. Qubits and couplings that the calibration declares not operational, or gives no figures of, are left out
/// (Device::left_out). Throws ConfigError "file:line:column: ..." with every fault; at most 10,000 qubits, and 4 MB
/// (YAML) or 32 MB (JSON).
Device read_device(const std::string& file);

/// The same of text; `name` is for messages.
Device parse_device(std::string_view text, const std::string& name);

}  // namespace titrant::quantum
