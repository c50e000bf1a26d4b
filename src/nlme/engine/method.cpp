#include "titrant/nlme/method.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <functional>
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

std::string method_title(MethodKind method) {
  std::string title = to_string(method);
  for (char& letter : title) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return title;
}

MethodKind method_of(const std::string& word) {
  for (const MethodKind method : {MethodKind::fo, MethodKind::foce, MethodKind::focei}) {
    if (to_string(method) == word) return method;
  }
  TITRANT_EXPECTS(word == to_string(MethodKind::saem));
  return MethodKind::saem;
}

void check_methods(std::span<const MethodKind> methods) {
  const bool descents = std::ranges::find(methods, MethodKind::saem) == methods.end();
  const bool ascending = std::ranges::adjacent_find(methods, std::greater_equal{}) == methods.end();
  const bool by_saem = !methods.empty() && methods.front() == MethodKind::saem &&
                       (methods.size() == 1 || (methods.size() == 2 && methods.back() == MethodKind::focei));
  if (!methods.empty() && ((descents && ascending) || by_saem)) return;
  std::vector<std::string> names;
  for (const MethodKind method : methods) names.push_back(to_string(method));
  throw ConfigError(fmt::format(
      "[{}] cannot estimate a population; expected one or more of fo, foce and focei in this order, [saem] or "
      "[saem, focei]",
      fmt::join(names, ", ")));
}

MethodKind objective_of(std::span<const MethodKind> methods) {
  TITRANT_EXPECTS(!methods.empty());
  return methods.back() == MethodKind::saem ? MethodKind::focei : methods.back();
}

}  // namespace titrant::nlme
