#pragma once

#include <boost/program_options.hpp>
#include <cstddef>
#include <string>

#include "titrant/core/console.hpp"

/// \file
/// Messages of the program: colour (--color, NO_COLOR, TERM) and the look of the lines on standard error
/// (--log-format). Escape codes go to terminals alone, unless --color always asks for them.

namespace titrant::cli {

/// --color and --log-format, of every command.
void add_message_options(boost::program_options::options_description& description);

/// From now on, on this rank. Throws ConfigError for a word that is none of theirs.
void choose_message_style(const boost::program_options::variables_map& values, std::size_t rank);

/// Where progress goes.
core::Console console(bool quiet);
/// For what must be said even if no progress is wanted; nothing grows in place.
core::Console plain_console(bool quiet);

/// "titrant: TEXT" on standard error.
void print_error(const std::string& text);
void print_warning(const std::string& text);

enum class Tone { good, doubtful, bad };
/// A verdict for standard output: green, yellow or red on a terminal, as it is elsewhere.
std::string verdict(const std::string& text, Tone tone);

}  // namespace titrant::cli
