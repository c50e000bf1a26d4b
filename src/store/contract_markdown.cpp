#include <fmt/format.h>

#include <string>

#include "titrant/store/contract.hpp"

namespace titrant::store {

namespace {

std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

std::string code(const std::string& text) { return text.empty() ? "" : fmt::format("`{}`", text); }

std::string axes_text(const DatasetDescription& dataset) {
  if (dataset.axes == "scale") return "scale";
  std::string axes;
  for (const char c : dataset.axes) axes += c == ' ' ? std::string(", ") : std::string(1, c);
  return axes.empty() ? "" : fmt::format("[{}]", axes);
}

std::string section(const GroupDescription& group) {
  std::string text = "###";
  for (const std::string& path : group.paths)
    text += fmt::format("{}`{}`", path == group.paths.front() ? " " : ", ", path);
  text += fmt::format("\n\n{}{}.\n\n", group.meaning,
                      group.written.empty() ? "" : fmt::format(". Written {}", group.written));
  text += "| name | axes | type | unit | what |\n|---|---|---|---|---|\n";
  for (const DatasetDescription& dataset : group.datasets) {
    text += fmt::format("| `{}` | {} | {} | {} | {}{} |\n", dataset.name, axes_text(dataset), name_of(dataset.type),
                        code(dataset.units), cell(dataset.long_name),
                        dataset.written.empty() ? "" : fmt::format(" (written {})", dataset.written));
  }
  for (const AttributeDescription& attribute : group.attributes) {
    text += fmt::format("| `{}@{}` | | {} | | {} |\n", attribute.object, attribute.name, name_of(attribute.type),
                        cell(attribute.meaning));
  }
  return text;
}

}  // namespace

std::string to_markdown(const Contract& contract) {
  std::string text;
  for (const GroupDescription& group : contract.groups()) {
    if (!text.empty()) text += "\n";
    text += section(group);
  }
  return text;
}

}  // namespace titrant::store
