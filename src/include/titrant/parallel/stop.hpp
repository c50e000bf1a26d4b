#pragma once

#include <exception>

/// \file
/// Stopping in the middle: a signal only sets a flag; ranks look at it between work units and agree in their next
/// exchange.

namespace titrant::parallel {

/// Work was given up half-way because somebody asked for it. No error: the journal, where there is one, was saved.
/// Thrown by all ranks together.
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped early"; }
};

/// Lets SIGINT, SIGTERM and SIGUSR1 wait, before MPI starts, until StopSignals takes them or somebody releases them: a
/// job can be told to step aside in its first second.
void hold_stop_signals();
void release_stop_signals();

/// While it lives, SIGINT, SIGTERM and SIGUSR1 ask for a stop. Launchers like to repeat themselves, so a second signal
/// counts from one second after the first: it ends the process at once with the exit code given here. Make it after MPI
/// has started; one at a time.
class StopSignals {
 public:
  explicit StopSignals(int exit_code);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
};

/// Whether this process was asked to stop.
bool stop_requested();

/// Asks this process to stop, or takes that back.
void request_stop(bool wanted = true);

}  // namespace titrant::parallel
