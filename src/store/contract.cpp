#include "titrant/store/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace titrant::store {

namespace {

/// The names along a path: "/pk/omega" has "pk" and "omega".
std::vector<std::string> names_of(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) names.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return names;
}

bool is_placeholder(std::string_view name) { return name.starts_with('<') && name.ends_with('>'); }

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                    [](const std::string& of_pattern, const std::string& of_path) {
                      return of_pattern == of_path || is_placeholder(of_pattern);
                    });
}

std::string joined(const std::string& group, const std::string& name) {
  return (group == "/" ? "" : group) + "/" + name;
}

[[noreturn]] void misuse(const std::string& what) { throw std::logic_error("store contract: " + what); }

}  // namespace

std::string_view name_of(Type type) {
  switch (type) {
    case Type::number:
      return "number";
    case Type::integer:
      return "integer";
    case Type::probability:
      return "probability";
    case Type::text:
      return "text";
    case Type::link:
      return "external link";
  }
  return "";
}

Contract::Contract(Kind kind, std::vector<GroupDescription> groups) : kind_(kind), groups_(std::move(groups)) {
  for (const GroupDescription& group : groups_) {
    for (const std::string& path : group.paths) {
      for (const DatasetDescription& dataset : group.datasets) {
        std::vector<std::string> names = names_of(joined(path, dataset.name));
        for (const auto& other : datasets_) {
          if (other.pattern == names) misuse(joined(path, dataset.name) + " is described twice");
        }
        datasets_.push_back({std::move(names), &dataset});
      }
      for (const AttributeDescription& attribute : group.attributes) {
        const std::string object = attribute.object.empty() ? path : joined(path, attribute.object);
        attributes_.push_back({names_of(joined(object, attribute.name)), &attribute});
      }
    }
  }
  for (const GroupDescription& group : groups_) {
    for (const std::string& path : group.paths) {
      for (const DatasetDescription& dataset : group.datasets) axes_of(joined(path, dataset.name), dataset);
    }
  }
}

template <class Description>
const Description* Contract::find(const std::vector<Entry<Description>>& entries, std::string_view path) {
  const std::vector<std::string> names = names_of(path);
  const Description* best = nullptr;
  std::ptrdiff_t fewest = 0;
  for (const Entry<Description>& entry : entries) {
    if (!matches(entry.pattern, names)) continue;
    const std::ptrdiff_t placeholders = std::count_if(entry.pattern.begin(), entry.pattern.end(), is_placeholder);
    if (best != nullptr && placeholders >= fewest) continue;
    best = entry.description;
    fewest = placeholders;
  }
  return best;
}

const DatasetDescription& Contract::dataset(std::string_view path) const {
  const DatasetDescription* const found = find(datasets_, path);
  if (found == nullptr) misuse(fmt::format("{} has no description", path));
  return *found;
}

std::vector<std::string> Contract::axes(std::string_view path) const { return axes_of(path, dataset(path)); }

std::vector<std::string> Contract::axes_of(std::string_view path, const DatasetDescription& description) const {
  std::vector<std::string> axes;
  if (description.axes == "scale") return axes;
  std::string_view left = description.axes;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(' '), left.size());
    const std::string axis(left.substr(0, end));
    left.remove_prefix(std::min(end + 1, left.size()));
    std::string group(path);
    const DatasetDescription* scale = nullptr;
    while (!group.empty() && (scale == nullptr || scale->axes != "scale")) {
      group.resize(group.rfind('/'));
      scale = find(datasets_, joined(group, axis));
    }
    if (scale == nullptr || scale->axes != "scale") misuse(fmt::format("{} has no scale {} in sight", path, axis));
    axes.push_back(joined(group, axis));
  }
  return axes;
}

const AttributeDescription& Contract::attribute(std::string_view object, std::string_view name) const {
  const AttributeDescription* const found = find(attributes_, joined(std::string(object), std::string(name)));
  if (found == nullptr) misuse(fmt::format("attribute {} of {} has no description", name, object));
  return *found;
}

std::string resolve_units(const std::string& units, const UnitSymbols& symbols) {
  std::string resolved = units;
  for (std::size_t begin = resolved.find('{'); begin != std::string::npos; begin = resolved.find('{', begin)) {
    const std::size_t end = resolved.find('}', begin);
    const auto found = symbols.find(resolved.substr(begin + 1, end - begin - 1));
    if (end == std::string::npos || found == symbols.end()) misuse("nothing is said of the symbol in " + units);
    resolved.replace(begin, end - begin + 1, found->second);
    begin += found->second.size();
  }
  return resolved;
}

}  // namespace titrant::store
