#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "command_line.hpp"
#include "documentation/help.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/stop.hpp"
#include "version.hpp"

namespace titrant::cli {

namespace {

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
    const bool unclosed = dynamic_cast<const UnclosedStoreError*>(&error) != nullptr;
    if (ranks.all_arrive(patience)) {
      if (ranks.root()) print_error(error.what());
      if (!unclosed) return exit_code_of(error);
      if (!ranks.root()) std::this_thread::sleep_for(std::chrono::duration<double>(patience));  // the first ends all
    } else {
      print_error(fmt::format("rank {}: {}", ranks.rank(), error.what()));
    }
    std::fflush(nullptr);
    ranks.abort(exit_code_of(error));
  }
}

/// --help, help COMMAND, --version: what the program says of itself.
bool answer_about_program(const std::vector<std::string>& arguments) {
  const std::string first = arguments.empty() ? "--help" : arguments.front();
  if (first == "--version") {
    print_version(std::find(arguments.begin(), arguments.end(), "--json") != arguments.end());
    return true;
  }
  if (first == "help" && arguments.size() > 1) {
    const CommandLine line = find({arguments.begin() + 1, arguments.end()});
    fmt::print("{}", command_help(facts_of(*line.command, line.parent)));
    return true;
  }
  if (first != "--help" && first != "-h" && first != "help") return false;
  fmt::print("{}", program_help());
  return true;
}

int main_of(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (answer_about_program(arguments)) return arguments.empty() ? exit_bad_input : exit_done;
  const CommandLine line = parse(arguments);
  if (line.help) {
    fmt::print("{}", command_help(facts_of(*line.command, line.parent)));
    return exit_done;
  }
  choose_message_style(line.values, 0);
  if (line.command->outside_mpi)
    return line.command->run({line.command->name, joined(arguments), line.values, parallel::Communicator()});
  if (line.command->takes_stop_signals) parallel::hold_stop_signals();
  const parallel::Environment environment(argc, argv);
  choose_message_style(line.values, environment.world().rank());
  return run_on_ranks(*line.command, {line.command->name, joined(arguments), line.values, environment.world()});
}

}  // namespace

}  // namespace titrant::cli

int main(int argc, char** argv) {
  // A file that grows past a limit (ulimit -f, some quotas) is an error to report, not an end without a word.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return titrant::cli::main_of(argc, argv);
  } catch (const titrant::ConfigError& error) {
    // Every rank of a wrongly typed command meets the same error before the ranks know each other; the first speaks.
    const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");  // NOLINT(concurrency-mt-unsafe): no other thread
    if (rank == nullptr || std::string(rank) == "0") titrant::cli::print_error(error.what());
    return titrant::cli::exit_bad_input;
  } catch (const std::exception& error) {
    titrant::cli::print_error(error.what());
    return titrant::cli::exit_failed;
  }
}
