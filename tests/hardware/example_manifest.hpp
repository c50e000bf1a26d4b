#pragma once

#include <nlohmann/json.hpp>

#include "titrant/hardware/manifest.hpp"

namespace titrant::hardware {

/// Two markers, two calibration circuits, and two subjects on three of five doses.
inline Manifest example_manifest() {
  Manifest m;
  m.version = "0.2.0";
  m.store = "run.h5";
  m.store_sha256 = "aa";
  m.device = "five";
  m.device_file = "five.yaml";
  m.device_sha256 = "bb";
  m.device_calibrated = "2026-01-02";
  m.question = {"base", "daily", "control", 0.75};
  m.classifier = "qcnn";
  m.dose_unit = "mg";
  m.parameter_names = {"a", "b"};
  m.parameters = {0.1, -2.0 / 3.0};
  m.bits = {{{"pooled", 0, 3}, {"answer", 3, 1}}, 3};
  m.promise = {{1.0, 2.0, 3.0, 4.0, 5.0}, 2};
  m.scheme.doses = {1.0, 2.0, 3.0};
  m.scheme.target = 0.75;
  m.scheme.readout = {classifier::ReadoutKind::sigmoid, 6.0, 0.25};
  m.risk = 0.04;
  const auto add = [&](const std::string& name, Role role, std::uint64_t subject, double dose, double p_one) {
    ExportedCircuit circuit;
    circuit.planned = {name, role, subject, dose, p_one, {0.01, 0.02}, 500};
    circuit.sha256 = "cc";
    circuit.expected = p_one;
    if (role == Role::question || role == Role::calibration) circuit.features = {0.5, 3.0};
    circuit.initial_layout = {3, 4};
    circuit.final_layout = {4, 3};
    m.circuits.push_back(circuit);
    m.scheme.circuits.push_back(circuit.planned);
  };
  add("marker_zero", Role::marker_zero, 0, 0.0, 0.0);
  add("marker_one", Role::marker_one, 0, 0.0, 1.0);
  add("calibration_low", Role::calibration, 7, 1.0, 0.25);
  add("calibration_high", Role::calibration, 7, 5.0, 0.75);
  for (std::uint64_t subject = 0; subject < 2; ++subject)
    for (std::size_t d = 0; d < 3; ++d)
      add("subject_" + std::to_string(subject) + "_" + std::to_string(d), Role::question, subject, m.scheme.doses[d],
          0.4 + 0.1 * static_cast<double>(d));
  return m;
}

}  // namespace titrant::hardware
