#include "plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "titrant/campaign/plan.hpp"
#include "titrant/core/error.hpp"

namespace titrant::campaign {

namespace {

constexpr std::size_t most_numbers = 100'000;

std::uint64_t read_number(std::string_view word, const std::string& text) {
  std::uint64_t number = 0;
  const char* end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc() || stopped != end) {
    throw ConfigError(fmt::format("'{}': expected whole numbers like 1-50,60", text));
  }
  return number;
}

/// The parts of a text between commas that stand outside brackets and quotes.
std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = '\0';
  for (const char c : text) {
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.emplace_back();
      continue;
    }
    parts.back() += c;
  }
  return parts;
}

}  // namespace

std::vector<std::uint64_t> read_numbers(const std::string& text) {
  std::vector<std::uint64_t> numbers;
  for (const std::string& part : split_at_commas(text)) {
    const std::size_t dash = part.find('-');
    const std::string_view whole(part);
    const std::uint64_t first = read_number(whole.substr(0, dash), text);
    const std::uint64_t last = dash == std::string::npos ? first : read_number(whole.substr(dash + 1), text);
    if (last < first) throw ConfigError(fmt::format("'{}': {} ends before it begins", text, part));
    if (last - first >= most_numbers - numbers.size()) {
      throw ConfigError(fmt::format("'{}': more than {} numbers", text, most_numbers));
    }
    for (std::uint64_t number = first; number - first <= last - first; ++number) {
      numbers.push_back(number);
      if (number == last) break;  // the largest number has no next one
    }
  }
  if (std::set<std::uint64_t>(numbers.begin(), numbers.end()).size() != numbers.size()) {
    throw ConfigError(fmt::format("'{}': a number is given twice", text));
  }
  return numbers;
}

std::string number_text(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += last == i ? fmt::format("{}", numbers[i]) : fmt::format("{}-{}", numbers[i], numbers[last]);
    i = last + 1;
  }
  return text;
}

std::string member_name(std::size_t number) { return fmt::format("member_{:04}", number); }

std::vector<std::string> split_alternatives(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw ConfigError(fmt::format("--vary {}: expected key.path=value,value,...", text));
  }
  std::vector<std::string> settings;
  for (const std::string& value : split_at_commas(std::string_view(text).substr(equals + 1))) {
    if (value.empty()) throw ConfigError(fmt::format("--vary {}: a value is missing", text));
    settings.push_back(text.substr(0, equals + 1) + value);
  }
  if (std::set<std::string>(settings.begin(), settings.end()).size() != settings.size()) {
    throw ConfigError(fmt::format("--vary {}: a value is given twice", text));
  }
  return settings;
}

}  // namespace titrant::campaign
