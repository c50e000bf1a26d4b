#pragma once

#include "program.hpp"

namespace titrant::quantum {

/// Finds the windows of the forward steps, whose cones, and the readout, are known.
void find_windows(Program& program);

}  // namespace titrant::quantum
