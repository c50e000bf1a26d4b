#include "messages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string_view>

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

/// What the options have chosen; until they are read, what the environment asks for.
struct MessageStyle {
  std::string color = "auto";
  std::optional<std::size_t> stamp;  ///< the rank, where lines are stamped
};

MessageStyle& message_style() {
  static MessageStyle chosen;
  return chosen;
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread
  return value == nullptr ? "" : value;
}

/// Whether a terminal is there that knows escape codes.
bool is_terminal(int descriptor) { return isatty(descriptor) == 1 && environment("TERM") != "dumb"; }

/// mpiexec gives its ranks a terminal for standard output, whatever becomes of it.
bool launched() {
  return !environment("OMPI_COMM_WORLD_RANK").empty() || !environment("PMIX_RANK").empty() ||
         !environment("PMI_RANK").empty();
}

bool colored(int descriptor) {
  if (message_style().color != "auto") return message_style().color == "always";
  if (descriptor == STDOUT_FILENO && launched()) return false;
  return is_terminal(descriptor) && environment("NO_COLOR").empty();  // https://no-color.org
}

std::string painted(const std::string& text, Tone tone, int descriptor) {
  constexpr std::array<std::string_view, 3> codes = {"32", "33", "31"};  // green, yellow, red
  if (!colored(descriptor)) return text;
  return fmt::format("\033[{}m{}\033[0m", codes.at(static_cast<std::size_t>(tone)), text);
}

void speak(const std::string& text, Tone tone) {
  const std::string line = fmt::format("{} {}", painted("titrant:", tone, STDERR_FILENO), text);
  std::cerr << (message_style().stamp ? core::stamped(line, *message_style().stamp) : line + "\n") << std::flush;
}

}  // namespace

void add_message_options(po::options_description& description) {
  description.add_options()("color", po::value<std::string>()->default_value("auto")->value_name("auto|always|never"),
                            "colour of errors, warnings and verdicts; auto: on terminals, unless NO_COLOR is set")(
      "log-format", po::value<std::string>()->default_value("plain")->value_name("plain|full"),
      "lines on standard error; full: each with the time (UTC) and the rank");
}

void choose_message_style(const po::variables_map& values, std::size_t rank) {
  message_style().color = values["color"].as<std::string>();
  if (values["log-format"].as<std::string>() == "full") message_style().stamp = rank;
}

core::Console console(bool quiet) { return {std::cerr, is_terminal(STDERR_FILENO), quiet, message_style().stamp}; }

core::Console plain_console(bool quiet) { return {std::cerr, false, quiet, message_style().stamp}; }

void print_error(const std::string& text) { speak(text, Tone::bad); }

void print_warning(const std::string& text) { speak(text, Tone::doubtful); }

std::string verdict(const std::string& text, Tone tone) { return painted(text, tone, STDOUT_FILENO); }

}  // namespace titrant::cli
