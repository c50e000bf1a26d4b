#pragma once

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Single values of YAML: from a node, and back to text on one line.
namespace titrant::core::yaml {

/// A finite number; none where the node is anything else.
std::optional<double> number(const YAML::Node& node);

template <class Integer>
std::optional<Integer> integer(const YAML::Node& node) {
  Integer value{};
  // yaml-cpp reads "-1" into unsigned types by wrapping round; a sign there is refused.
  const bool negative = node.IsScalar() && node.Scalar().starts_with('-');
  if (!node.IsScalar() || (negative && std::is_unsigned_v<Integer>) || !YAML::convert<Integer>::decode(node, value)) {
    return std::nullopt;
  }
  return value;
}

/// How a message shows a node: its scalar in quotes, or what kind of thing it is.
std::string quote(const YAML::Node& node);

/// The shortest text that reads back as the same value.
std::string text(double value);
std::string text(const std::string& value);

template <class Value>
std::string text(const std::vector<Value>& values) {
  std::string list;
  for (const Value& value : values) list += (list.empty() ? "" : ", ") + text(value);
  return "[" + list + "]";
}

template <class Value>
std::string text(const std::map<std::string, Value>& values) {
  std::string list;
  for (const auto& [name, value] : values) list += (list.empty() ? "" : ", ") + text(name) + ": " + text(value);
  return "{" + list + "}";
}

}  // namespace titrant::core::yaml
