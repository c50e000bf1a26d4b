#include "titrant/parallel/reason.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "titrant/core/error.hpp"

namespace titrant::parallel {

namespace {

constexpr std::size_t bytes_per_double = 6;  // 48 bits are exact in a double
constexpr std::size_t longest = (reason_slot - 1) * bytes_per_double;
constexpr std::string_view cut_mark = "...";

/// At most `longest` bytes, never within a UTF-8 character.
std::string shortened(std::string_view reason) {
  if (reason.empty()) return "unknown";
  if (reason.size() <= longest) return std::string(reason);
  std::size_t end = longest - cut_mark.size();
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;
  return std::string(reason.substr(0, end)) + std::string(cut_mark);
}

}  // namespace

void write_reason(std::string_view reason, std::span<double> slot) {
  TITRANT_EXPECTS(slot.size() >= reason_slot);
  const std::string text = shortened(reason);
  slot[0] = static_cast<double>(text.size());
  for (std::size_t k = 0; k + 1 < reason_slot; ++k) {
    std::uint64_t bits = 0;
    for (std::size_t b = 0; b < bytes_per_double; ++b) {
      const std::size_t at = k * bytes_per_double + b;
      const std::uint64_t byte = at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
      bits |= byte << (8U * b);
    }
    slot[1 + k] = static_cast<double>(bits);
  }
}

std::string read_reason(std::span<const double> slot) {
  TITRANT_EXPECTS(slot.size() >= reason_slot && slot[0] >= 0.0 && slot[0] <= static_cast<double>(longest));
  std::string text(static_cast<std::size_t>(slot[0]), '\0');
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto bits = static_cast<std::uint64_t>(slot[1 + at / bytes_per_double]);
    text[at] = static_cast<char>(bits >> (8U * (at % bytes_per_double)) & 0xFFU);
  }
  return text;
}

void Failures::add(std::size_t unit, const std::string& reason_of_unit) {
  if (reason_of_unit.empty()) return;
  if (count++ > 0) return;
  first = unit;
  reason = reason_of_unit;
}

std::string Failures::text(std::string_view unit_name) const {
  return count == 0 ? "" : fmt::format("the first, {} {}: {}", unit_name, first + 1, reason);
}

}  // namespace titrant::parallel
