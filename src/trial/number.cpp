#include "number.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "text.hpp"

namespace titrant::trial {

Number read_number(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  Number number;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number.value);
  if (error == std::errc::invalid_argument || stop != end) {
    number.fault = "which is not a number";
  } else if (error == std::errc::result_out_of_range) {
    number.fault = "which no number of double precision can hold";
  } else if (!std::isfinite(number.value)) {
    number.fault = "which is not finite";
  }
  return number;
}

}  // namespace titrant::trial
