#pragma once

#include <string>
#include <vector>

#include "documentation/facts.hpp"

namespace titrant::cli {

/// ", did you mean 'run'?", or nothing where no known word is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& known);

/// What a faulty command line should have been. `arguments` are those after the command and its action.
std::string usage_error(const CommandFacts& facts, const std::vector<std::string>& arguments,
                        const boost::program_options::error& error,
                        const boost::program_options::options_description& description);

}  // namespace titrant::cli
