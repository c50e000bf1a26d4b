#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.hpp"

/// \file
/// What the program says of itself, as plain data: from here come help, manual page, completion and command reference.

namespace titrant::cli {

/// An option, or an argument without a name of its own on the command line.
struct OptionFacts {
  std::string name;      ///< "output"
  std::string letter;    ///< "o"; empty: none
  std::string value;     ///< name of the value, "RUN.h5"; empty: it takes none
  std::string standard;  ///< the value without it; empty: none
  std::string meaning;
  bool bare = false;     ///< a bare argument fills it
  bool repeats = false;  ///< may be given more than once
};

struct CommandFacts {
  std::string path;  ///< "circuit run"
  std::string summary;
  std::string usage;  ///< "titrant circuit run FILE.qasm [OPTION ...]"
  std::vector<std::string> examples;
  std::vector<OptionFacts> options;  ///< its own, then those of all commands
  std::vector<std::string> actions;  ///< their names; empty: it has none
};

/// A command, or an action of the command `parent`.
CommandFacts facts_of(const Command& command, const std::string& parent = "");
/// All commands, each followed by its actions.
std::vector<CommandFacts> all_facts();

/// What a value may be, read from its name.
struct ValueKind {
  std::vector<std::string> words;     ///< "daily|weekly": one of these
  std::vector<std::string> suffixes;  ///< "FILE.yaml|RUN.h5": a file that ends so
  bool file = false;                  ///< "FILE": any file
  bool folder = false;                ///< "FOLDER"
  bool key = false;                   ///< "KEY=...": a key of the configuration
};
ValueKind kind_of(const std::string& value_name);

/// Options of every command: --help, --color, --log-format.
void add_common_options(boost::program_options::options_description& description);

/// Whether it is one of these.
bool is_common(const OptionFacts& option);

/// The keys of the configuration with their defaults; sections are left out.
std::vector<core::Settings::Description> configuration_keys();

/// The same with patterns (regimens.<name>.interval).
std::vector<core::Settings::Description> documented_keys();

/// "-o, --output RUN.h5"
std::string option_text(const OptionFacts& option);

using Pair = std::pair<std::string_view, std::string_view>;
std::vector<Pair> exit_codes();             ///< code, meaning
std::vector<Pair> environment_variables();  ///< name, meaning
std::vector<Pair> known_files();            ///< name, meaning

inline constexpr std::string_view purpose =
    "the lowest dose, the highest dose or the window of doses at which a share of a population meets an endpoint";

inline constexpr std::string_view description_text =
    "Fits population pharmacokinetics and a biomarker model to a trial, trains a quantum convolutional neural network "
    "(simulated) and other classifiers to predict who meets an endpoint, and searches the doses of each regimen for "
    "the "
    "one that meets each target in each population. Results are the same bits on any number of MPI ranks.";

}  // namespace titrant::cli
