#pragma once

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "titrant/core/yaml.hpp"

/// Single values of YAML: from a node, and back to text on one line.
namespace titrant::core::yaml {

/// A whole number as it is written: decimal, 0x1F or 0o17, without leading zeros.
struct Whole {
  bool negative = false;
  std::optional<std::uint64_t> magnitude;  ///< none: more than 64 bits
};
/// None where the node is anything else.
std::optional<Whole> whole(const YAML::Node& node);

/// The whole number that a node is; none where it is anything else, or one that the type cannot hold.
template <class Integer>
std::optional<Integer> integer(const YAML::Node& node) {
  using Limits = std::numeric_limits<Integer>;
  const std::optional<Whole> read = whole(node);
  if (!read || !read->magnitude) return std::nullopt;
  const std::uint64_t magnitude = *read->magnitude;
  if (magnitude == 0) return Integer{0};
  if (!read->negative)
    return magnitude <= static_cast<std::uint64_t>(Limits::max()) ? std::optional(static_cast<Integer>(magnitude))
                                                                  : std::nullopt;
  if constexpr (std::is_signed_v<Integer>) {
    // The lowest value has no positive counterpart.
    if (magnitude - 1 <= static_cast<std::uint64_t>(Limits::max()))
      return static_cast<Integer>(-static_cast<std::int64_t>(magnitude - 1) - 1);
  }
  return std::nullopt;
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
