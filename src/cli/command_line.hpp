#pragma once

#include <string>
#include <vector>

#include "command.hpp"

namespace titrant::cli {

/// What the arguments of the program ask for.
struct CommandLine {
  const Command* command = nullptr;
  std::string parent;  ///< of an action: the name of its command
  boost::program_options::variables_map values;
  bool help = false;  ///< explain `command` and do nothing; values are empty
};

/// Finds the command, its action and the values of its options. Throws ConfigError that says what would be right.
CommandLine parse(const std::vector<std::string>& arguments);

/// The command or action of a path such as {"circuit", "run"}. Throws ConfigError with the nearest known one.
CommandLine find(const std::vector<std::string>& path);

}  // namespace titrant::cli
