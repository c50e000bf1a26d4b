#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace titrant::core {

/// A program to run beside this one, with nothing on its standard input.
struct Process {
  std::vector<std::string> command;      ///< the program (looked for in PATH if it has no slash) and its arguments
  std::vector<std::string> environment;  ///< "NAME=value"
  double seconds = std::numeric_limits<double>::infinity();  ///< after which it is ended
  std::function<bool()> give_up = {};  ///< asked at least ten times a second; true: end it now. Empty: never
};

/// How it came to its end.
struct ProcessEnd {
  enum class Reason {
    exited,    ///< by itself, with `code`
    signal,    ///< by a signal that somebody else sent, of number `code`
    time,      ///< its time was over
    given_up,  ///< give_up said so
    not_found  ///< there is no such program, or it cannot be started
  };
  Reason reason = Reason::exited;
  int code = 0;
  std::string output;  ///< the last 64 KiB of what it wrote to standard output and standard error

  bool well() const { return reason == Reason::exited && code == 0; }
};

/// Starts a program and waits for it, asleep. It gets default signal handlers. This process is not forked,
/// so MPI and threads do not mind.
///
///     ProcessEnd end = run({{"python3", "--version"}, current_environment(), 10.0});
///
/// Throws Error where the system has no room for another process.
ProcessEnd run(const Process& process);

/// The variables of this process, "NAME=value".
std::vector<std::string> current_environment();

}  // namespace titrant::core
