#include "titrant/core/yaml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "titrant/core/yaml.hpp"
#include "yaml_values.hpp"

namespace titrant::core {

namespace {

/// "did you mean ...?", or all that is known.
std::string known_words(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() ? fmt::format("known here: {}", fmt::join(known, ", ")) : fmt::format("did you mean '{}'?", near);
}

}  // namespace

YamlReader::YamlReader(YAML::Node node, std::string path, const YamlFault& fault)
    : node_(std::move(node)), path_(std::move(path)), fault_(&fault) {}

std::string YamlReader::in_quotes() const { return yaml::quote(node_); }

bool YamlReader::has(const std::string& key) const { return is_map() && node_[key].IsDefined(); }

YamlReader YamlReader::at(const std::string& key) const {
  const bool there = has(key);
  YamlReader value(there ? node_[key] : node_, path_ + "." + key, *fault_);
  value.missing_ = !there;
  return value;
}

bool YamlReader::is_there() const {
  if (missing_) fault("is missing");
  return !missing_;
}

std::vector<std::string> YamlReader::keys() const {
  std::vector<std::string> keys;
  if (!is_there()) return keys;
  if (!node_.IsMap()) {
    fault(fmt::format("expected a section {{name: value}}, found {}", in_quotes()));
    return keys;
  }
  for (const auto& item : node_) {
    if (item.first.IsScalar() && !item.first.Scalar().empty()) {
      keys.push_back(item.first.Scalar());
    } else {
      (*fault_)(item.first, path_, "expected a name");
    }
  }
  return keys;
}

bool YamlReader::expect_map(const std::vector<std::string>& known) const {
  if (!is_there()) return false;
  if (!node_.IsMap()) {
    fault(fmt::format("expected a section with the keys {}, found {}", fmt::join(known, ", "), in_quotes()));
    return false;
  }
  bool all_known = true;
  for (const auto& item : node_) {
    const std::string key = item.first.IsScalar() ? item.first.Scalar() : "";
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    (*fault_)(item.first, path_ + "." + key, "unknown key; " + known_words(key, known));
    all_known = false;
  }
  return all_known;
}

std::vector<YamlReader> YamlReader::elements() const {
  std::vector<YamlReader> all;
  if (!is_there()) return all;
  if (!node_.IsSequence()) {
    fault(fmt::format("expected a list [a, b], found {}", in_quotes()));
    return all;
  }
  for (const YAML::Node& item : node_) all.emplace_back(item, path_, *fault_);
  return all;
}

std::optional<double> YamlReader::number(const Range& range, const std::string& unit) const {
  if (!is_there()) return std::nullopt;
  const auto read = yaml_number(node_);
  if (!read) {
    fault(yaml_number_fault(node_));
    return std::nullopt;
  }
  if (range.contains(*read)) return read;
  fault(fmt::format("{} is out of range; allowed: {}{}", *read, range.text(), unit.empty() ? "" : " " + unit));
  return std::nullopt;
}

std::optional<int> YamlReader::integer(int low, int high) const {
  if (!is_there()) return std::nullopt;
  const auto read = yaml::integer<int>(node_);
  if (read && *read >= low && *read <= high) return read;
  fault(read ? fmt::format("{} is out of range; allowed: {} .. {}", *read, low, high) : yaml_number_fault(node_, true));
  return std::nullopt;
}

std::optional<std::vector<double>> YamlReader::numbers(const Range& range) const {
  if (!is_there()) return std::nullopt;
  if (!node_.IsSequence()) {
    fault(fmt::format("expected a list of numbers [a, b], found {}", in_quotes()));
    return std::nullopt;
  }
  std::vector<double> all;
  for (const YamlReader& element : elements()) {
    if (const auto value = element.number(range)) all.push_back(*value);
  }
  if (all.size() != node_.size()) return std::nullopt;
  return all;
}

std::optional<std::pair<double, double>> YamlReader::pair(const Range& range) const {
  if (!is_there()) return std::nullopt;
  if (!node_.IsSequence() || node_.size() != 2) {
    fault(fmt::format("expected two numbers [a, b], found {}", in_quotes()));
    return std::nullopt;
  }
  const auto both = numbers(range);
  if (!both) return std::nullopt;
  return std::pair{both->front(), both->back()};
}

std::optional<std::string> YamlReader::word(const std::vector<std::string>& allowed) const {
  if (!is_there()) return std::nullopt;
  if (!node_.IsScalar() || node_.Scalar().empty()) {
    fault(fmt::format("expected a word{}, found {}",
                      allowed.empty() ? "" : fmt::format(" (one of: {})", fmt::join(allowed, ", ")), in_quotes()));
    return std::nullopt;
  }
  const std::string& word = node_.Scalar();
  if (allowed.empty() || std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  const std::string near = nearest(word, allowed);
  fault(fmt::format("{} is not one of: {}{}", in_quotes(), fmt::join(allowed, ", "),
                    near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  return std::nullopt;
}

std::optional<bool> YamlReader::flag() const {
  if (!is_there()) return std::nullopt;
  bool value = false;
  if (node_.IsScalar() && YAML::convert<bool>::decode(node_, value)) return value;
  fault(fmt::format("expected true or false, found {}", in_quotes()));
  return std::nullopt;
}

std::string yaml_text(const std::string& text) { return yaml::text(text); }
std::string yaml_text(double number) { return yaml::text(number); }
std::string yaml_text(const std::vector<double>& numbers) { return yaml::text(numbers); }

}  // namespace titrant::core
