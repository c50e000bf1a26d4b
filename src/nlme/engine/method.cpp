#include "titrant/nlme/method.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

std::string to_string(MethodKind method) {
  switch (method) {
    case MethodKind::fo:
      return "fo";
    case MethodKind::foce:
      return "foce";
    case MethodKind::focei:
      return "focei";
    case MethodKind::saem:
      return "saem";
  }
  return {};
}

void check_methods(std::span<const MethodKind> methods) {
  static const std::vector<std::vector<MethodKind>> possible = {
      {MethodKind::focei}, {MethodKind::saem}, {MethodKind::saem, MethodKind::focei}};
  if (std::any_of(possible.begin(), possible.end(),
                  [&](const std::vector<MethodKind>& one) { return std::ranges::equal(one, methods); })) {
    return;
  }
  std::vector<std::string> names;
  for (const MethodKind method : methods) names.push_back(to_string(method));
  throw ConfigError(fmt::format("methods [{}] cannot estimate a population; use [focei], [saem] or [saem, focei]",
                                fmt::join(names, ", ")));
}

}  // namespace titrant::nlme
