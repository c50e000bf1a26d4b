#pragma once

#include <optional>
#include <string_view>

#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

/// A time as a file may write it.
struct ClockTime {
  double hours = 0.0;  ///< since midnight
  bool dated = false;  ///< date and time in one field
  double day = 0.0;    ///< its number, where dated
};

/// Reads hh:mm, hh:mm:ss (hours beyond 23 and fractions of seconds allowed), and a date with such a time behind a blank
/// or a T; none where a text is something else.
std::optional<ClockTime> read_clock(std::string_view text, DateFormat format);

/// The number of the day of a date (days since the first of the year 1; Gregorian), or the number itself where the text
/// is one (the number of a day of the trial). Three parts, separated by - / or ., in the order of `format`; a first
/// part of four digits is the year whatever the format (ISO 8601). Years of two digits are 1951 to 2050, as in NONMEM.
std::optional<double> read_day(std::string_view text, DateFormat format);

/// The format of a column by its name: DATE, DAT1, DAT2 and DAT3 are month-day-year, day-month-year, year-month-day and
/// year-day-month (NONMEM's help: DATE data item).
DateFormat date_format_of(std::string_view column);

/// "month/day/year"
std::string_view name_of(DateFormat format);

}  // namespace titrant::trial
