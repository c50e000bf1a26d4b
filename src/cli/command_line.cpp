#include "command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <typeinfo>

#include "facts.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = core::nearest(word, known);
  return near.empty() ? "" : fmt::format(", did you mean '{}'?", near);
}

std::vector<std::string> names_of(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  return names;
}

const Command* named(const std::vector<Command>& commands, const std::string& name) {
  const auto found = std::find_if(commands.begin(), commands.end(), [&](const Command& c) { return c.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

const Command& find_command(const std::string& name) {
  if (const Command* command = named(all_commands(), name)) return *command;
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
    throw ConfigError(fmt::format("{}: do what? titrant {} {}; see titrant {} --help", command.name, command.name,
                                  fmt::join(names, "|"), command.name));
  throw ConfigError(fmt::format("{}: unknown action '{}'{}; known: {}; see titrant {} --help", command.name, name,
                                did_you_mean(name, names), fmt::join(names, ", "), command.name));
}

bool has_option(const CommandFacts& facts, const std::string& name) {
  return std::any_of(facts.options.begin(), facts.options.end(),
                     [&](const OptionFacts& option) { return "--" + option.name == name; });
}

/// What to write in place of an option that a command does not take.
std::string unknown_option(const std::string& path, const std::string& typed) {
  const std::string name = typed.substr(0, typed.find('='));
  const std::vector<CommandFacts> all = all_facts();
  const std::string family = path.substr(0, path.find(' ')) + " ";
  std::vector<std::string> own;
  std::vector<std::string> takers;  // other actions of the same command, else other commands
  for (const CommandFacts& facts : all) {
    if (facts.path == path) {
      for (const OptionFacts& option : facts.options) own.push_back("--" + option.name);
    } else if (has_option(facts, name) && facts.path.starts_with(family)) {
      takers.push_back("titrant " + facts.path);
    }
  }
  for (const CommandFacts& facts : all) {
    if (takers.empty() && has_option(facts, name)) takers.push_back("titrant " + facts.path);
  }
  std::string text = fmt::format("{}: unknown option '{}'", path, name) + did_you_mean(name, own);
  if (!takers.empty()) text += fmt::format("; {} takes it", fmt::join(takers, ", "));
  return text + fmt::format("; see titrant {} --help", path);
}

/// What the value of an option must look like.
std::string expected(const po::option_description& option) {
  const auto* typed = dynamic_cast<const po::typed_value_base*>(option.semantic().get());
  if (typed == nullptr || typed->value_type() == typeid(std::string)) return "a text";
  return typed->value_type() == typeid(double) ? "a number" : "a whole number, 0 or more";
}

/// What po::error says, in words that say what to do.
std::string explain(const std::string& path, const po::error& error, const po::options_description& description,
                    const std::vector<std::string>& positional) {
  const std::string see = fmt::format("see titrant {} --help", path);
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error))
    return unknown_option(path, unknown->get_option_name());
  if (const auto* with_name = dynamic_cast<const po::error_with_option_name*>(&error)) {
    const std::string shown = with_name->get_option_name();
    const po::option_description* option = description.find_nothrow(shown.substr(shown.find_first_not_of('-')), false);
    if (option != nullptr && dynamic_cast<const po::invalid_option_value*>(&error) != nullptr)
      return fmt::format("{}; expected {}: {}; {}", error.what(), expected(*option), option->description(), see);
    if (option != nullptr && dynamic_cast<const po::invalid_command_line_syntax*>(&error) != nullptr)
      return fmt::format("{}; {}", error.what(), see);
  }
  if (dynamic_cast<const po::too_many_positional_options_error*>(&error) != nullptr)
    return fmt::format("{}: too many arguments: it takes {} without an option's name{}; {}", path,
                       positional.empty() ? "none" : std::to_string(positional.size()),
                       positional.empty() ? " (write --set KEY=VALUE, --config FILE.yaml, ...)" : "", see);
  return fmt::format("{}; {}", error.what(), see);
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
  for (const std::string& name : line.command->positional) positional.add(name.c_str(), 1);
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    const std::vector<std::string> rest(arguments.begin() + static_cast<std::ptrdiff_t>(used), arguments.end());
    const po::parsed_options parsed =
        po::command_line_parser(rest).options(description).positional(positional).style(style).run();
    po::store(parsed, line.values);
    po::notify(line.values);
    expect_no_minus(line.values, parsed);
  } catch (const po::error& error) {
    throw ConfigError(explain(facts_of(*line.command, line.parent).path, error, description, line.command->positional));
  }
  line.help = line.values.contains("help");
  return line;
}

}  // namespace titrant::cli
