#include "facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "terminal/messages.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

OptionFacts facts_of(const po::option_description& option, const std::vector<std::string>& positional) {
  OptionFacts facts;
  facts.name = option.long_name();
  const std::string shown = option.canonical_display_name(po::command_line_style::allow_dash_for_short);
  if (shown.size() == 2 && shown.front() == '-') facts.letter = shown.substr(1);
  facts.meaning = option.description();
  if (option.semantic()->max_tokens() > 0) {
    const std::string value = option.semantic()->name();  // "COUNT (=1)"
    const std::size_t standard = value.find(" (=");
    facts.value = value.substr(0, standard);
    if (standard != std::string::npos) facts.standard = value.substr(standard + 3, value.size() - standard - 4);
  }
  facts.repeats = option.semantic()->is_composing();
  facts.bare = std::find(positional.begin(), positional.end(), facts.name) != positional.end();
  return facts;
}

bool is_word(const std::string& text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::isupper(c) != 0; });
}

}  // namespace

CommandFacts facts_of(const Command& command, const std::string& parent) {
  CommandFacts facts;
  facts.path = parent.empty() ? command.name : parent + " " + command.name;
  facts.summary = command.summary;
  facts.examples = split(command.example, '\n');
  facts.usage = "titrant " + facts.path;
  for (const Command& action : command.actions) facts.actions.push_back(action.name);
  po::options_description description;
  if (command.options != nullptr) command.options(description);
  add_common_options(description);
  for (const auto& option : description.options()) facts.options.push_back(facts_of(*option, command.positional));
  if (!facts.actions.empty()) facts.usage += " ACTION";
  for (const std::string& name : command.positional) {
    const auto option = std::find_if(facts.options.begin(), facts.options.end(),
                                     [&](const OptionFacts& candidate) { return candidate.name == name; });
    facts.usage += " " + option->value;
  }
  facts.usage += " [OPTION ...]";
  return facts;
}

std::vector<CommandFacts> all_facts() {
  std::vector<CommandFacts> all;
  for (const Command& command : all_commands()) {
    all.push_back(facts_of(command));
    for (const Command& action : command.actions) all.push_back(facts_of(action, command.name));
  }
  return all;
}

ValueKind kind_of(const std::string& value_name) {
  ValueKind kind;
  for (const std::string& alternative : split(value_name, '|')) {
    const std::size_t dot = alternative.rfind('.');
    if (is_word(alternative)) {
      kind.words.push_back(alternative);
    } else if (alternative.starts_with("KEY=")) {
      kind.key = true;
    } else if (dot != std::string::npos && is_word(alternative.substr(dot + 1))) {
      kind.suffixes.push_back(alternative.substr(dot + 1));
    } else if (alternative == "FILE") {
      kind.file = true;
    } else if (alternative == "FOLDER") {
      kind.folder = true;
    }
  }
  return kind;
}

void add_common_options(po::options_description& description) {
  add_message_options(description);
  description.add_options()("help,h", "explain this command");
}

bool is_common(const OptionFacts& option) {
  po::options_description common;
  add_common_options(common);
  return common.find_nothrow(option.name, false) != nullptr;
}

std::vector<core::Settings::Description> documented_keys() {
  run::Configuration defaults;
  std::vector<core::Settings::Description> keys = run::describe(defaults).documentation();
  std::erase_if(keys, [](const core::Settings::Description& key) { return key.is_section; });
  return keys;
}

std::vector<core::Settings::Description> configuration_keys() {
  std::vector<core::Settings::Description> keys = documented_keys();
  std::erase_if(keys, [](const core::Settings::Description& key) { return key.is_pattern; });
  return keys;
}

std::string option_text(const OptionFacts& option) {
  std::string text = option.letter.empty() ? "" : fmt::format("-{}, ", option.letter);
  text += "--" + option.name;
  if (!option.value.empty()) text += " " + option.value;
  return text;
}

std::vector<Pair> exit_codes() {
  return {{"0", "done"},
          {"1", "failed; for compare: the stores differ; for campaign status: members are not done"},
          {"2", "bad usage, configuration or data"},
          {"75", "stopped early with a checkpoint: go on with titrant resume"}};
}

std::vector<Pair> environment_variables() {
  return {{"NO_COLOR", "if set to anything: no colour (see --color)"},
          {"TERM", "dumb: no escape codes"},
          {"TITRANT_ANALYSIS", "folder of the Python package titrant_analysis, which makes reports"},
          {"TITRANT_PYTHON", "the Python interpreter that runs it"}};
}

std::vector<Pair> known_files() {
  return {{"RUN.h5", "the store of a run (HDF5): configuration, data, results, provenance"},
          {"RUN.h5.checkpoint", "beside it while the run is unfinished: what titrant resume goes on from"},
          {"RUN.html", "the report of a run"},
          {"FOLDER/campaign.yaml", "the members of a campaign"},
          {"FOLDER/campaign.h5", "the index of a campaign's members"},
          {"../share/titrant/configs", "beside the folder of the program: configurations to begin with"}};
}

}  // namespace titrant::cli
