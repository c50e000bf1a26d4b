#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace titrant::trial {

/// Text without its leading and trailing blanks and tabs.
std::string_view trimmed(std::string_view text);

/// Whether a text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// How many characters (UTF-8 code points) a text has; every stray byte of other encodings is about one.
std::size_t character_count(std::string_view text);

/// The start of a text as a message may show it on a terminal: control characters, and all that is not UTF-8, as \x1b.
std::string excerpt(std::string_view text);

/// Whether a subject may be called so: UTF-8 without control characters, at most 256 bytes, not empty and not ".".
bool is_usable_id(std::string_view id);

}  // namespace titrant::trial
