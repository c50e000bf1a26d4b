#pragma once

#include <vector>

#include "titrant/quantum/device/compile_for_device.hpp"

namespace titrant::quantum {

/// What summarise() tells, and how long each qubit waits between its first and its last operation.
struct Timeline {
  CircuitSummary summary;
  std::vector<double> idle;  ///< us
};

/// Everything as soon as possible. Throws as summarise().
Timeline timeline(const Circuit& circuit, const Device& device);

}  // namespace titrant::quantum
