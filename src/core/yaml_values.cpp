#include "yaml_values.hpp"

namespace titrant::core::yaml {

std::optional<double> number(const YAML::Node& node) {
  double value = 0.0;
  if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string quote(const YAML::Node& node) {
  constexpr std::size_t longest = 60;
  if (node.IsScalar()) {
    const std::string& scalar = node.Scalar();
    return "'" + (scalar.size() > longest ? scalar.substr(0, longest) + "..." : scalar) + "'";
  }
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a section";
  return "nothing";
}

std::string text(double value) { return fmt::format("{}", value); }

std::string text(const std::string& value) {
  YAML::Emitter emitter;
  emitter.SetMapFormat(YAML::Flow);
  emitter << YAML::Flow << YAML::BeginSeq << value
          << YAML::EndSeq;  // in a list, so that what needs quotes there gets them
  const std::string list = emitter.c_str();
  return value.empty() ? "\"\"" : list.substr(1, list.size() - 2);
}

}  // namespace titrant::core::yaml
