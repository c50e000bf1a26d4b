#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <system_error>

#include "plan_text.hpp"
#include "titrant/campaign/plan.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/core/yaml.hpp"

/// \file
/// A plan as a file: campaign.yaml.

namespace titrant::campaign {

namespace {

constexpr std::size_t largest_plan = std::size_t{1} << 26U;  // bytes; a member needs about a hundred
constexpr int format = 1;

std::string text_of(const Plan& plan) {
  YAML::Emitter out;
  out << YAML::Comment("A campaign: what its members change, and the configuration that they share. Made by")
      << YAML::Newline
      << YAML::Comment("`titrant campaign plan`; stores are recognised by it, so it is not to be edited.")
      << YAML::Newline;
  out << YAML::BeginMap << YAML::Key << "titrant_campaign" << YAML::Value << format;
  out << YAML::Key << "members" << YAML::Value << YAML::BeginMap;
  for (const Member& member : plan.members) {
    out << YAML::Key << member.name << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const std::string& setting : member.settings) out << YAML::DoubleQuoted << setting;
    out << YAML::EndSeq;
  }
  out << YAML::EndMap << YAML::Key << "configuration" << YAML::Value << YAML::Literal << plan.base << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

Plan plan_of(const std::string& text) {
  core::Problems problems;
  const YAML::Node root = core::parse_yaml(text, std::string(plan_file), problems);
  problems.throw_if_any<ConfigError>();
  if (root["titrant_campaign"].as<int>() != format) throw ConfigError("has another format");
  Plan plan;
  plan.base = root["configuration"].as<std::string>();
  for (const auto& entry : root["members"]) {
    const auto name = entry.first.as<std::string>();
    if (name != member_name(plan.members.size() + 1)) {
      throw ConfigError(fmt::format("expected {}, found '{}'", member_name(plan.members.size() + 1), name));
    }
    plan.members.push_back({name, entry.second.as<std::vector<std::string>>()});
  }
  if (plan.members.empty()) throw ConfigError("has no members");
  return plan;
}

}  // namespace

void make_folder(const std::filesystem::path& folder, const Plan& plan) {
  const std::filesystem::path file = folder / plan_file;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw ConfigError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
  if (std::filesystem::exists(file, error) && core::read_file(file, largest_plan) != text_of(plan)) {
    throw ConfigError(
        fmt::format("{}: is another plan already; give each campaign a folder of its own", file.string()));
  }
}

void write_plan(const std::filesystem::path& folder, const Plan& plan) {
  make_folder(folder, plan);
  core::replace_file(folder / plan_file, text_of(plan));
}

Plan read_plan(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / plan_file;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw ConfigError(fmt::format("{}: there is no such plan; make one with titrant campaign plan", file.string()));
  }
  try {
    return plan_of(core::read_file(file, largest_plan));
  } catch (const YAML::Exception& fault) {
    throw ConfigError(fmt::format("{}: is not a plan of a campaign: {}", file.string(), fault.what()));
  } catch (const ConfigError& fault) {
    throw ConfigError(fmt::format("{}: is not a plan of a campaign: {}", file.string(), fault.what()));
  }
}

}  // namespace titrant::campaign
