#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "titrant/core/settings.hpp"
#include "yaml_values.hpp"

/// \file
/// The settings whose keys the user chooses: maps, sections of one kind under free names, and trees.

namespace titrant::core {

namespace {

/// Reads a map node value by value; `read_value` returns none after it has reported a fault.
template <class Value, class Fault, class ReadValue>
void read_map(const YAML::Node& node, const std::string& path, bool merge, std::map<std::string, Value>& target,
              const Fault& fault, const ReadValue& read_value) {
  if (!node.IsMap() && !node.IsNull()) {
    fault(node, path, fmt::format("expected a section {{name: value}}, found {}", yaml::quote(node)));
    return;
  }
  std::map<std::string, Value> read;
  if (merge) read = target;
  for (const auto& item : node) {
    const std::string name = item.first.IsScalar() ? item.first.Scalar() : "";
    if (name.empty()) {
      fault(item.first, path, "expected a name");
    } else if (const auto value = read_value(item.second, path + "." + name)) {
      read[name] = *value;
    }
  }
  target = read;
}

template <class Fault>
auto number_reader(const Fault& fault) {
  return [fault](const YAML::Node& node, const std::string& path) {
    const auto number = yaml_number(node);
    if (!number) fault(node, path, yaml_number_fault(node));
    return number;
  };
}

}  // namespace

void Settings::word_map(const std::string& key, std::map<std::string, std::string>& value, const std::string& meaning) {
  add({key, "", "{name: text, ...}", meaning,
       [&value](const YAML::Node& node, const std::string& path, const Source& source, bool merge) {
         const auto fault = [&source](const YAML::Node& at, const std::string& where, const std::string& what) {
           source.fault(at, where, what);
         };
         read_map(node, path, merge, value, fault, [&](const YAML::Node& item, const std::string& where) {
           std::optional<std::string> word;
           if (item.IsScalar()) {
             word = item.Scalar();
           } else {
             fault(item, where, fmt::format("expected a text, found {}", yaml::quote(item)));
           }
           return word;
         });
       },
       [&value] { return yaml::text(value); }, nullptr});
}

void Settings::number_map(const std::string& key, std::map<std::string, double>& value, const std::string& meaning) {
  add({key, "", "{name: number, ...}", meaning,
       [&value](const YAML::Node& node, const std::string& path, const Source& source, bool merge) {
         const auto fault = [&source](const YAML::Node& at, const std::string& where, const std::string& what) {
           source.fault(at, where, what);
         };
         read_map(node, path, merge, value, fault, number_reader(fault));
       },
       [&value] { return yaml::text(value); }, nullptr});
}

double Settings::number_of(const std::string& text) { return yaml_number(YAML::Node(text)).value(); }

std::string Settings::text_of(double number) { return yaml::text(number); }

void Settings::add_maps(const std::string& key, const std::vector<std::string>& words, const std::string& meaning,
                        const std::function<void(const TextMaps&)>& set, const std::function<TextMaps()>& get) {
  const std::string expected = fmt::format("a number or one of: {}", fmt::join(words, ", "));
  add({key, "", fmt::format("{{name: {{name: {}}}, ...}}", expected), meaning,
       [words, expected, set, get](const YAML::Node& node, const std::string& path, const Source& source, bool merge) {
         const auto fault = [&source](const YAML::Node& at, const std::string& where, const std::string& what) {
           source.fault(at, where, what);
         };
         const auto read_value = [&](const YAML::Node& item, const std::string& where) {
           std::optional<std::string> value;
           const std::string text = item.IsScalar() ? item.Scalar() : "";
           if (yaml_number(item) || std::find(words.begin(), words.end(), text) != words.end()) {
             value = text;
           } else {
             fault(item, where, fmt::format("expected {}, found {}", expected, yaml::quote(item)));
           }
           return value;
         };
         TextMaps all = get();
         read_map(node, path, merge, all, fault, [&](const YAML::Node& inner, const std::string& where) {
           const std::string name = where.substr(path.size() + 1);
           std::optional<std::map<std::string, std::string>> map(std::in_place);
           if (merge && all.contains(name)) map = all.at(name);
           read_map(inner, where, merge, *map, fault, read_value);
           return map;
         });
         set(all);
       },
       [get] { return yaml::text(get()); }, nullptr});
}

Settings& Settings::section(const std::string& key, const std::string& meaning,
                            const std::function<void(const std::string&)>& word) {
  auto inner = std::make_shared<Settings>();
  add({key, "", "", meaning,
       [inner, word](const YAML::Node& node, const std::string& path, const Source& source, bool) {
         if (word && node.IsScalar()) {
           word(node.Scalar());
         } else {
           inner->read(node, path, source);
         }
       },
       nullptr, inner});
  return *inner;
}

void Settings::add_sections(const std::string& key, const std::string& meaning, const std::function<void()>& clear,
                            const std::function<std::vector<std::string>()>& names,
                            const std::function<Settings(const std::string&)>& describe,
                            const std::function<std::vector<Description>()>& keys_of_new) {
  add({key,
       "",
       "{name: {...}, ...}",
       meaning,
       [clear, describe](const YAML::Node& node, const std::string& path, const Source& source, bool merge) {
         if (!node.IsMap()) {
           source.fault(node, path, fmt::format("expected named sections, found {}", yaml::quote(node)));
           return;
         }
         if (!merge) clear();
         for (const auto& item : node) {
           const std::string name = item.first.IsScalar() ? item.first.Scalar() : "";
           if (name.empty()) {
             source.fault(item.first, path, "expected a name");
           } else {
             describe(name).read(item.second, path + "." + name, source);
           }
         }
       },
       [names, describe] {
         std::string all;
         for (const std::string& name : names()) {
           std::string inner;
           for (const Entry& entry : describe(name).entries_) {
             inner += (inner.empty() ? "" : ", ") + entry.key + ": " + entry.write();
           }
           all += (all.empty() ? "" : ", ") + yaml::text(name) + ": {" + inner + "}";
         }
         return "{" + all + "}";
       },
       nullptr,
       {},
       keys_of_new});
}

namespace {

/// `change` laid over `base`, map by map.
YAML::Node merged(const YAML::Node& base, const YAML::Node& change) {
  if (!base.IsMap() || !change.IsMap()) return YAML::Clone(change);
  YAML::Node result = YAML::Clone(base);
  for (const auto& item : change) {
    const std::string key = item.first.Scalar();
    result[key] = base[key].IsDefined() ? merged(base[key], item.second) : YAML::Clone(item.second);
  }
  return result;
}

/// A node on one line.
std::string on_one_line(const YAML::Node& node) {
  YAML::Emitter out;
  out.SetMapFormat(YAML::Flow);
  out.SetSeqFormat(YAML::Flow);
  out << node;
  return out.c_str();
}

/// What a node holds at a dotted path below it; undefined where there is nothing.
YAML::Node below(const YAML::Node& node, const std::string& path) {
  if (path.empty() || !node.IsDefined()) return node;
  if (!node.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  const std::size_t dot = path.find('.');
  const YAML::Node inner = node[path.substr(0, dot)];
  return below(inner, dot == std::string::npos ? "" : path.substr(dot + 1));
}

/// What a fault after a change by --set says beside: keys that were there stay, and the fault may lie in what old and
/// new ones make together. Empty where it is of what the change names alone.
/// \param path  of the fault, below that of the tree
std::string entry_as_found(const YAML::Node& before, const YAML::Node& change, const YAML::Node& after,
                           const std::string& tree, const std::string& path) {
  if (!path.starts_with(tree + ".")) return "";
  const std::string inner = path.substr(tree.size() + 1);
  const YAML::Node old = below(before, inner);
  const YAML::Node named = below(change, inner);
  const bool both = old.IsDefined() && old.IsMap() && named.IsDefined() && named.IsMap();
  if (!both && (!old.IsDefined() || named.IsDefined())) return "";
  const std::string name = inner.substr(0, inner.find('.'));
  return fmt::format("; --set keeps the keys that it does not name, so {}.{} is {}", tree, name,
                     on_one_line(below(after, name)));
}

}  // namespace

void Settings::tree(const std::string& key, const std::string& allowed, const std::string& meaning,
                    const std::function<void(const YAML::Node&, const std::string& path, const TreeFault&)>& read,
                    const std::function<std::string()>& write, const std::vector<Description>& keys) {
  add({key,
       "",
       allowed,
       meaning,
       [read, write](const YAML::Node& node, const std::string& path, const Source& source, bool merge) {
         const TreeFault fault = [&source](const YAML::Node& at, const std::string& where, const std::string& what) {
           source.fault(at, where, what);
         };
         if (!merge) return read(node, path, fault);
         const YAML::Node before = YAML::Load(write());
         const YAML::Node after = merged(before, node);
         read(after, path, [&](const YAML::Node& at, const std::string& where, const std::string& what) {
           fault(at, where, fmt::format("{}{}", what, entry_as_found(before, node, after, path, where)));
         });
       },
       write,
       nullptr,
       {},
       [keys] { return keys; }});
}

void Settings::replaced(const std::string& key, const std::string& write_now) { replaced_[key] = write_now; }

void Settings::renamed(const std::string& earlier, const std::string& key,
                       const std::map<std::string, std::string>& words) {
  renamed_[earlier] = {key, words};
}

}  // namespace titrant::core
