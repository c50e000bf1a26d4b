#include "documentation.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "command.hpp"
#include "titrant/core/error.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

struct Format {
  std::string_view name;
  std::string (*text)();
};

constexpr std::array<Format, 6> formats = {{{"man", man_page},
                                            {"bash", bash_completion},
                                            {"zsh", zsh_completion},
                                            {"fish", fish_completion},
                                            {"markdown", markdown_reference},
                                            {"store", store_reference}}};

void documentation_options(po::options_description& description) {
  description.add_options()(
      "format", po::value<std::string>()->value_name("man|bash|zsh|fish|markdown|store"),
      "manual page, completion for a shell, reference of the commands and keys, or what a store holds");
}

int run_documentation(const Invocation& invocation) {
  const std::string name = text_option(invocation, "format");
  for (const Format& format : formats) {
    if (format.name != name) continue;
    fmt::print("{}", format.text());
    return exit_done;
  }
  throw ConfigError("documentation: missing argument; usage: titrant documentation man|bash|zsh|fish|markdown|store");
}

}  // namespace

Command documentation_command() {
  Command command = {"documentation",
                     "print the manual page, the completion for a shell, or a reference",
                     "titrant documentation man > titrant.1\nsource <(titrant documentation bash)",
                     documentation_options,
                     run_documentation,
                     {"format"}};
  command.outside_mpi = true;
  return command;
}

}  // namespace titrant::cli
