#pragma once

namespace titrant::cli {

/// What `titrant --version` prints: how this program was built, and what it runs on.
void print_version(bool json);

}  // namespace titrant::cli
