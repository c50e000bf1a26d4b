#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace titrant::trial {

/// What stands between two fields. A run of blanks or tabs is one separator only where blanks separate.
enum class Separator { comma, semicolon, tab, blanks };

/// One field of a line; a view into it.
struct Field {
  std::string_view text;   ///< without surrounding blanks and quotes
  std::size_t offset = 0;  ///< bytes of the line before the field (before its quote, if any)
  bool doubled_quotes = false;

  /// Nothing at all, "." (NONMEM), and what R, Python and spreadsheets write: NA, N/A, #N/A, NaN, null; in any case.
  bool missing() const;

  /// Missing in words (NA, NaN, ...), which says that a value is missing where a "." may as well mean 0 (NONMEM).
  bool missing_in_words() const;

  /// The text with doubled quotes made single.
  std::string unquoted() const;
};

/// The separator of a file by its header: the most frequent of comma, semicolon and tab outside quotes, else blanks.
Separator detect_separator(std::string_view header);

/// Cuts a line into fields. Fields may be quoted ("a,b"; a quote inside is doubled).
/// \return the offset of a field whose quotes do not end with it; none where all is well
std::optional<std::size_t> split(std::string_view line, Separator separator, std::vector<Field>& fields);

}  // namespace titrant::trial
