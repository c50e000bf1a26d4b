#include "usage_error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <typeinfo>

#include "titrant/core/problems.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

const OptionFacts* find_option(const CommandFacts& facts, const std::string& dashed) {
  const auto found = std::find_if(facts.options.begin(), facts.options.end(),
                                  [&](const OptionFacts& option) { return "--" + option.name == dashed; });
  return found == facts.options.end() ? nullptr : &*found;
}

std::string unknown_option(const CommandFacts& facts, const std::string& typed) {
  const std::string name = typed.substr(0, typed.find('='));
  const std::string family = facts.path.substr(0, facts.path.find(' ')) + " ";
  std::vector<std::string> own;
  for (const OptionFacts& option : facts.options) own.push_back("--" + option.name);
  std::vector<std::string> relatives;  // other actions of the same command that take it
  std::vector<std::string> others;
  for (const CommandFacts& other : all_facts()) {
    if (find_option(other, name) == nullptr) continue;
    (other.path.starts_with(family) ? relatives : others).push_back("titrant " + other.path);
  }
  std::string text = fmt::format("unknown option '{}'", name) + did_you_mean(name, own);
  const std::vector<std::string>& takers = relatives.empty() ? others : relatives;
  if (!takers.empty()) text += fmt::format("; it is an option of {}", fmt::join(takers, ", "));
  return text;
}

/// "-config FILE" is read as the letters c, o, n, ...: the dash that is missing.
std::string missing_dash(const CommandFacts& facts, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const std::string doubled = fmt::format("-{}", argument.substr(0, argument.find('=')));
    if (argument.size() > 2 && argument[0] == '-' && argument[1] != '-' && find_option(facts, doubled) != nullptr)
      return fmt::format("'{}' needs two dashes: '{}'", argument, doubled);
  }
  return "";
}

/// A bare argument where none is taken: which option it may be meant for.
std::string surplus(const CommandFacts& facts, const std::vector<std::string>& arguments) {
  const auto takes = [&](const char* name) { return find_option(facts, name) != nullptr; };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const bool value = i > 0 && arguments[i - 1].starts_with("-") && arguments[i - 1].find('=') == std::string::npos;
    if (word.starts_with("-") || value) continue;
    if ((word.ends_with(".yaml") || word.ends_with(".yml")) && takes("--config"))
      return fmt::format("did you mean --config {}?", word);
    if (word.find('=') != std::string::npos && takes("--set")) return fmt::format("did you mean --set {}?", word);
    if (word.ends_with(".h5") && takes("--output")) return fmt::format("did you mean --output {}?", word);
  }
  return fmt::format("usage: {}", facts.usage);
}

/// What the value of an option must look like.
std::string expected(const po::option_description& option) {
  const auto* typed = dynamic_cast<const po::typed_value_base*>(option.semantic().get());
  if (typed == nullptr || typed->value_type() == typeid(std::string)) return "a text";
  return typed->value_type() == typeid(double) ? "a number" : "a whole number";
}

std::string fault(const CommandFacts& facts, const std::vector<std::string>& arguments, const po::error& error,
                  const po::options_description& description) {
  std::string dash = missing_dash(facts, arguments);
  if (!dash.empty()) return dash;
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error))
    return unknown_option(facts, unknown->get_option_name());
  if (dynamic_cast<const po::too_many_positional_options_error*>(&error) != nullptr)
    return "too many arguments; " + surplus(facts, arguments);
  const auto* with_name = dynamic_cast<const po::error_with_option_name*>(&error);
  if (with_name == nullptr) return error.what();
  const std::string name = with_name->get_option_name();
  const OptionFacts* option = find_option(facts, name);
  if (option != nullptr && dynamic_cast<const po::invalid_option_value*>(&error) != nullptr)
    return fmt::format("{}; expected {}: {}", error.what(), expected(description.find(option->name, false)),
                       option->meaning);
  if (option != nullptr && dynamic_cast<const po::invalid_command_line_syntax*>(&error) != nullptr)
    return option->value.empty() ? fmt::format("{} takes no value", name)
                                 : fmt::format("{} needs a value: {} ({})", name, option->value, option->meaning);
  return error.what();
}

}  // namespace

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = core::nearest(word, known);
  return near.empty() ? "" : fmt::format(", did you mean '{}'?", near);
}

std::string usage_error(const CommandFacts& facts, const std::vector<std::string>& arguments, const po::error& error,
                        const po::options_description& description) {
  return fmt::format("{}: {}; see titrant {} --help", facts.path, fault(facts, arguments, error, description),
                     facts.path);
}

}  // namespace titrant::cli
