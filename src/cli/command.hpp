#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "titrant/parallel/communicator.hpp"
#include "titrant/run/configuration.hpp"

namespace titrant::cli {

/// What a command gets to work with.
struct Invocation {
  std::string command;       ///< its name
  std::string command_line;  ///< as typed, for provenance
  boost::program_options::variables_map values;
  parallel::Communicator ranks;
};

/// One command of the program, or an action of one. What it says of itself is all that help, manual page and completion
/// are made of. The value name of an option says what it takes (see `alternatives` in facts.hpp).
struct Command {
  std::string name;
  std::string summary;  ///< one line for `titrant --help`
  std::string example;  ///< lines that a user could type
  void (*options)(boost::program_options::options_description& description);
  int (*run)(const Invocation& invocation);  ///< returns the exit code
  std::vector<std::string> positional = {};  ///< names of the options that bare arguments fill, in order
  bool takes_stop_signals = false;           ///< they are held until it takes or releases them
  std::vector<Command> actions = {};         ///< of a command that does nothing without one: `titrant circuit run`
  bool outside_mpi = false;                  ///< runs where MPI cannot be started, and on one rank
};

/// Exit codes of the program.
inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_bad_input = 2;
inline constexpr int exit_stopped = 75;  ///< stopped early with a checkpoint (EX_TEMPFAIL)

/// run, fit, evaluate, train, search: the stages of a run, all or some.
std::vector<Command> stage_commands();
/// The first of these, run, by itself.
Command run_command();
Command resume_command();
Command check_command();
Command simulate_command();
Command inspect_command();
Command report_command();
Command compare_command();
Command circuit_command();
Command device_command();
Command campaign_command();
Command documentation_command();

/// All of these, in the order of `titrant --help`.
const std::vector<Command>& all_commands();

/// Options that several commands share.
void add_configuration_options(boost::program_options::options_description& description);
std::string text_option(const Invocation& invocation, const std::string& name);
/// The same of a file that must be there. Throws ConfigError where it is not; empty where the option is not given.
std::string file_option(const Invocation& invocation, const std::string& name);
/// The configuration that --config and --set describe. Throws ConfigError with every fault.
run::Configuration configuration_of(const Invocation& invocation);

}  // namespace titrant::cli
