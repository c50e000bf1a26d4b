#include "titrant/core/size_text.hpp"

#include <fmt/format.h>

namespace titrant::core {

std::string size_text(double bytes) {
  constexpr double thousand = 1e3;
  constexpr double largest = 999.5;  // that three digits show without an exponent
  double value = bytes / 1e6;
  const char* unit = "MB";
  for (const char* next : {"GB", "TB"}) {
    if (value < largest) break;
    value /= thousand;
    unit = next;
  }
  return value < largest ? fmt::format("{:.3g} {}", value, unit) : fmt::format("{:.0f} {}", value, unit);
}

}  // namespace titrant::core
