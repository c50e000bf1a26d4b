#pragma once

#include <string>

/// \file
/// The formats of `titrant documentation`, each in a file of its own; all are made of facts.hpp.

namespace titrant::cli {

std::string man_page();
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();
std::string markdown_reference();
std::string store_reference();

}  // namespace titrant::cli
