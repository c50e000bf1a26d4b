#pragma once

#include <string>
#include <string_view>

#include "titrant/core/problems.hpp"
#include "titrant/quantum/device/device.hpp"

namespace titrant::quantum {

constexpr std::size_t most_device_qubits = 10000;

/// Our own YAML.
Device device_from_yaml(const std::string& text, const std::string& name, core::Problems& problems);

/// The properties of an IBM back end, JSON.
Device device_from_ibm(std::string_view text, const std::string& name, core::Problems& problems);

}  // namespace titrant::quantum
