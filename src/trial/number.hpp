#pragma once

#include <string>
#include <string_view>

namespace titrant::trial {

/// A field read as a number.
struct Number {
  double value = 0.0;
  std::string_view fault;  ///< why there is none: "not a number", ...; empty where all is well
};

/// Reads a finite decimal number; all of the text must belong to it. Does not depend on the locale.
Number read_number(std::string_view text);

}  // namespace titrant::trial
