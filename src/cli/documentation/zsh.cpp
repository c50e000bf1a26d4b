#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documentation.hpp"
#include "facts.hpp"

/// \file
/// Completion for zsh, by _arguments and _describe.

namespace titrant::cli {

namespace {

/// Text within the brackets and quotes of a specification.
std::string zsh_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      result += std::string("\\") + c;
    } else {
      result += c;
    }
  }
  return result;
}

std::string action(const std::string& value_name) {
  const ValueKind kind = kind_of(value_name);
  if (kind.key) return "_titrant_keys";
  if (!kind.words.empty()) return fmt::format("({})", fmt::join(kind.words, " "));
  // (h5) at the end of a pattern would be taken for qualifiers; (h5|yaml) is not.
  if (kind.suffixes.size() == 1) return fmt::format("_files -g \"*.{}\"", kind.suffixes.front());
  if (!kind.suffixes.empty()) return fmt::format("_files -g \"*.({})\"", fmt::join(kind.suffixes, "|"));
  if (kind.file) return "_files";
  return kind.folder ? "_files -/" : " ";
}

std::string option_specification(const OptionFacts& option) {
  const std::string value =
      option.value.empty() ? "" : fmt::format(":{}:{}", zsh_escaped(option.value), action(option.value));
  const std::string meaning = zsh_escaped(option.meaning);
  const std::string equals = option.value.empty() ? "" : "=";
  if (option.letter.empty())
    return fmt::format("'{}--{}{}[{}]{}'", option.repeats ? "*" : "", option.name, equals, meaning, value);
  const std::string plus = option.value.empty() ? "" : "+";
  const std::string excluded = option.repeats ? "'*'" : fmt::format("'(-{} --{})'", option.letter, option.name);
  return fmt::format("{}{{-{}{},--{}{}}}'[{}]{}'", excluded, option.letter, plus, option.name, equals, meaning, value);
}

std::string function_name(const std::string& path) {
  std::string name = "_titrant_" + path;
  for (char& c : name) c = c == ' ' ? '_' : c;
  return name;
}

/// The function of a command without actions: its options and bare arguments.
std::string leaf(const CommandFacts& facts) {
  std::string text = fmt::format("{}() {{\n  _arguments -s", function_name(facts.path));
  for (const OptionFacts& option : facts.options) text += " \\\n    " + option_specification(option);
  for (const OptionFacts& option : facts.options) {
    if (option.bare) text += fmt::format(" \\\n    ':{}:{}'", zsh_escaped(option.value), action(option.value));
  }
  return text + "\n}\n\n";
}

/// A function that completes one of some words, then hands over to the function of that word.
std::string choice(const std::string& function, const std::vector<std::pair<std::string, std::string>>& words,
                   const std::string& prefix) {
  std::string text = fmt::format("{}() {{\n  local -a words_here\n  words_here=(\n", function);
  for (const auto& [word, meaning] : words) text += fmt::format("    '{}:{}'\n", word, zsh_escaped(meaning));
  text += "  )\n  if (( CURRENT == 2 )); then\n    _describe 'command' words_here\n    return\n  fi\n";
  text += "  local word=$words[2]\n  (( $+functions[" + prefix + "_$word] )) || return 1\n";
  text += "  shift words\n  (( CURRENT-- ))\n  " + prefix + "_$word\n}\n\n";
  return text;
}

}  // namespace

std::string zsh_completion() {
  const std::vector<CommandFacts> all = all_facts();
  std::string text = "#compdef titrant\n# Completion of titrant for zsh, by: titrant documentation zsh\n\n";
  text += "_titrant_keys() {\n  local -a keys\n  keys=(\n";
  for (const core::Settings::Description& key : configuration_keys())
    text += fmt::format("    '{}:{}'\n", key.path, zsh_escaped(key.meaning));
  text += "  )\n  _describe 'key' keys -S =\n}\n\n";
  std::vector<std::pair<std::string, std::string>> commands;
  for (const Command& command : all_commands()) {
    commands.emplace_back(command.name, command.summary);
    std::vector<std::pair<std::string, std::string>> actions;
    for (const Command& one : command.actions) actions.emplace_back(one.name, one.summary);
    if (!actions.empty()) text += choice(function_name(command.name), actions, function_name(command.name));
  }
  for (const CommandFacts& facts : all) {
    if (facts.actions.empty()) text += leaf(facts);
  }
  commands.emplace_back("help", "explain a command");
  commands.emplace_back("--version", "how this program was built");
  text += "_titrant_help() { (( CURRENT == 2 )) && words=(titrant '') _titrant; }\n\n";
  text += choice("_titrant", commands, "_titrant");
  return text + "if [ \"$funcstack[1]\" = _titrant ]; then _titrant \"$@\"; else compdef _titrant titrant; fi\n";
}

}  // namespace titrant::cli
