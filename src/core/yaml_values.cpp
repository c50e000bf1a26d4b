#include "yaml_values.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>

namespace titrant::core {

namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// A scalar without its sign.
struct Unsigned {
  bool negative = false;
  std::string_view body;
};

Unsigned unsigned_part(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return {negative, text};
}

bool has_leading_zero(std::string_view body) { return body.size() > 1 && body[0] == '0' && is_digit(body[1]); }

/// All of a text as a number; none where something is left.
template <class Number, class... How>
std::optional<Number> all_of(std::string_view text, std::errc& error, How... how) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number, how...);
  error = result.ec;
  if (text.empty() || result.ptr != end || result.ec == std::errc::invalid_argument) return std::nullopt;
  return number;
}

std::optional<double> number_of(std::string_view text) {
  const auto [negative, body] = unsigned_part(text);
  std::optional<double> value;
  std::errc error{};
  if (body.starts_with("0x") || body.starts_with("0o")) {
    if (const auto read = all_of<std::uint64_t>(body.substr(2), error, body[1] == 'x' ? 16 : 8))
      value = static_cast<double>(*read);
  } else if (!has_leading_zero(body) && !body.empty() && (is_digit(body[0]) || body[0] == '.')) {
    value = all_of<double>(body, error);
  }
  if (!value || error != std::errc{} || !std::isfinite(*value)) return std::nullopt;
  return negative ? -*value : *value;
}

std::string without(std::string text, char c) {
  text.erase(std::remove(text.begin(), text.end(), c), text.end());
  return text;
}

/// What to write in place of a scalar that somebody may take for a number; empty where nobody would.
std::string remedy(const std::string& scalar, bool whole) {
  const auto [negative, body] = unsigned_part(scalar);
  if (has_leading_zero(body)) {
    const std::string_view digits = body.substr(std::min(body.find_first_not_of('0'), body.size() - 1));
    const std::string decimal = fmt::format("{}{}{}", negative ? "-" : "", is_digit(digits[0]) ? "" : "0", digits);
    if (!number_of(decimal)) return "";
    const bool octal = whole && std::all_of(body.begin(), body.end(), [](char c) { return c >= '0' && c <= '7'; });
    return fmt::format("; a leading zero means octal to some programs: write {}{}", decimal,
                       octal ? fmt::format(", or 0o{} where octal is meant", digits) : "");
  }
  constexpr double exact = 9007199254740992.0;  // 2^53: up to here a double holds every whole number
  const std::optional<double> value = number_of(scalar);
  if (whole && value && *value == std::floor(*value) && std::abs(*value) <= exact)
    return fmt::format("; write {:.0f}", *value);
  if (body.find('_') != std::string_view::npos && number_of(without(scalar, '_')))
    return fmt::format("; digits are not grouped: write {}", without(scalar, '_'));
  const bool grouped = body.find_first_not_of("0123456789.,") == std::string_view::npos;
  if (grouped && body.find(',') != std::string_view::npos && body.size() > 1)
    return "; the decimal sign is a point, and digits are not grouped";
  if (body.starts_with("0b") || body.starts_with("0B")) return "; binary numbers are not read: write it in decimal";
  if (body.starts_with("0X") || body.starts_with("0O")) return "; write 0x or 0o in small letters";
  return "";
}

}  // namespace

std::optional<double> yaml_number(const YAML::Node& node) {
  return node.IsScalar() ? number_of(node.Scalar()) : std::nullopt;
}

std::string yaml_number_fault(const YAML::Node& node, bool whole) {
  return fmt::format("expected a {}number, found {}{}", whole ? "whole " : "", yaml::quote(node),
                     node.IsScalar() ? remedy(node.Scalar(), whole) : "");
}

namespace yaml {

std::optional<Whole> whole(const YAML::Node& node) {
  if (!node.IsScalar()) return std::nullopt;
  const auto [negative, body] = unsigned_part(node.Scalar());
  const bool other_base = body.starts_with("0x") || body.starts_with("0o");
  if (has_leading_zero(body)) return std::nullopt;
  std::errc error{};
  const int base = !other_base ? 10 : body[1] == 'x' ? 16 : 8;
  const auto magnitude = all_of<std::uint64_t>(other_base ? body.substr(2) : body, error, base);
  if (!magnitude) return std::nullopt;
  return Whole{negative, error == std::errc{} ? magnitude : std::nullopt};
}

std::string quote(const YAML::Node& node) {
  constexpr std::size_t longest = 60;
  if (node.IsScalar()) {
    const std::string& scalar = node.Scalar();
    return fmt::format("'{}{}'", scalar.substr(0, longest), scalar.size() > longest ? "..." : "");
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

}  // namespace yaml

}  // namespace titrant::core
