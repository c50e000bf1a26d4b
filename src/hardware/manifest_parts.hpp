#pragma once

#include "titrant/hardware/manifest.hpp"

namespace titrant::hardware {

inline constexpr const char* manifest_format = "titrant device circuits";
inline constexpr int manifest_version = 1;

/// Text, with a limit: 64 MB.
inline constexpr std::size_t most_manifest = std::size_t{1} << 26U;

}  // namespace titrant::hardware
