#include "command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <typeinfo>

#include "documentation/facts.hpp"
#include "titrant/core/error.hpp"
#include "usage_error.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

std::vector<std::string> names_of(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const Command& command : commands) names.push_back(command.name);
  return names;
}

const Command* named(const std::vector<Command>& commands, const std::string& name) {
  const auto found = std::find_if(commands.begin(), commands.end(), [&](const Command& c) { return c.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

const Command& find_command(const std::string& name) {
  if (const Command* command = named(all_commands(), name)) return *command;
  const std::string near = did_you_mean(name, {"--help", "--version"});
  if (!near.empty()) throw ConfigError(fmt::format("{}: unknown option{}", name, near));
  if (name.starts_with("-"))
    throw ConfigError(
        fmt::format("{}: the command comes first: titrant COMMAND {} ...; see titrant --help", name, name));
  for (const Command& command : all_commands()) {
    if (named(command.actions, name) != nullptr)
      throw ConfigError(fmt::format("unknown command '{}', did you mean 'titrant {} {}'?", name, command.name, name));
  }
  throw ConfigError(
      fmt::format("unknown command '{}'{}; see titrant --help", name, did_you_mean(name, names_of(all_commands()))));
}

const Command& find_action(const Command& command, const std::string& name) {
  if (const Command* action = named(command.actions, name)) return *action;
  const std::vector<std::string> names = names_of(command.actions);
  if (name.empty() || name.starts_with("-"))
    throw ConfigError(fmt::format("{}: missing action; usage: titrant {} {}; see titrant {} --help", command.name,
                                  command.name, fmt::join(names, "|"), command.name));
  throw ConfigError(fmt::format("{}: unknown action '{}'{}; known: {}; see titrant {} --help", command.name, name,
                                did_you_mean(name, names), fmt::join(names, ", "), command.name));
}

/// A whole number below 0 would silently become a very large one.
void expect_no_minus(const po::variables_map& values, const po::parsed_options& parsed) {
  for (const auto& option : parsed.options) {
    if (option.value.empty() || !option.value.front().starts_with("-")) continue;
    const auto value = values.find(option.string_key);
    if (value == values.end()) continue;
    const std::type_info& type = value->second.value().type();
    if (type == typeid(std::uint64_t) || type == typeid(std::size_t))
      throw ConfigError(
          fmt::format("--{} {}: expected a whole number, 0 or more", option.string_key, option.value.front()));
  }
}

/// Whether a value can be taken for an option: -o, --output, not -5.
bool looks_like_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' &&
         (word[1] == '-' || std::isalpha(static_cast<unsigned char>(word[1])) != 0);
}

/// "--output --dry-run" would write a file named --dry-run: an option whose value was forgotten takes the next one. So
/// would -o=run.h5 write one named =run.h5. `arguments` are those after the command and its action.
void expect_no_options_as_values(const CommandFacts& facts, const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& word = arguments[i];
    const auto option = std::find_if(facts.options.begin(), facts.options.end(), [&](const OptionFacts& one) {
      const bool letter = !one.letter.empty() && (word == "-" + one.letter || word.starts_with("-" + one.letter + "="));
      return !one.value.empty() && (word == "--" + one.name || letter);
    });
    if (option == facts.options.end()) continue;
    if (word.size() > 2 && word[1] != '-')
      throw ConfigError(fmt::format("{}: {}: a letter takes its value without =; write -{} {}", facts.path, word,
                                    option->letter, word.substr(3)));
    if (++i == arguments.size() || !looks_like_option(arguments[i])) continue;
    const ValueKind kind = kind_of(option->value);
    const bool names_file = kind.file || kind.folder || !kind.suffixes.empty();
    throw ConfigError(fmt::format(
        "{}: --{} needs a value ({}), and '{}' looks like an option; where it is meant, "
        "write --{}={}{}",
        facts.path, option->name, option->value, arguments[i], option->name, names_file ? "./" : "", arguments[i]));
  }
}

/// Options whose value is one of some words, as its name says.
void expect_words(const CommandFacts& facts, const po::variables_map& values) {
  for (const OptionFacts& option : facts.options) {
    const std::vector<std::string> words = kind_of(option.value).words;
    const auto alternatives = 1 + std::count(option.value.begin(), option.value.end(), '|');
    if (!values.contains(option.name) || words.size() != static_cast<std::size_t>(alternatives)) continue;
    const auto word = values[option.name].as<std::string>();
    if (std::find(words.begin(), words.end(), word) != words.end()) continue;
    const std::vector<std::string> all_but_last(words.begin(), words.end() - 1);
    throw ConfigError(fmt::format("{}: {}{}: expected {}{}{}{}; see titrant {} --help", facts.path,
                                  option.bare ? "" : "--" + option.name + " ", word, fmt::join(all_but_last, ", "),
                                  all_but_last.empty() ? "" : " or ", words.back(), did_you_mean(word, words),
                                  facts.path));
  }
}

}  // namespace

CommandLine find(const std::vector<std::string>& path) {
  CommandLine line;
  line.command = &find_command(path.at(0));
  if (path.size() > 1 && !line.command->actions.empty()) {
    line.parent = line.command->name;
    line.command = &find_action(*line.command, path[1]);
  }
  return line;
}

CommandLine parse(const std::vector<std::string>& arguments) {
  const auto is_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
  CommandLine line = find({arguments.at(0)});
  std::size_t used = 1;
  if (!line.command->actions.empty()) {
    const std::string action = arguments.size() > 1 ? arguments[1] : "";
    line.help = is_help(action) || action == "help";
    if (line.help) return line;
    line = find({arguments[0], action});
    used = 2;
  }
  po::options_description description;
  line.command->options(description);
  add_common_options(description);
  po::positional_options_description positional;
  for (const std::string& name : line.command->positional) {
    const bool many = description.find(name, false).semantic()->is_composing();
    positional.add(name.c_str(), many ? -1 : 1);
  }
  const std::vector<std::string> rest(arguments.begin() + static_cast<std::ptrdiff_t>(used), arguments.end());
  const CommandFacts facts = facts_of(*line.command, line.parent);
  expect_no_options_as_values(facts, rest);
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    const po::parsed_options parsed =
        po::command_line_parser(rest).options(description).positional(positional).style(style).run();
    po::store(parsed, line.values);
    po::notify(line.values);
    expect_no_minus(line.values, parsed);
    expect_words(facts, line.values);
  } catch (const po::error& error) {
    throw ConfigError(usage_error(facts, rest, error, description));
  }
  line.help = line.values.contains("help");
  return line;
}

}  // namespace titrant::cli
