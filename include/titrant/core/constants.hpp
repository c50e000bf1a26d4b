#pragma once

#include <limits>

namespace titrant::core {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// Stands where a number cannot be given; tables and stores show it as missing.
inline constexpr double not_available = std::numeric_limits<double>::quiet_NaN();

}  // namespace titrant::core
