#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "columns.hpp"

namespace titrant::trial {

/// One row as numbers.
struct Record {
  const Row* row = nullptr;
  std::string id;
  std::array<std::optional<double>, item_count> items;  ///< none: missing, or no such column
  std::vector<std::optional<double>> covariates;        ///< in the order of Columns::covariates
  bool sound = false;                                   ///< every field could be read

  const std::optional<double>& item(Item which) const { return items[place_of(which)]; }
};

/// Reads the numbers of rows, each within its rule.
class RecordReader {
 public:
  RecordReader(const Columns& columns, const NonmemFormat& format, Faults& faults)
      : columns_(columns), format_(format), faults_(faults) {}

  /// `row` must outlive the use of `record`.
  void read(const Row& row, Record& record) const;

  /// Where an item of a record stands; the start of the line where the file has no such column.
  Place place(const Record& record, Item item) const;

 private:
  void read_item(const Row& row, const ItemRule& rule, Record& record) const;

  const Columns& columns_;
  const NonmemFormat& format_;
  Faults& faults_;
};

}  // namespace titrant::trial
