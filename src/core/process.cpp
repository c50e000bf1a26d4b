#include "titrant/core/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "descriptor.hpp"
#include "titrant/core/error.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace titrant::core {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_every = 100;                       // ms, for output
constexpr std::chrono::milliseconds end_is_near{10};  // between looks at a process that says no more
constexpr std::chrono::seconds grace{2};              // between being asked to end and being ended
constexpr std::size_t most_kept = 65536;              // bytes of output

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));  // NOLINT: POSIX asks for it
  all.push_back(nullptr);
  return all;
}

/// What a new process starts with: nothing to read, its output in a pipe, no signal blocked or ignored.
class SpawnPlan {
 public:
  explicit SpawnPlan(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  /// Returns the error number of the system, 0 for none.
  int spawn(const Process& process, pid_t& child) const {
    const std::vector<char*> arguments = pointers(process.command);
    const std::vector<char*> environment = pointers(process.environment);
    return posix_spawnp(&child, arguments.front(), &files_, &attributes_, arguments.data(), environment.data());
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

/// Appends what there is to read, or closes the pipe at its end; waits a moment for it.
void read_some(Descriptor& pipe, std::string& output) {
  if (!pipe.open()) {
    std::this_thread::sleep_for(end_is_near);
    return;
  }
  pollfd waiting{pipe.number(), POLLIN, 0};
  if (::poll(&waiting, 1, look_every) <= 0) return;  // nothing yet, or a signal: the caller looks what is the matter
  std::array<char, 4096> block{};
  const ssize_t count = ::read(pipe.number(), block.data(), block.size());
  if (count > 0) output.append(block.data(), static_cast<std::size_t>(count));
  if (count == 0 || (count < 0 && errno != EINTR)) pipe.close();
  if (output.size() > 2 * most_kept) output.erase(0, output.size() - most_kept);
}

/// Waits for a child, and ends it where its time is over or nobody wants it any more.
ProcessEnd wait_for(pid_t child, Descriptor& pipe, const Process& process) {
  ProcessEnd end;
  const Clock::time_point start = Clock::now();
  Clock::time_point asked_to_end;
  const auto ask_to_end = [&](ProcessEnd::Reason reason) {
    end.reason = reason;
    asked_to_end = Clock::now();
    ::kill(child, SIGTERM);
  };
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    read_some(pipe, end.output);
    if (end.reason != ProcessEnd::Reason::exited) {
      if (Clock::now() - asked_to_end > grace) ::kill(child, SIGKILL);
    } else if (process.give_up && process.give_up()) {
      ask_to_end(ProcessEnd::Reason::given_up);
    } else if (std::chrono::duration<double>(Clock::now() - start).count() > process.seconds) {
      ask_to_end(ProcessEnd::Reason::time);
    }
  }
  if (end.reason != ProcessEnd::Reason::exited) return end;
  if (WIFSIGNALED(status)) end.reason = ProcessEnd::Reason::signal;
  end.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

/// What is still in the pipe of a process that has ended. A child of its own may hold the other end open.
void read_rest(Descriptor& pipe, std::string& output) {
  while (pipe.open()) {
    pollfd waiting{pipe.number(), POLLIN, 0};
    if (::poll(&waiting, 1, 0) <= 0) return;
    read_some(pipe, output);
  }
}

}  // namespace

ProcessEnd run(const Process& process) {
  TITRANT_EXPECTS(!process.command.empty());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(fmt::format("no pipe: {}", std::strerror(errno)));
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  pid_t child = 0;
  const int fault = SpawnPlan(writing.number()).spawn(process, child);
  writing.close();
  if (fault == EAGAIN || fault == ENOMEM)
    throw Error(fmt::format("cannot start {}: {}", process.command.front(), std::strerror(fault)));
  if (fault != 0) return {ProcessEnd::Reason::not_found, fault, std::strerror(fault)};
  ProcessEnd end = wait_for(child, reading, process);
  read_rest(reading, end.output);
  if (end.output.size() > most_kept) end.output.erase(0, end.output.size() - most_kept);
  return end;
}

std::vector<std::string> current_environment() {
  std::vector<std::string> all;
  for (char** one = environ; *one != nullptr; ++one) all.emplace_back(*one);
  return all;
}

}  // namespace titrant::core
