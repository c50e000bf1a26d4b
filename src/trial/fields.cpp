#include "fields.hpp"

#include <algorithm>
#include <array>

#include "text.hpp"

namespace titrant::trial {

namespace {

constexpr auto none = std::string_view::npos;

char character(Separator separator) {
  switch (separator) {
    case Separator::comma:
      return ',';
    case Separator::semicolon:
      return ';';
    case Separator::tab:
      return '\t';
    case Separator::blanks:
      return ' ';
  }
  return ' ';
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Where the separator after `from` is, or the end of the line.
std::size_t separator_after(std::string_view line, std::size_t from, Separator separator) {
  const std::size_t found =
      separator == Separator::blanks ? line.find_first_of(" \t", from) : line.find(character(separator), from);
  return found == none ? line.size() : found;
}

/// The first byte from `from` on that is not a blank; a tab is none where tabs separate.
std::size_t skip_blanks(std::string_view line, std::size_t from, Separator separator) {
  while (from < line.size() && is_blank(line[from]) && !(separator == Separator::tab && line[from] == '\t')) ++from;
  return from;
}

/// Reads the quoted field at `at`, which is moved behind its closing quote; false where there is none.
bool read_quoted(std::string_view line, std::size_t& at, Field& field) {
  const std::size_t start = at + 1;
  for (std::size_t i = line.find('"', start); i != none; i = line.find('"', i + 2)) {
    if (i + 1 < line.size() && line[i + 1] == '"') {
      field.doubled_quotes = true;
      continue;
    }
    field.text = line.substr(start, i - start);
    at = i + 1;
    return true;
  }
  return false;
}

}  // namespace

bool Field::missing_in_words() const { return is_missing_word(text); }

bool Field::missing() const { return text.empty() || text == "." || missing_in_words(); }

std::string Field::unquoted() const {
  std::string result(text);
  if (!doubled_quotes) return result;
  for (std::size_t i = result.find("\"\""); i != none; i = result.find("\"\"", i + 1)) result.erase(i, 1);
  return result;
}

Separator detect_separator(std::string_view header) {
  constexpr std::array candidates = {Separator::comma, Separator::semicolon, Separator::tab};
  std::array<std::size_t, candidates.size()> counts{};
  bool quoted = false;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    for (std::size_t i = 0; i < candidates.size() && !quoted; ++i) {
      if (c == character(candidates.at(i))) ++counts.at(i);
    }
  }
  const auto* const most = std::max_element(counts.begin(), counts.end());
  return *most == 0 ? Separator::blanks : candidates.at(static_cast<std::size_t>(most - counts.begin()));
}

std::optional<std::size_t> split(std::string_view line, Separator separator, std::vector<Field>& fields) {
  fields.clear();
  std::size_t at = skip_blanks(line, 0, separator);
  while (separator != Separator::blanks || at < line.size()) {
    Field field;
    at = skip_blanks(line, at, separator);
    field.offset = at;
    const bool quoted = at < line.size() && line[at] == '"';
    if (quoted && !read_quoted(line, at, field)) return field.offset;
    const std::size_t end = separator_after(line, at, separator);
    if (!quoted) field.text = trimmed(line.substr(at, end - at));
    if (quoted && skip_blanks(line, at, separator) < end) return field.offset;
    fields.push_back(field);
    if (end == line.size()) break;
    at = end + 1;
    if (separator == Separator::blanks) at = skip_blanks(line, at, separator);
  }
  return std::nullopt;
}

}  // namespace titrant::trial
