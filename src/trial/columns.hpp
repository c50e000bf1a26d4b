#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faults.hpp"
#include "table.hpp"
#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

/// The data items that a file may hold beside covariates.
enum class Item : std::size_t {
  id,
  time,
  value,
  amount,
  event,
  missing,
  compartment,
  dvid,
  additional,
  interval,
  steady_state,
  rate,
  censored,
  limit
};
inline constexpr std::size_t item_count = 14;

/// What an item is called in a format, and the values it may take.
struct ItemRule {
  Item item;
  std::string NonmemFormat::*name;
  std::string_view expectation;  ///< for messages
  double low;
  double high;
  bool whole;  ///< whole numbers only
};

/// A person who is observed for longer than this is a fault of the file, and so are more additional doses.
inline constexpr double longest_time = 1e9;  // h
inline constexpr double most_additional_doses = 100000;

/// One rule per item, in the order of Item.
inline constexpr double any_number = std::numeric_limits<double>::max();
inline constexpr double largest_code = 1e9;
inline constexpr double largest_amount =
    1e15;  // of a dose or a measured value: more is a slip, and overflows when squared
inline constexpr std::array<ItemRule, item_count> item_rules = {{
    {Item::id, &NonmemFormat::id, "", 0, 0, false},
    {Item::time, &NonmemFormat::time, "hours, 0 to 1e9", 0, longest_time, false},
    {Item::value, &NonmemFormat::value, "a number, -1e15 to 1e15", -largest_amount, largest_amount, false},
    {Item::amount, &NonmemFormat::amount, "a dose in mg, 0 to 1e15", 0, largest_amount, false},
    {Item::event, &NonmemFormat::event, "0 (observation), 1 (dose), 2 (other event), 3 (reset) or 4 (reset and dose)",
     0, 4, true},
    {Item::missing, &NonmemFormat::missing, "0 or 1", 0, 1, true},
    {Item::compartment, &NonmemFormat::compartment, "a whole number", -largest_code, largest_code, true},
    {Item::dvid, &NonmemFormat::dvid, "a whole number", -largest_code, largest_code, true},
    {Item::additional, &NonmemFormat::additional, "a whole number of doses, 0 to 100000", 0, most_additional_doses,
     true},
    {Item::interval, &NonmemFormat::interval, "hours, 0 to 1e9", 0, longest_time, false},
    {Item::steady_state, &NonmemFormat::steady_state, "0 or 1", 0, 1, true},
    {Item::rate, &NonmemFormat::rate, "a number", -any_number, any_number, false},
    {Item::censored, &NonmemFormat::censored, "0 or 1", 0, 1, true},
    {Item::limit, &NonmemFormat::limit, "a concentration, 0 to 1e15", 0, largest_amount, false},
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
  };
  std::array<std::optional<std::size_t>, item_count> items;
  std::vector<Covariate> covariates;

  bool has(Item item) const { return items[place_of(item)].has_value(); }
};

/// Finds the columns of a format by the header of a table: by exact name, else by the only one that differs in case.
Columns find_columns(const Table& table, const NonmemFormat& format, Faults& faults);

/// Throws ConfigError where a format cannot serve any file: no name for the subject, the time or the value, one column
/// for two things, one code for both kinds of observation.
void check(const NonmemFormat& format);

}  // namespace titrant::trial
