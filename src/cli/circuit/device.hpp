#pragma once

#include <boost/program_options.hpp>

#include "command.hpp"
#include "titrant/quantum/device/device.hpp"

namespace titrant::cli {

/// The options --readout-time, --gate-time, --coupling-time and --reset-time.
void add_durations(boost::program_options::options_description& description);

/// The device of `file`, with what these options give for what it lacks. Throws ConfigError for times that are none.
quantum::Device device_of(const Invocation& invocation, const std::string& file);

/// What is left out and what was decided, one line each; for the terminal.
std::vector<std::string> remarks_on(const quantum::Device& device);

}  // namespace titrant::cli
