#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "columns.hpp"

namespace titrant::trial {

/// One row as numbers: times and intervals in h, body weight in kg.
struct Record {
  const Row* row = nullptr;
  std::string id;
  std::array<std::optional<double>, item_count> items;  ///< none: missing, no such column, or a text
  double day = 0.0;                                     ///< to which the time belongs; 0 where there are no dates
  std::vector<std::optional<double>> covariates;        ///< in the order of Columns::covariates
  bool sound = false;                                   ///< every field could be read

  const std::optional<double>& item(Item which) const { return items[place_of(which)]; }
  std::size_t line() const { return row->number; }
};

/// Reads the numbers of rows, each within its rule.
class RecordReader {
 public:
  RecordReader(const Columns& columns, const NonmemFormat& format, Faults& faults);

  /// `row` must outlive the use of `record`.
  void read(const Row& row, Record& record);

  /// Where an item of a record stands; the start of the line where the file has no such column.
  Place place(const Record& record, Item item) const;

  /// The field of an item; nothing where it is missing or the file has no such column.
  std::string_view text(const Record& record, Item item) const;

  /// Whether the field of an item says in words that its value is missing (NA).
  bool says_missing(const Record& record, Item item) const;

  /// Whether times so far are clock times or have dates, so that only their differences mean something.
  bool relative_times() const { return relative_; }
  DateFormat date_format() const { return date_format_; }

 private:
  void read_item(const Row& row, const ItemRule& rule, Record& record);
  void read_id(const Row& row, Record& record);
  void read_date(const Row& row, Record& record);
  void read_covariates(const Row& row, Record& record);
  std::optional<double> clock_hours(std::string_view text, Item item, Record& record);
  void refuse(const Row& row, std::size_t column, Record& record, const std::string& what);

  const Columns& columns_;
  const NonmemFormat& format_;
  Faults& faults_;
  DateFormat date_format_;
  bool relative_ = false;
};

}  // namespace titrant::trial
