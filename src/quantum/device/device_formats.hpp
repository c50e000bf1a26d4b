#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/core/problems.hpp"
#include "titrant/quantum/device/device.hpp"
#include "titrant/quantum/device/device_reader.hpp"

namespace titrant::quantum {

constexpr std::size_t most_device_qubits = 10000;

/// Our own YAML.
Device device_from_yaml(const std::string& text, const std::string& name, const GivenDurations& given,
                        core::Problems& problems);

/// The properties of an IBM back end, JSON.
Device device_from_ibm(std::string_view text, const std::string& name, const GivenDurations& given,
                       core::Problems& problems);

/// The figures of one qubit or gate of a calibration by name: T1, T2 in us, other times in ns; what has no value is not
/// there.
using CalibratedFigures = std::map<std::string, double, std::less<>>;

/// The figure of this name; none where there is none.
inline std::optional<double> calibrated_figure(const CalibratedFigures& figures, std::string_view name) {
  const auto found = figures.find(name);
  return found == figures.end() ? std::nullopt : std::optional(found->second);
}

/// Declared not operational.
inline bool switched_off(const CalibratedFigures& figures) {
  return calibrated_figure(figures, "operational").value_or(1.0) == 0.0;
}

/// One gate on some qubits, as a calibration lists it.
struct CalibratedGate {
  std::string name;
  std::vector<std::size_t> qubits;
  CalibratedFigures figures;
};

/// What a calibration says, before any rule is applied. Qubits of gates are in range and different; no gate is there
/// twice.
struct Calibration {
  std::vector<CalibratedFigures> qubits;
  std::vector<CalibratedGate> gates;
};

/// Decides what of a calibration is used, by the rules of this folder's README: fills qubits, edges, pulses, notes.
void apply_calibration(const Calibration& calibration, const GivenDurations& given, const std::string& name,
                       Device& device, core::Problems& problems);

}  // namespace titrant::quantum
