#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calibration_notes.hpp"
#include "device_formats.hpp"

namespace titrant::quantum {

/// cx, cz, ecr or rzz; none for another name.
std::optional<GateKind> pair_gate(const std::string& name);

/// The couplings of a calibration, each once, in the order in which the file names them first: of the entries for two
/// qubits, in both directions and by several gates, the best.
std::vector<Device::Edge> edges_of(const Calibration& calibration, const GivenDurations& given, Decisions& decisions);

/// On how many couplings an rzz that the file lists does not work; empty: it lists none, or all work.
std::string rzz_note(const Calibration& calibration, const std::vector<Device::Edge>& edges);

}  // namespace titrant::quantum
