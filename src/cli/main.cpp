#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <string>
#include <vector>

#include "command.hpp"
#include "titrant/core/build.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/parallel/stop.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

std::vector<Command> all_commands() {
  std::vector<Command> commands = stage_commands();
  commands.push_back(resume_command());
  commands.push_back(simulate_command());
  commands.push_back(check_command());
  commands.push_back(inspect_command());
  commands.push_back(report_command());
  commands.push_back(compare_command());
  commands.push_back(circuit_command());
  commands.push_back(campaign_command());
  return commands;
}

void print_help(const std::vector<Command>& commands) {
  fmt::print(
      "titrant {}: the lowest dose that keeps a biomarker below a threshold in a share of a population\n\n"
      "Usage: titrant <command> [--config FILE] [--set key.path=value ...] [--output FILE.h5]\n\nCommands:\n",
      core::build::version);
  for (const Command& command : commands) fmt::print("  {:<10} {}\n", command.name, command.summary);
  fmt::print(
      "\n`titrant <command> --help` explains a command; `titrant run --dump-config` prints every key.\n"
      "Exit codes: 0 done, 1 failed, 2 bad usage, configuration or data, 75 stopped early with a checkpoint.\n");
}

void print_version() {
  fmt::print("titrant {}\ncommit {}\ncompiler {}\nbuild {}\nlibraries {}\n", core::build::version, core::build::commit,
             core::build::compiler, core::build::build_type, core::build::libraries);
}

const Command& find_command(const std::vector<Command>& commands, const std::string& name) {
  for (const Command& command : commands) {
    if (command.name == name) return command;
  }
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const Command& command : commands) names.push_back(command.name);
  const std::string near = core::nearest(name, names);
  throw ConfigError(fmt::format("unknown command '{}'{}; see titrant --help", name,
                                near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
}

po::variables_map parse(const Command& command, const std::vector<std::string>& arguments,
                        const po::options_description& description) {
  po::positional_options_description positional;
  for (const std::string& name : command.positional) positional.add(name.c_str(), 1);
  po::variables_map values;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(description).positional(positional).style(style).run(),
              values);
    po::notify(values);
  } catch (const po::error& error) {
    throw ConfigError(fmt::format("{}; see titrant {} --help", error.what(), command.name));
  }
  return values;
}

void print_command_help(const Command& command, const po::options_description& description) {
  fmt::print("titrant {}: {}\n\nExample:\n  {}\n\n", command.name, command.summary, command.example);
  std::ostringstream options;
  options << description;
  fmt::print("{}", options.str());
}

int exit_code_of(const std::exception& error) {
  const bool input =
      dynamic_cast<const ConfigError*>(&error) != nullptr || dynamic_cast<const DataError*>(&error) != nullptr;
  return input ? exit_bad_input : exit_failed;
}

std::string joined(const std::vector<std::string>& arguments) {
  std::string line = "titrant";
  for (const std::string& argument : arguments) line += " " + argument;
  return line;
}

/// How long a rank that met an error waits for the others to meet theirs before it ends them all.
constexpr double patience = 5.0;  // s

/// Runs a command on all ranks. An error that all ranks meet is reported once; one that a single rank met ends all.
int run_on_ranks(const Command& command, const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  try {
    return command.run(invocation);
  } catch (const std::exception& error) {
    if (ranks.all_arrive(patience)) {
      if (ranks.root()) fmt::print(stderr, "titrant: {}\n", error.what());
      return exit_code_of(error);
    }
    fmt::print(stderr, "titrant: rank {}: {}\n", ranks.rank(), error.what());
    ranks.abort(exit_code_of(error));
  }
}

int main_of(int argc, char** argv) {
  const std::vector<Command> commands = all_commands();
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help(commands);
    return arguments.empty() ? exit_bad_input : exit_done;
  }
  if (arguments[0] == "--version") {
    print_version();
    return exit_done;
  }
  const std::string command_line = joined(arguments);
  const Command& command = find_command(commands, arguments[0]);
  arguments.erase(arguments.begin());
  po::options_description description("Options");
  command.options(description);
  description.add_options()("help,h", "explain this command");
  const po::variables_map values = parse(command, arguments, description);
  if (values.contains("help")) {
    print_command_help(command, description);
    return exit_done;
  }
  if (command.takes_stop_signals) parallel::hold_stop_signals();
  const parallel::Environment environment(argc, argv);
  return run_on_ranks(command, {command.name, command_line, values, environment.world()});
}

}  // namespace

void add_configuration_options(po::options_description& description) {
  description.add_options()(
      "config,c", po::value<std::string>(),
      "YAML configuration, or a store (.h5) whose configuration is repeated; without it: the defaults")(
      "set,s", po::value<std::vector<std::string>>()->composing(),
      "key.path=value: overrides one key; may be repeated");
}

std::string text_option(const Invocation& invocation, const std::string& name) {
  return invocation.values.contains(name) ? invocation.values[name].as<std::string>() : std::string();
}

campaign::Configuration configuration_of(const Invocation& invocation) {
  campaign::ConfigurationSource source;
  source.file = text_option(invocation, "config");
  if (invocation.values.contains("set")) source.sets = invocation.values["set"].as<std::vector<std::string>>();
  return campaign::load_configuration(source);
}

}  // namespace titrant::cli

int main(int argc, char** argv) {
  // A file that grows past a limit (ulimit -f, some quotas) is an error to report, not an end without a word.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return titrant::cli::main_of(argc, argv);
  } catch (const titrant::ConfigError& error) {
    // Every rank of a wrongly typed command meets the same error before the ranks know each other; the first speaks.
    const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");  // NOLINT(concurrency-mt-unsafe): no other thread
    if (rank == nullptr || std::string(rank) == "0") fmt::print(stderr, "titrant: {}\n", error.what());
    return titrant::cli::exit_bad_input;
  } catch (const std::exception& error) {
    fmt::print(stderr, "titrant: {}\n", error.what());
    return titrant::cli::exit_failed;
  }
}
