#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/core/settings.hpp"
#include "titrant/core/yaml.hpp"

/// \file
/// Settings from and to YAML text.

namespace titrant::core {

namespace {

constexpr std::size_t largest_configuration = 1U << 20U;  // bytes; ours are a few thousand

YAML::Node parse(const std::string& text, const std::string& name, Problems& problems) {
  if (text.size() > largest_configuration) {
    problems.add(name, fmt::format("is larger than {} bytes: not a configuration", largest_configuration));
    return {};
  }
  return parse_yaml(text, name, problems);
}

/// What to write in place of a key that a section does not have: the nearest one, or those of this name further down.
std::string known_instead(const Settings& section, const std::string& key) {
  std::vector<std::string> here;
  std::vector<std::string> below;
  for (const Settings::Description& known : section.descriptions()) {
    if (known.path.find('.') == std::string::npos) here.push_back(known.path);
    if (known.path.ends_with("." + key)) below.push_back(fmt::format("'{}'", known.path));
  }
  if (!below.empty()) return fmt::format("did you mean {}?", fmt::join(below, " or "));
  const std::string near = nearest(key, here);
  return near.empty() ? fmt::format("known here: {}", fmt::join(here, ", ")) : fmt::format("did you mean '{}'?", near);
}

}  // namespace

void Settings::read(const YAML::Node& node, const std::string& path, const Source& source) {
  if (!node.IsDefined() || node.IsNull()) return;  // an empty section keeps its defaults
  if (!node.IsMap()) {
    source.fault(node, path.empty() ? "configuration" : path, "expected a section of keys and values");
    return;
  }
  for (const auto& item : node) {
    std::string key = item.first.IsScalar() ? item.first.Scalar() : "";
    YAML::Node value = item.second;
    if (const auto earlier = renamed_.find(key); earlier != renamed_.end()) {
      if (node[earlier->second.key]) {
        source.fault(
            item.first, path.empty() ? key : path + "." + key,
            fmt::format("is the earlier name of {}, which is given too; leave this one out", earlier->second.key));
        continue;
      }
      key = earlier->second.key;
      if (value.IsScalar()) {
        const auto word = earlier->second.words.find(value.Scalar());
        if (word != earlier->second.words.end()) value = YAML::Node(word->second);
      }
    }
    const std::string where = path.empty() ? key : path + "." + key;
    const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
    if (entry == entries_.end()) {
      const auto old = replaced_.find(key);
      source.fault(item.first, where,
                   old != replaced_.end() ? "is a key of earlier versions; write " + old->second
                                          : "unknown key; " + known_instead(*this, key));
    } else {
      entry->read(value, where, source, false);
    }
  }
}

/// Follows a dotted path into sections; what is left below a free-named map becomes a nested node that is merged.
class SettingsReader {
 public:
  static void read(Settings& settings, const std::string& text, const std::string& name, Problems& problems) {
    const YAML::Node node = parse(text, name, problems);
    try {
      settings.read(node, "", {name, &problems});
    } catch (const YAML::Exception& error) {
      problems.add(name, fmt::format("not a usable configuration: {}", error.what()));
    }
  }

  static void set(Settings& settings, const std::string& assignment, Problems& problems) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
      problems.add("--set " + assignment, "expected key.path=value");
      return;
    }
    const std::string path = assignment.substr(0, equals);
    const std::string origin = "--set " + assignment;
    Problems inner;
    const YAML::Node value = parse(assignment.substr(equals + 1), "", inner);
    if (inner.empty()) descend(settings, path, path, value, inner);
    if (!inner.empty()) problems.add(origin, inner.text());
  }

 private:
  static void descend(Settings& settings, const std::string& rest, const std::string& path, const YAML::Node& value,
                      Problems& problems) {
    const std::size_t dot = rest.find('.');
    const std::string key = rest.substr(0, dot);
    const Settings::Source source{"", &problems};
    const auto entry = std::find_if(settings.entries_.begin(), settings.entries_.end(),
                                    [&](const Settings::Entry& e) { return e.key == key; });
    if (entry == settings.entries_.end()) {
      YAML::Node unknown;
      unknown[key] = value;
      settings.read(unknown, path.substr(0, path.size() - std::min(path.size(), rest.size() + 1)), source);
    } else if (dot == std::string::npos) {
      entry->read(value, path, source, false);
    } else if (entry->fixed_section) {
      descend(*entry->fixed_section, rest.substr(dot + 1), path, value, problems);
    } else {
      entry->read(nest(rest.substr(dot + 1), value), path.substr(0, path.size() - rest.size() + dot), source, true);
    }
  }

  static YAML::Node nest(const std::string& path, const YAML::Node& value) {
    const std::size_t dot = path.find('.');
    YAML::Node node;
    node[path.substr(0, dot)] = dot == std::string::npos ? value : nest(path.substr(dot + 1), value);
    return node;
  }
};

void read_yaml(Settings& settings, const std::string& text, const std::string& name, Problems& problems) {
  SettingsReader::read(settings, text, name, problems);
}

void set_value(Settings& settings, const std::string& assignment, Problems& problems) {
  SettingsReader::set(settings, assignment, problems);
}

std::vector<Settings::Description> Settings::documentation() const {
  std::vector<Description> all;
  const auto append = [&all](const std::string& prefix, std::vector<Description> inner, bool is_pattern) {
    for (Description& one : inner) {
      one.path = prefix + one.path;
      one.is_pattern = one.is_pattern || is_pattern;
      all.push_back(std::move(one));
    }
  };
  for (const Entry& entry : entries_) {
    all.push_back({entry.key, entry.write ? entry.write() : "", entry.unit, entry.allowed, entry.meaning,
                   entry.fixed_section != nullptr, entry.words});
    if (entry.fixed_section) append(entry.key + ".", entry.fixed_section->documentation(), false);
    if (entry.keys_of_new) append(entry.key + ".<name>.", entry.keys_of_new(), true);  // none of a tree: as they are
  }
  return all;
}

std::vector<Settings::Description> Settings::descriptions() const {
  std::vector<Description> all = documentation();
  std::erase_if(all, [](const Description& one) { return one.is_pattern; });
  return all;
}

std::string write_yaml(const Settings& settings, const Settings* defaults) {
  const std::vector<Settings::Description> items = settings.documentation();
  const std::vector<Settings::Description> of_defaults = defaults != nullptr ? defaults->documentation() : items;
  TITRANT_EXPECTS(items.size() == of_defaults.size());
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Settings::Description& item = items[i];
    const auto depth = static_cast<std::size_t>(std::count(item.path.begin(), item.path.end(), '.'));
    const std::string indent(2 * depth, ' ');
    const std::string key = item.path.substr(item.path.rfind('.') + 1);
    if (defaults != nullptr) {
      std::string about = item.meaning;
      if (!item.unit.empty()) about += fmt::format(" [{}]", item.unit);
      if (!item.is_section) about += fmt::format("; allowed: {}", item.allowed);
      if (!item.is_section) about += fmt::format("; default: {}", of_defaults[i].value);
      if (depth == 0 && !text.empty()) text += '\n';
      text += item.is_pattern ? fmt::format("# {}: {}\n", item.path, about) : fmt::format("{}# {}\n", indent, about);
    }
    if (item.is_pattern) continue;
    text += item.is_section ? fmt::format("{}{}:\n", indent, key) : fmt::format("{}{}: {}\n", indent, key, item.value);
  }
  return text;
}

}  // namespace titrant::core
