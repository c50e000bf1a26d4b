#include "help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "titrant/core/build.hpp"

namespace titrant::cli {

namespace {

constexpr std::size_t help_width = 100;  // characters of a line
constexpr std::size_t indent = 30;       // where explanations begin

/// "  term   explanation", the explanation in a column of its own.
std::string row(const std::string& term, const std::string& explanation, std::size_t column) {
  std::string text = "  " + term;
  std::size_t at = text.size();
  const std::string next_line = fmt::format("\n{:{}}", "", column);
  text += at + 2 > column ? next_line : std::string(column - at, ' ');
  at = column;
  std::istringstream words(explanation);
  for (std::string word; words >> word;) {
    if (at > column && at + 1 + word.size() > help_width) {
      text += next_line;
      at = column;
    }
    text += (at > column ? " " : "") + word;
    at += word.size() + (at > column ? 1 : 0);
  }
  return text + "\n";
}

std::string meaning_of(const OptionFacts& option) {
  return option.standard.empty() ? option.meaning : fmt::format("{} (default: {})", option.meaning, option.standard);
}

}  // namespace

std::string program_help() {
  std::string text = fmt::format("titrant {}: {}\n\nUsage: titrant COMMAND [OPTION ...]\n\nCommands:\n",
                                 core::build::version, purpose);
  constexpr std::size_t names = 17;  // where summaries begin
  for (const Command& command : all_commands()) text += row(command.name, command.summary, names);
  text += "\nExample:\n  titrant run --config configs/quickstart.yaml --output run.h5\n\n";
  text += row("help COMMAND", "explains a command, with an example; so does titrant COMMAND --help", names);
  text += row("run --dump-config", "prints every key of the configuration", names);
  text += row("--version", "how this program was built (--json: as JSON)", names);
  text += "\nExit codes:\n";
  for (const auto& [code, meaning] : exit_codes()) text += row(std::string(code), std::string(meaning), names);
  return text;
}

std::string command_help(const CommandFacts& facts) {
  std::string text = fmt::format("titrant {}: {}\n\nUsage: {}\n\n", facts.path, facts.summary, facts.usage);
  text += facts.examples.size() == 1 ? "Example:\n" : "Examples:\n";
  for (const std::string& example : facts.examples) text += "  " + example + "\n";
  if (!facts.actions.empty()) text += "\nActions:\n";
  for (const CommandFacts& action : all_facts()) {
    if (!facts.actions.empty() && action.path.starts_with(facts.path + " "))
      text += row(action.path.substr(facts.path.size() + 1), action.summary, 17);
  }
  const auto is_bare = [](const OptionFacts& option) { return option.bare; };
  if (std::any_of(facts.options.begin(), facts.options.end(), is_bare)) text += "\nArguments:\n";
  for (const OptionFacts& option : facts.options) {
    if (option.bare) text += row(option.value, fmt::format("{} (or --{})", meaning_of(option), option.name), indent);
  }
  text += "\nOptions:\n";
  for (const OptionFacts& option : facts.options) {
    if (!option.bare)
      text += row((option.letter.empty() ? "    " : "") + option_text(option), meaning_of(option), indent);
  }
  text += facts.actions.empty() ? "" : fmt::format("\ntitrant {} ACTION --help explains an action.\n", facts.path);
  return text;
}

}  // namespace titrant::cli
