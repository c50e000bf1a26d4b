#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "number.hpp"

namespace titrant::trial {

namespace {

constexpr std::size_t longest_excerpt = 40;
constexpr std::size_t longest_id = 256;

unsigned byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20U || c == '\x7f'; }

/// Bytes of the UTF-8 sequence that starts a text; 0 where it starts with none.
std::size_t sequence_length(std::string_view text) {
  const unsigned first = byte_at(text, 0);
  if (first < 0x80U) return 1;
  const std::size_t length = first >= 0xC2U && first < 0xE0U   ? 2
                             : first >= 0xE0U && first < 0xF0U ? 3
                             : first >= 0xF0U && first < 0xF5U ? 4
                                                               : 0;
  if (length == 0 || text.size() < length) return 0;
  if (!std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length), is_continuation)) return 0;
  const unsigned second = byte_at(text, 1);
  const bool overlong = (first == 0xE0U && second < 0xA0U) || (first == 0xF0U && second < 0x90U);
  const bool surrogate = first == 0xEDU && second >= 0xA0U;
  const bool beyond_unicode = first == 0xF4U && second >= 0x90U;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_missing_word(std::string_view text) {
  constexpr std::array<std::string_view, 5> words = {"NA", "N/A", "#N/A", "NaN", "null"};
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return same_but_for_case(text, word); });
}

bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool same_code(std::string_view a, std::string_view b) {
  const Number x = read_number(a);
  const Number y = read_number(b);
  if (x.fault.empty() && y.fault.empty()) return x.value == y.value;
  return same_but_for_case(trimmed(a), trimmed(b));
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::string excerpt(std::string_view text) {
  std::string shown;
  std::size_t characters = 0;
  while (!text.empty() && characters++ < longest_excerpt) {
    const std::size_t length = sequence_length(text);
    if (length == 0 || is_control(text[0])) {
      shown += fmt::format("\\x{:02x}", byte_at(text, 0));
    } else {
      shown += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  if (!text.empty()) shown += "...";
  return shown;
}

std::string in_quotes(const std::string& text, bool always) {
  if (!always && text.find_first_of(",;\"# \t") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

bool is_usable_id(std::string_view id) {
  return !id.empty() && id != "." && !is_missing_word(id) && id.size() <= longest_id && is_utf8(id) &&
         std::none_of(id.begin(), id.end(), is_control);
}

std::string subject_key(std::string_view id) {
  constexpr std::size_t exact_digits = 15;
  const Number number = read_number(id);
  const bool is_number = number.fault.empty() && id.size() <= exact_digits;
  return is_number ? fmt::format("{}", number.value + 0.0) : fmt::format("text {}", id);
}

}  // namespace titrant::trial
