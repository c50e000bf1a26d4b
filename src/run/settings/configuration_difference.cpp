#include "titrant/run/configuration_difference.hpp"

#include <yaml-cpp/yaml.h>

#include <map>

#include "titrant/core/error.hpp"

namespace titrant::run {

namespace {

/// No configuration has so many keys; a text whose aliases multiply has.
constexpr std::size_t most_keys = 100000;

/// Every value by its key.
void flatten(const YAML::Node& node, const std::string& path, std::map<std::string, std::string>& flat) {
  if (node.IsMap() && node.size() > 0) {
    for (const auto& member : node) {
      const auto key = member.first.as<std::string>();
      flatten(member.second, path.empty() ? key : path + "." + key, flat);
    }
    return;
  }
  if (flat.size() > most_keys) throw DataError("a configuration has more than 100000 keys");
  YAML::Emitter out;
  out << YAML::Flow << node;
  flat[path] = out.c_str();
}

std::map<std::string, std::string> flat(const std::string& yaml) {
  std::map<std::string, std::string> values;
  try {
    flatten(YAML::Load(yaml), "", values);
  } catch (const YAML::Exception& error) {
    throw DataError(std::string("a configuration cannot be read: ") + error.what());
  }
  return values;
}

}  // namespace

std::vector<ConfigurationDifference> configuration_differences(const std::string& first, const std::string& second) {
  std::map<std::string, std::string> of_first = flat(first);
  std::map<std::string, std::string> of_second = flat(second);
  for (const auto& [key, value] : of_second) of_first.try_emplace(key, "");
  std::vector<ConfigurationDifference> found;
  for (const auto& [key, value] : of_first) {
    if (value != of_second[key]) found.push_back({key, value, of_second[key]});
  }
  return found;
}

}  // namespace titrant::run
