#include "clock.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include "number.hpp"
#include "text.hpp"

namespace titrant::trial {

namespace {

constexpr double minutes_per_hour = 60.0;
constexpr double seconds_per_hour = 3600.0;
constexpr double most_hours = 1e6;

bool all_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

/// A whole number of one to four digits.
std::optional<int> small_number(std::string_view text) {
  constexpr std::size_t most_digits = 4;
  if (!all_digits(text) || text.size() > most_digits) return std::nullopt;
  return static_cast<int>(read_number(text).value);
}

/// A text in parts between any of some separators.
template <std::size_t most>
std::size_t cut(std::string_view text, std::string_view separators, std::array<std::string_view, most>& parts) {
  std::size_t count = 0;
  for (;;) {
    if (count == most) return most + 1;
    const std::size_t end = text.find_first_of(separators);
    parts.at(count++) = text.substr(0, end);
    if (end == std::string_view::npos) return count;
    text.remove_prefix(end + 1);
  }
}

std::optional<double> read_hours(std::string_view text) {
  std::array<std::string_view, 3> parts;
  const std::size_t count = cut(text, ":", parts);
  if (count < 2 || count > 3 || !all_digits(parts[0]) || !all_digits(parts[1])) return std::nullopt;
  const double hours = read_number(parts[0]).value;
  const double minutes = read_number(parts[1]).value;
  Number seconds;
  if (count == 3) seconds = read_number(parts[2]);
  const bool sound = hours <= most_hours && minutes < minutes_per_hour && seconds.fault.empty() &&
                     seconds.value >= 0.0 && seconds.value < minutes_per_hour;
  if (!sound) return std::nullopt;
  return hours + (minutes * minutes_per_hour + seconds.value) / seconds_per_hour;
}

int full_year(int year, std::size_t digits) {
  constexpr int century = 100;
  constexpr int last_of_2000s = 50;
  if (digits > 2) return year;
  return year + (year <= last_of_2000s ? 20 : 19) * century;
}

}  // namespace

std::optional<double> read_day(std::string_view text, DateFormat format) {
  text = trimmed(text);
  if (const Number number = read_number(text); number.fault.empty()) {
    return std::abs(number.value) <= most_hours && number.value == std::trunc(number.value)
               ? std::optional(number.value)
               : std::nullopt;
  }
  std::array<std::string_view, 3> parts;
  if (cut(text, "-/.", parts) != 3) return std::nullopt;
  constexpr std::size_t iso_year = 4;
  const bool year_first = format == DateFormat::year_month_day || format == DateFormat::year_day_month;
  if (parts[0].size() == iso_year && !year_first) format = DateFormat::year_month_day;
  std::size_t year = 2;
  std::size_t month = 0;
  std::size_t day = 1;
  if (format == DateFormat::day_month_year) std::swap(month, day);
  if (format == DateFormat::year_month_day || format == DateFormat::year_day_month) {
    year = 0;
    month = format == DateFormat::year_month_day ? 1 : 2;
    day = format == DateFormat::year_month_day ? 2 : 1;
  }
  const auto y = small_number(parts.at(year));
  const auto m = small_number(parts.at(month));
  const auto d = small_number(parts.at(day));
  if (!y || !m || !d) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(full_year(*y, parts.at(year).size())),
                                         std::chrono::month(static_cast<unsigned>(*m)),
                                         std::chrono::day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  constexpr std::chrono::year_month_day origin{std::chrono::year(1), std::chrono::month(1), std::chrono::day(1)};
  return static_cast<double>((std::chrono::sys_days(date) - std::chrono::sys_days(origin)).count());
}

std::optional<ClockTime> read_clock(std::string_view text, DateFormat format) {
  text = trimmed(text);
  const std::size_t gap = text.find_first_of(" T");
  if (gap == std::string_view::npos) {
    const std::optional<double> hours = read_hours(text);
    return hours ? std::optional(ClockTime{*hours, false, 0.0}) : std::nullopt;
  }
  if (text.ends_with('Z')) text.remove_suffix(1);
  const std::string_view date = text.substr(0, gap);
  const std::optional<double> day = all_digits(date) ? std::nullopt : read_day(date, format);
  const std::optional<double> hours = read_hours(trimmed(text.substr(gap + 1)));
  if (!day || !hours) return std::nullopt;
  return ClockTime{*hours, true, *day};
}

DateFormat date_format_of(std::string_view column) {
  if (same_but_for_case(column, "DAT1")) return DateFormat::day_month_year;
  if (same_but_for_case(column, "DAT2")) return DateFormat::year_month_day;
  if (same_but_for_case(column, "DAT3")) return DateFormat::year_day_month;
  return DateFormat::month_day_year;
}

std::string_view name_of(DateFormat format) {
  switch (format) {
    case DateFormat::day_month_year:
      return "day/month/year";
    case DateFormat::year_month_day:
      return "year/month/day";
    case DateFormat::year_day_month:
      return "year/day/month";
    default:
      return "month/day/year";
  }
}

}  // namespace titrant::trial
