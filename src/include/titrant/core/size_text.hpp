#pragma once

#include <string>

namespace titrant::core {

/// "0.5 MB", "193 MB", "79.1 GB", "1.2 TB": three digits, in the largest of these units that gives a number from 1 on.
std::string size_text(double bytes);

}  // namespace titrant::core
