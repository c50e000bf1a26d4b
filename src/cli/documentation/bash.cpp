#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documentation.hpp"
#include "facts.hpp"

/// \file
/// Completion for bash. It stands alone: the package bash-completion is not needed.

namespace titrant::cli {

namespace {

/// Arguments of _titrant_files, _titrant_words, ... that offer the values of an option.
std::string bash_offer(const std::string& value_name) {
  const ValueKind kind = kind_of(value_name);
  if (kind.key) return "_titrant_keys";
  if (!kind.words.empty()) return fmt::format("_titrant_words {}", fmt::join(kind.words, " "));
  if (!kind.suffixes.empty()) return fmt::format("_titrant_files {}", fmt::join(kind.suffixes, " "));
  if (kind.file) return "_titrant_files ''";
  return kind.folder ? "_titrant_folders" : ":";
}

std::string path_pattern(const CommandFacts& facts) { return fmt::format("'{}'", facts.path); }

/// case "PATH OPTION": what comes after an option that takes a value.
std::string value_cases(const std::vector<CommandFacts>& all) {
  std::string text;
  for (const CommandFacts& facts : all) {
    for (const OptionFacts& option : facts.options) {
      if (option.value.empty()) continue;
      text += fmt::format("    '{} --{}'", facts.path, option.name);
      if (!option.letter.empty()) text += fmt::format(" | '{} -{}'", facts.path, option.letter);
      text += fmt::format(") {} ;;\n", bash_offer(option.value));
    }
  }
  return text + "    *) return 1 ;;\n";
}

std::string word_cases(const std::vector<CommandFacts>& all) {
  std::string text;
  for (const CommandFacts& facts : all) {
    std::string options;
    for (const OptionFacts& option : facts.options) options += " --" + option.name;
    text += fmt::format("    {}) _titrant_options='{}' _titrant_actions='{}' ;;\n", path_pattern(facts),
                        options.substr(1), fmt::join(facts.actions, " "));
  }
  return text;
}

/// Files are offered for bare arguments that name one.
std::string bare_cases(const std::vector<CommandFacts>& all) {
  std::string text;
  for (const CommandFacts& facts : all) {
    for (const OptionFacts& option : facts.options) {
      if (!option.bare) continue;
      text += fmt::format("    {}) {} ;;\n", path_pattern(facts), bash_offer(option.value));
      break;
    }
  }
  return text;
}

/// "pk.lag=" for every key, or "pk.lag=true" for every key and each word that may be its value.
std::string key_lines(bool with_words) {
  std::string lines;
  for (const core::Settings::Description& key : configuration_keys()) {
    if (!with_words) lines += fmt::format("  {}=\n", key.path);
    for (const std::string& word : key.words) lines += with_words ? fmt::format("  {}={}\n", key.path, word) : "";
  }
  return lines;
}

constexpr std::string_view bash_helpers = R"sh(
_titrant_add() { # words that begin with what was typed
  local word
  for word in "$@"; do
    if [[ $word == "$cur"* ]]; then COMPREPLY+=("$word"); fi
  done
}

_titrant_words() {
  local word
  for word in "$@"; do _titrant_add "$word "; done
}

_titrant_keys() {
  if [[ $cur == *=* ]]; then _titrant_words "${_titrant_key_values[@]}"; else _titrant_add "${_titrant_key_names[@]}"; fi
}

_titrant_folders() {
  local path
  while IFS= read -r path; do COMPREPLY+=("$(printf '%q/' "$path")"); done < <(compgen -d -- "$cur")
}

_titrant_files() { # suffixes; '': any file
  local path suffix
  _titrant_folders
  while IFS= read -r path; do
    for suffix in "$@"; do
      if [[ ! -d $path && $path == *"$suffix" ]]; then
        COMPREPLY+=("$(printf '%q ' "$path")")
        break
      fi
    done
  done < <(compgen -f -- "$cur")
}
)sh";

constexpr std::string_view walk = R"sh(
_titrant() {
  local cur previous path='' word i line=${COMP_LINE:0:COMP_POINT}
  local -a words
  COMPREPLY=()
  # shellcheck disable=SC2162 # a backslash keeps a blank within a word
  read -a words <<<"$line" # not COMP_WORDS: bash cuts those at every =
  if [[ $line == *[[:space:]] ]]; then words+=(''); fi
  cur=${words[-1]}
  previous=${words[-2]}
  for ((i = 1; i < ${#words[@]} - 1; ++i)); do
    word=${words[i]}
    if [[ $i == 1 && $word == help ]]; then continue; fi
    if [[ -z $path ]]; then
      path=$word
    elif _titrant_facts "$path" && [[ " $_titrant_actions " == *" $word "* ]]; then
      path="$path $word"
      break
    else
      break
    fi
  done
  if [[ -z $path ]]; then
    _titrant_words "${_titrant_commands[@]}"
    if [[ $previous != help ]]; then _titrant_words help --help --version; fi
  else
    _titrant_facts "$path"
    if [[ $cur == --*=* ]]; then # --option=value
      previous=${cur%%=*}
      cur=${cur#*=}
      _titrant_value "$path $previous"
    elif [[ ${words[1]} == help || -n $_titrant_actions ]]; then
      # shellcheck disable=SC2086 # a list of words
      _titrant_words $_titrant_actions --help
    elif ! _titrant_value "$path $previous"; then
      # shellcheck disable=SC2086
      if [[ $cur == -* ]]; then _titrant_words $_titrant_options; else _titrant_bare "$path"; fi
      # shellcheck disable=SC2086
      if [[ -z $cur && ${#COMPREPLY[@]} == 0 ]]; then _titrant_words $_titrant_options; fi
    fi
  fi
  if [[ $cur == *=* && $COMP_WORDBREAKS == *=* ]]; then # bash replaces what stands after the last = only
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"${cur%=*}="}; done
  fi
}
complete -o nospace -F _titrant titrant
)sh";

}  // namespace

std::string bash_completion() {
  const std::vector<CommandFacts> all = all_facts();
  std::string commands;
  for (const Command& command : all_commands()) commands += " " + command.name;
  std::string text = "# Completion of titrant for bash, by: titrant documentation bash\n# shellcheck shell=bash\n";
  text += fmt::format("\n_titrant_commands=({})\n", commands.substr(1));
  text += fmt::format("_titrant_key_names=(\n{})\n_titrant_key_values=(\n{})\n", key_lines(false), key_lines(true));
  text += fmt::format(
      "\n_titrant_facts() {{ # sets what a command takes\n  _titrant_options='' _titrant_actions=''\n"
      "  case $1 in\n{}  esac\n}}\n",
      word_cases(all));
  text += fmt::format("\n_titrant_value() {{ # after an option with a value\n  case $1 in\n{}  esac\n}}\n",
                      value_cases(all));
  text += fmt::format("\n_titrant_bare() {{ # an argument without an option\n  case $1 in\n{}  esac\n}}\n",
                      bare_cases(all));
  text += bash_helpers;
  text += walk;
  return text;
}

}  // namespace titrant::cli
