#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faults.hpp"
#include "remarks.hpp"
#include "table.hpp"
#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

/// The data items that a file may hold beside covariates.
enum class Item : std::size_t {
  id,
  time,
  date,
  value,
  amount,
  event,
  missing,
  compartment,
  dvid,
  administration,
  additional,
  interval,
  steady_state,
  rate,
  duration,
  censored,
  limit,
  interval_limit,
  comment
};
inline constexpr std::size_t item_count = 19;

/// How the field of an item is read.
enum class Form {
  number,
  whole,  ///< a whole number
  time,   ///< a number, or hh:mm
  text    ///< not by the record reader
};

/// What an item is called in a format, and the values it may take.
struct ItemRule {
  Item item;
  std::string NonmemFormat::*name;
  std::string_view expectation;  ///< for messages
  double low;
  double high;
  Form form;
  std::string_view alias = {};  ///< another usual name, taken where the default one is not there
};

/// A subject who is observed for longer than this is a fault of the file, and so are more additional doses.
inline constexpr double longest_time = 1e9;  // h
inline constexpr double most_additional_doses = 100000;

/// One rule per item, in the order of Item.
inline constexpr double any_number = std::numeric_limits<double>::max();
inline constexpr double largest_code = 1e9;
inline constexpr double largest_amount =
    1e15;  // of a dose or a measured value: more is a slip, and overflows when squared
inline constexpr std::array<ItemRule, item_count> item_rules = {{
    {Item::id, &NonmemFormat::id, "", 0, 0, Form::text},
    {Item::time, &NonmemFormat::time, "a time, -1e9 to 1e9, or a clock time as 14:30", -longest_time, longest_time,
     Form::time},
    {Item::date, &NonmemFormat::date, "", 0, 0, Form::text},
    {Item::value, &NonmemFormat::value, "a number, -1e15 to 1e15", -largest_amount, largest_amount, Form::number},
    {Item::amount, &NonmemFormat::amount, "a dose, 0 to 1e15", 0, largest_amount, Form::number},
    {Item::event, &NonmemFormat::event,
     "0 (observation), 1 (dose), 2 (other event), 3 (reset), 4 (reset and dose) or 101 (dose into compartment 1)", 0,
     9901, Form::whole},
    {Item::missing, &NonmemFormat::missing, "0, 1, 100 or 101", 0, 101, Form::whole},
    {Item::compartment, &NonmemFormat::compartment, "", 0, 0, Form::text},
    {Item::dvid, &NonmemFormat::dvid, "", 0, 0, Form::text, "YTYPE"},
    {Item::administration, &NonmemFormat::administration, "", 0, 0, Form::text},
    {Item::additional, &NonmemFormat::additional, "a whole number of doses, 0 to 100000", 0, most_additional_doses,
     Form::whole},
    {Item::interval, &NonmemFormat::interval, "a time, 0 to 1e9, or hours and minutes as 12:00", 0, longest_time,
     Form::time},
    {Item::steady_state, &NonmemFormat::steady_state, "0, 1 or 2", 0, 99, Form::whole},
    {Item::rate, &NonmemFormat::rate, "a rate, 0 to 1e15, or -1 or -2", -largest_amount, largest_amount, Form::number},
    {Item::duration, &NonmemFormat::duration, "a time, 0 to 1e9, or hours and minutes as 1:30", -longest_time,
     longest_time, Form::time, "TINF"},
    {Item::censored, &NonmemFormat::censored, "0, 1 (below the value) or -1 (above it)", -1, 1, Form::whole},
    {Item::limit, &NonmemFormat::limit, "a concentration, 0 to 1e15", 0, largest_amount, Form::number},
    {Item::interval_limit, &NonmemFormat::interval_limit, "a number, -1e15 to 1e15, or nothing", -largest_amount,
     largest_amount, Form::number},
    {Item::comment, &NonmemFormat::comment, "", 0, 0, Form::text},
}};

constexpr std::size_t place_of(Item item) { return static_cast<std::size_t>(item); }

/// What a format calls an item.
inline const std::string& column_name(const NonmemFormat& format, Item item) {
  return format.*item_rules[place_of(item)].name;
}

/// Whether the user gave an item a name of their own: such a column must be there.
bool is_renamed(const NonmemFormat& format, Item item);

/// Which columns of a table hold what.
struct Columns {
  struct Covariate {
    std::string name;    ///< of the covariate
    std::string header;  ///< of its column
    std::size_t column = 0;
    protocol::CovariateSpec spec;
  };
  std::array<std::optional<std::size_t>, item_count> items;
  std::array<std::string, item_count> names;  ///< of these columns as the file has them, else the format's
  std::vector<Covariate> covariates;
  bool design = false;  ///< what is observed has no values: those of the file are not looked at

  bool has(Item item) const { return items[place_of(item)].has_value(); }
  const std::string& name(Item item) const { return names[place_of(item)]; }
};

/// The columns called `name`: exactly so, or else but for case.
std::vector<std::size_t> columns_called(const std::vector<std::string>& names, std::string_view name);

/// Finds the columns of a format by the header of a table: by exact name, else by the only one that differs in case.
/// Remarks default covariates that are not there, and columns that nothing reads. Of a design, columns of values and of
/// what is known of censored ones are not looked for.
Columns find_columns(const Table& table, const NonmemFormat& format, Faults& faults, Remarks& remarks,
                     bool design = false);

/// Throws ConfigError where a format cannot serve any file: no name for the subject, the time or the value, one column
/// for two things, one code for both kinds of observation or both compartments, unknown units, a comparison that cannot
/// be read.
void check(const NonmemFormat& format);

}  // namespace titrant::trial
