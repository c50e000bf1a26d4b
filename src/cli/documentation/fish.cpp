#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documentation.hpp"
#include "facts.hpp"

/// \file
/// Completion for fish.

namespace titrant::cli {

namespace {

std::string shell_text(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

/// The part of a `complete` line that offers the values of an option.
std::string fish_offer(const std::string& value_name) {
  const ValueKind kind = kind_of(value_name);
  if (kind.key) return " -xa '(__titrant_keys)'";
  if (!kind.words.empty()) return fmt::format(" -xa '{}'", fmt::join(kind.words, " "));
  if (!kind.suffixes.empty()) return fmt::format(" -xka '(__titrant_files {})'", fmt::join(kind.suffixes, " "));
  if (kind.file) return " -rF";
  return kind.folder ? " -xa '(__fish_complete_directories)'" : " -x";
}

std::string command_lines(const CommandFacts& facts) {
  const std::string begin = fmt::format("complete -c titrant -n '__titrant_at {}'", facts.path);
  std::string text;
  for (const OptionFacts& option : facts.options) {
    text += fmt::format("{} -l {}", begin, option.name);
    if (!option.letter.empty()) text += fmt::format(" -s {}", option.letter);
    if (!option.value.empty()) text += fish_offer(option.value);
    text += fmt::format(" -d {}\n", shell_text(option.meaning));
    const ValueKind kind = kind_of(option.value);
    if (option.bare && !kind.suffixes.empty())
      text += fmt::format("{} -ka '(__titrant_files {})'\n", begin, fmt::join(kind.suffixes, " "));
    if (option.bare && !kind.words.empty()) text += fmt::format("{} -a '{}'\n", begin, fmt::join(kind.words, " "));
  }
  return text;
}

constexpr std::string_view fish_helpers = R"(
function __titrant_at # whether the words typed so far begin with these
    set -l words (commandline -opc)
    set -l last (math 1 + (count $argv))
    test "$words[2..$last]" = "$argv"
end

function __titrant_before # whether so many words have been typed, beginning with these
    set -l typed (commandline -opc)
    set -l wanted (math 1 + (count $argv))
    test (count $typed) -eq $wanted; and begin
        test (count $argv) -eq 0; or __titrant_at $argv
    end
end

function __titrant_files # files with these suffixes, and folders
    for suffix in $argv
        __fish_complete_suffix .$suffix
    end
end
)";

}  // namespace

std::string fish_completion() {
  std::string text = "# Completion of titrant for fish, by: titrant documentation fish\n";
  text += fish_helpers;
  text += "\nfunction __titrant_keys\n";
  for (const core::Settings::Description& key : configuration_keys()) {
    text += fmt::format("    printf '%s\\t%s\\n' {}= {}\n", key.path, shell_text(key.meaning));
    for (const std::string& word : key.words) text += fmt::format("    echo {}={}\n", key.path, word);
  }
  text += "end\n\ncomplete -c titrant -f\n";
  text += "complete -c titrant -n '__titrant_before' -a help -d 'explain a command'\n";
  text += "complete -c titrant -n '__titrant_before' -l version -d 'how this program was built'\n";
  text += "complete -c titrant -n '__titrant_before' -l help -s h -d 'list the commands'\n";
  for (const Command& command : all_commands()) {
    for (const std::string_view before : {"", " help"})
      text += fmt::format("complete -c titrant -n '__titrant_before{}' -a {} -d {}\n", before, command.name,
                          shell_text(command.summary));
    for (const Command& action : command.actions) {
      text += fmt::format("complete -c titrant -n '__titrant_before {}' -a {} -d {}\n", command.name, action.name,
                          shell_text(action.summary));
    }
  }
  for (const CommandFacts& facts : all_facts()) {
    if (facts.actions.empty()) text += command_lines(facts);
  }
  return text;
}

}  // namespace titrant::cli
