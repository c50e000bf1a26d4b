#pragma once

#include <string>

namespace titrant::core {

/// UTC, as 2026-01-31T12:00:00Z.
std::string time_now();

/// "12.3 s", "4 min 05 s", "3 h 20 min"
std::string duration_text(double seconds);

}  // namespace titrant::core
