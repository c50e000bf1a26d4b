#include "level.hpp"

#include <fmt/format.h>

#include "number.hpp"

namespace titrant::trial {

std::optional<double> level_of(const protocol::CovariateSpec& spec, std::string_view code) {
  const Number number = read_number(code);
  for (std::size_t i = 0; i < spec.levels.size(); ++i) {
    const std::string& known = spec.levels[i].first;
    const Number known_number = read_number(known);
    const bool both = number.fault.empty() && known_number.fault.empty();
    if (both ? number.value == known_number.value : known == code) return static_cast<double>(i);
  }
  return std::nullopt;
}

std::string codes_of(const protocol::CovariateSpec& spec) {
  std::string text;
  for (const auto& [code, level] : spec.levels) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", code, level);
  return text;
}

}  // namespace titrant::trial
