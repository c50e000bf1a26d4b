#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace titrant::quantum::qasm {

/// Where something stands in a text; lines and columns from 1, columns in characters.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// A text with its name: what all errors refer to. Views; the owner keeps the text alive.
struct Source {
  std::string_view text;
  std::string_view name;

  /// Throws ConfigError "name:line:column: message".
  [[noreturn]] void fail(Position position, std::string_view message) const;
};

/// A piece of the text for a message: cut where it is long.
std::string in_quotes(std::string_view text);

/// How many letters must be changed, put in or left out to make one name of the other (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace titrant::quantum::qasm
