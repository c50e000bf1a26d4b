#pragma once

#include <span>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// The circuit with numbers in place of parameters and features; an amplitude input stays. For what leaves the program:
/// export, synthesis, devices.
///
/// `parameters` and `features` in rad, at least as many as the circuit uses. Throws ConfigError where there are fewer
/// or one that is used is not finite.
Circuit bind_angles(const Circuit& circuit, std::span<const double> parameters, std::span<const double> features);

}  // namespace titrant::quantum
