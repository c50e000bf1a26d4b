#pragma once

#include <yaml-cpp/node/node.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "titrant/core/settings.hpp"

namespace titrant::core {

/// Told the node, the path of the key and what is wrong with it.
using YamlFault = std::function<void(const YAML::Node& node, const std::string& path, const std::string& what)>;

/// A node of a YAML tree that is read key by key; every fault is reported with its place, and gives no value.
///
///     const YamlReader regimen(node, "regimens.twice", fault);
///     if (!regimen.expect_map({"interval", "doses"})) return;
///     if (const auto interval = regimen.at("interval").number(Range::positive(), "h")) result.interval = *interval;
class YamlReader {
 public:
  YamlReader(YAML::Node node, std::string path, const YamlFault& fault);

  const std::string& path() const { return path_; }
  bool is_map() const { return !missing_ && node_.IsMap(); }
  bool is_list() const { return !missing_ && node_.IsSequence(); }
  bool is_scalar() const { return !missing_ && node_.IsScalar(); }
  bool has(const std::string& key) const;

  /// Whether this is a map with none but the known keys; unknown ones are faults that name the nearest known one.
  bool expect_map(const std::vector<std::string>& known) const;
  /// The value of a key of a map; where it has none, whoever reads the value is told that it is missing.
  YamlReader at(const std::string& key) const;
  /// The keys of a map in the order of the file, each once; a fault where this is no map or a key is no text.
  std::vector<std::string> keys() const;
  /// The elements of a list; a fault where this is none.
  std::vector<YamlReader> elements() const;

  std::optional<double> number(const Range& range, const std::string& unit = "") const;
  std::optional<int> integer(int low, int high) const;
  /// A list of exactly two numbers, low first.
  std::optional<std::pair<double, double>> pair(const Range& range) const;
  std::optional<std::vector<double>> numbers(const Range& range) const;
  /// A text; one of `allowed` where that is not empty.
  std::optional<std::string> word(const std::vector<std::string>& allowed = {}) const;
  std::optional<bool> flag() const;

  void fault(const std::string& what) const { (*fault_)(node_, path_, what); }
  /// "'...'" of the node, for messages.
  std::string in_quotes() const;

 private:
  bool is_there() const;  ///< and a fault where it is not

  YAML::Node node_;  ///< of a missing key the map
  bool missing_ = false;
  std::string path_;
  const YamlFault* fault_;
};

/// A text, or a number with all its digits, as YAML reads it back.
std::string yaml_text(const std::string& text);
std::string yaml_text(double number);
std::string yaml_text(const std::vector<double>& numbers);

}  // namespace titrant::core
