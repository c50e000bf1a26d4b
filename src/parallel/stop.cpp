#include "titrant/parallel/stop.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <ctime>

namespace titrant::parallel {

namespace {

// All that a handler may touch.
volatile std::sig_atomic_t requested = 0;
volatile std::sig_atomic_t first_second = 0;
volatile std::sig_atomic_t exit_code_of_second = 1;

constexpr std::array signals = {SIGINT, SIGTERM, SIGUSR1};

/// Seconds of a clock that only goes forward; safe in a handler.
std::sig_atomic_t second_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::sig_atomic_t>(now.tv_sec);
}

extern "C" void on_signal(int /*signal*/) {
  if (requested == 0) {
    first_second = second_now();
    requested = 1;
  } else if (second_now() - first_second > 1) {
    ::_exit(exit_code_of_second);
  }
}

}  // namespace

namespace {

void mask(int how) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  ::sigprocmask(how, &set, nullptr);
}

}  // namespace

void hold_stop_signals() { mask(SIG_BLOCK); }

void release_stop_signals() { mask(SIG_UNBLOCK); }

StopSignals::StopSignals(int exit_code) {
  requested = 0;
  exit_code_of_second = exit_code;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;  // reading and writing of libraries is not disturbed
  for (const int signal : signals) ::sigaction(signal, &action, nullptr);
  release_stop_signals();
}

StopSignals::~StopSignals() {
  for (const int signal : signals) std::signal(signal, SIG_DFL);
}

bool stop_requested() { return requested != 0; }

void request_stop(bool wanted) { requested = wanted ? 1 : 0; }

}  // namespace titrant::parallel
