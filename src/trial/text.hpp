#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace titrant::trial {

/// Text without its leading and trailing blanks and tabs.
std::string_view trimmed(std::string_view text);

/// Whether a text says in words that a value is missing, in any case: NA, N/A, #N/A, NaN, null.
bool is_missing_word(std::string_view text);

/// Whether two texts are equal but for the case of ASCII letters.
bool same_but_for_case(std::string_view a, std::string_view b);

/// Whether two codes are the same: as numbers where both are numbers (1 and 1.0), else as texts, case aside.
bool same_code(std::string_view a, std::string_view b);

/// Whether a text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// How many characters (UTF-8 code points) a text has; every stray byte of other encodings is about one.
std::size_t character_count(std::string_view text);

/// The start of a text as a message may show it on a terminal: control characters, and all that is not UTF-8, as \x1b.
std::string excerpt(std::string_view text);

/// A text as a field of a file, in quotes where it could be misread without.
std::string in_quotes(const std::string& text, bool always = false);

/// Whether a subject may be called so: UTF-8 without control characters, at most 256 bytes, and not missing.
bool is_usable_id(std::string_view id);

/// What tells subjects apart: the number where an id is one (in NONMEM 1, 1.0 and 01 are one subject), else the text. A
/// number of more digits than double precision holds is a text.
std::string subject_key(std::string_view id);

}  // namespace titrant::trial
