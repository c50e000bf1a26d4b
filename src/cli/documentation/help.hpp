#pragma once

#include <string>

#include "facts.hpp"

namespace titrant::cli {

/// What `titrant --help` prints.
std::string program_help();

/// What `titrant COMMAND --help` prints.
std::string command_help(const CommandFacts& facts);

}  // namespace titrant::cli
