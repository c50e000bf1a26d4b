#include <fmt/format.h>

#include <filesystem>

#include "command.hpp"
#include "titrant/core/error.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands = [] {
    std::vector<Command> list = stage_commands();
    for (const auto& command :
         {resume_command, simulate_command, check_command, inspect_command, report_command, compare_command,
          circuit_command, device_command, campaign_command, documentation_command}) {
      list.push_back(command());
    }
    return list;
  }();
  return commands;
}

void add_configuration_options(po::options_description& description) {
  description.add_options()(
      "config,c", po::value<std::string>()->value_name("FILE.yaml|RUN.h5"),
      "YAML configuration, or a store (.h5) whose configuration is repeated; without it: the defaults")(
      "set,s", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE"),
      "overrides one key (key.path=value); may be repeated");
}

std::string text_option(const Invocation& invocation, const std::string& name) {
  return invocation.values.contains(name) ? invocation.values[name].as<std::string>() : std::string();
}

std::string file_option(const Invocation& invocation, const std::string& name) {
  std::string file = text_option(invocation, name);
  std::error_code error;
  if (!file.empty() && !std::filesystem::exists(file, error))
    throw ConfigError(fmt::format("{}: there is no such file", file));
  return file;
}

run::Configuration configuration_of(const Invocation& invocation) {
  run::ConfigurationSource source;
  source.file = file_option(invocation, "config");
  if (source.file.ends_with(".csv"))
    throw ConfigError(fmt::format("--config {}: is data, not a configuration; give it as --set data.file={}",
                                  source.file, source.file));
  if (invocation.values.contains("set")) source.sets = invocation.values["set"].as<std::vector<std::string>>();
  return run::load_configuration(source);
}

}  // namespace titrant::cli
