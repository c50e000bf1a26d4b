#include "titrant/core/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"
#include "yaml_values.hpp"

namespace titrant::core {

bool Range::contains(double value) const {
  const bool above = low_open ? value > low : value >= low;
  const bool below = high_open ? value < high : value <= high;
  return above && below;
}

std::string Range::text() const {
  const bool bounded_below = std::isfinite(low);
  const bool bounded_above = std::isfinite(high);
  if (bounded_below && bounded_above) {
    return low_open || high_open ? fmt::format("between {} and {}, both excluded", low, high)
                                 : fmt::format("{} .. {}", low, high);
  }
  if (bounded_below) return fmt::format("{} {}", low_open ? ">" : ">=", low);
  if (bounded_above) return fmt::format("{} {}", high_open ? "<" : "<=", high);
  return "";
}

void Settings::Source::fault(const YAML::Node& node, const std::string& path, const std::string& what) const {
  const YAML::Mark mark = node.Mark();
  const std::string where =
      mark.is_null() || file.empty() ? "" : fmt::format("{}:{}:{}: ", file, mark.line + 1, mark.column + 1);
  problems->add(where + path, what);
}

void Settings::add(Entry entry) {
  TITRANT_EXPECTS(std::none_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == entry.key; }));
  entries_.push_back(std::move(entry));
}

void Settings::number(const std::string& key, double& value, const std::string& unit, Range range,
                      const std::string& meaning) {
  add({key, unit, range.text().empty() ? "a number" : range.text(), meaning,
       [&value, unit, range](const YAML::Node& node, const std::string& path, const Source& source, bool) {
         if (const auto read = yaml_number(node); !read) {
           source.fault(node, path, yaml_number_fault(node));
         } else if (!range.contains(*read)) {
           source.fault(node, path, fmt::format("{} is out of range; allowed: {} {}", *read, range.text(), unit));
         } else {
           value = *read;
         }
       },
       [&value] { return yaml::text(value); }, nullptr});
}

namespace {

/// What an integer may be: its range, or all that the type holds.
template <class Integer>
std::string integers_of(const Integer&, Range range) {
  using Limits = std::numeric_limits<Integer>;
  return range.text().empty() ? fmt::format("{} .. {}", Limits::min(), Limits::max()) : range.text();
}

template <class Integer>
auto integer_reader(Integer& value, Range range) {
  return [&value, range](const YAML::Node& node, const std::string& path, const auto& source, bool) {
    const auto read = yaml::integer<Integer>(node);
    if (!read && yaml::whole(node)) {
      source.fault(node, path,
                   fmt::format("{} is out of range; allowed: {}", node.Scalar(), integers_of(value, range)));
    } else if (!read) {
      source.fault(node, path, yaml_number_fault(node, true));
    } else if (!range.contains(static_cast<double>(*read))) {
      source.fault(node, path, fmt::format("{} is out of range; allowed: {}", *read, range.text()));
    } else {
      value = *read;
    }
  };
}

}  // namespace

void Settings::integer(const std::string& key, int& value, Range range, const std::string& meaning) {
  add({key, "", integers_of(value, range), meaning, integer_reader(value, range),
       [&value] { return fmt::format("{}", value); }, nullptr});
}
void Settings::integer(const std::string& key, std::uint32_t& value, Range range, const std::string& meaning) {
  add({key, "", integers_of(value, range), meaning, integer_reader(value, range),
       [&value] { return fmt::format("{}", value); }, nullptr});
}
void Settings::integer(const std::string& key, std::uint64_t& value, Range range, const std::string& meaning) {
  add({key, "", integers_of(value, range), meaning, integer_reader(value, range),
       [&value] { return fmt::format("{}", value); }, nullptr});
}

void Settings::flag(const std::string& key, bool& value, const std::string& meaning) {
  add({key,
       "",
       "true, false",
       meaning,
       [&value](const YAML::Node& node, const std::string& path, const Source& source, bool) {
         if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) {
           source.fault(node, path, fmt::format("expected true or false, found {}", yaml::quote(node)));
         }
       },
       [&value] { return value ? "true" : "false"; },
       nullptr,
       {"true", "false"}});
}

void Settings::text(const std::string& key, std::string& value, const std::string& meaning) {
  add({key, "", "a text", meaning,
       [&value](const YAML::Node& node, const std::string& path, const Source& source, bool) {
         if (node.IsNull()) {
           value.clear();
         } else if (!node.IsScalar()) {
           source.fault(node, path, fmt::format("expected a text, found {}", yaml::quote(node)));
         } else {
           value = node.Scalar();
         }
       },
       [&value] { return yaml::text(value); }, nullptr});
}

namespace {

/// \param earlier  words of earlier versions, with those to write now
std::string not_one_of(const YAML::Node& node, const std::vector<std::string>& words,
                       const std::vector<std::pair<std::string, std::string>>& earlier = {}) {
  for (const auto& [before, now] : earlier) {
    if (node.IsScalar() && node.Scalar() == before) {
      return fmt::format("'{}' is a word of earlier versions; write {}", before, now);
    }
  }
  const std::string near = node.IsScalar() ? nearest(node.Scalar(), words) : "";
  return fmt::format("{} is not one of: {}{}", yaml::quote(node), fmt::join(words, ", "),
                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
}

}  // namespace

void Settings::add_choice(const std::string& key, const std::vector<std::string>& words, const std::string& meaning,
                          const std::function<void(std::size_t)>& set, const std::function<std::size_t()>& get,
                          const std::map<std::string, std::string>& elsewhere) {
  add({key, "", fmt::format("{}", fmt::join(words, ", ")), meaning,
       [words, set, elsewhere](const YAML::Node& node, const std::string& path, const Source& source, bool) {
         const std::string word = node.IsScalar() ? node.Scalar() : "";
         const auto found = std::find(words.begin(), words.end(), word);
         const auto other = elsewhere.find(word);
         if (found == words.end() && other != elsewhere.end()) {
           source.fault(node, path, fmt::format("'{}' is not of this key: {}", word, other->second));
         } else if (found == words.end()) {
           source.fault(node, path, not_one_of(node, words));
         } else {
           set(static_cast<std::size_t>(found - words.begin()));
         }
       },
       [words, get] { return words.at(get()); }, nullptr, words});
}

void Settings::words(const std::string& key, std::vector<std::string>& value, const std::vector<std::string>& allowed,
                     const std::string& meaning, const std::vector<std::pair<std::string, std::string>>& earlier) {
  const std::string expected =
      allowed.empty() ? "one or a list of words" : fmt::format("one or a list of: {}", fmt::join(allowed, ", "));
  add({key, "", expected, meaning,
       [&value, allowed, expected, earlier](const YAML::Node& node, const std::string& path, const Source& source,
                                            bool) {
         const bool one = node.IsScalar() && !node.Scalar().empty();
         if (!one && !node.IsSequence()) {
           source.fault(node, path, fmt::format("expected a list [a, b], found {}", yaml::quote(node)));
           return;
         }
         std::vector<std::string> read;
         const std::vector<YAML::Node> items =
             one ? std::vector<YAML::Node>{node} : std::vector<YAML::Node>(node.begin(), node.end());
         for (const YAML::Node& item : items) {
           const std::string word = item.IsScalar() ? item.Scalar() : "";
           if (word.empty() || (!allowed.empty() && std::find(allowed.begin(), allowed.end(), word) == allowed.end())) {
             source.fault(item, path,
                          allowed.empty() ? fmt::format("expected {}, found {}", expected, yaml::quote(item))
                                          : not_one_of(item, allowed, earlier));
           } else if (std::find(read.begin(), read.end(), word) != read.end()) {
             source.fault(item, path, fmt::format("'{}' is listed twice", word));
           } else {
             read.push_back(word);
           }
         }
         value = read;
       },
       [&value] { return yaml::text(value); }, nullptr, allowed});
}

void Settings::numbers(const std::string& key, std::vector<double>& value, const std::string& unit, Range range,
                       const std::string& meaning) {
  add({key, unit, "a list of numbers" + (range.text().empty() ? "" : ", each " + range.text()), meaning,
       [&value, range](const YAML::Node& node, const std::string& path, const Source& source, bool) {
         if (!node.IsSequence()) {
           source.fault(node, path, fmt::format("expected a list of numbers [a, b], found {}", yaml::quote(node)));
           return;
         }
         std::vector<double> read;
         for (const YAML::Node& item : node) {
           const auto number = yaml_number(item);
           if (!number) {
             source.fault(item, path, yaml_number_fault(item));
           } else if (!range.contains(*number)) {
             source.fault(item, path, fmt::format("{} is out of range; allowed: {}", *number, range.text()));
           } else {
             read.push_back(*number);
           }
         }
         if (read.size() == node.size()) value = read;
       },
       [&value] { return yaml::text(value); }, nullptr});
}

void Settings::interval(const std::string& key, double& low, double& high, const std::string& unit, Range range,
                        const std::string& meaning) {
  add({key, unit, "[low, high]" + (range.text().empty() ? "" : ", each " + range.text()), meaning,
       [&low, &high, range](const YAML::Node& node, const std::string& path, const Source& source, bool) {
         const bool pair = node.IsSequence() && node.size() == 2;
         const auto from = pair ? yaml_number(node[0]) : std::nullopt;
         const auto to = pair ? yaml_number(node[1]) : std::nullopt;
         if (pair && (!from || !to)) {
           source.fault(node, path, "expected two numbers [low, high]; " + yaml_number_fault(node[from ? 1 : 0]));
         } else if (!pair) {
           source.fault(node, path, fmt::format("expected two numbers [low, high], found {}", yaml::quote(node)));
         } else if (!range.contains(*from) || !range.contains(*to) || *from > *to) {
           source.fault(node, path,
                        fmt::format("[{}, {}] is out of range; allowed: low <= high{}", *from, *to,
                                    range.text().empty() ? "" : ", each " + range.text()));
         } else {
           low = *from;
           high = *to;
         }
       },
       [&low, &high] { return fmt::format("[{}, {}]", yaml::text(low), yaml::text(high)); }, nullptr});
}

}  // namespace titrant::core
