#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "faults.hpp"
#include "fields.hpp"

namespace titrant::trial {

/// One line of data.
struct Row {
  std::size_t number = 0;  ///< of the line, from 1
  std::string_view line;
  std::vector<Field> fields;
  bool whole = false;  ///< one field for each column; where not, the fault is reported already

  Place place(std::size_t column) const { return {number, line, fields[column].offset}; }
  Place start() const { return {number, line, 0}; }
};

/// A text file of a header and rows, read row by row: only views of the text are kept. Lines that are blank or begin
/// with '#' are passed over, but a header may begin so.
///
///     Table table(text, faults);
///     for (Row row; table.next(row);) ...
class Table {
 public:
  /// Reads the header. `text` must outlive the table.
  Table(std::string_view text, Faults& faults);

  /// The header: `whole` where there is one.
  const Row& header() const { return header_; }
  const std::vector<std::string>& names() const { return names_; }

  bool next(Row& row);

 private:
  bool next_line(Row& row);
  void split_line(Row& row);

  std::string_view rest_;
  Faults& faults_;
  std::size_t lines_ = 0;
  Separator separator_ = Separator::comma;
  Row header_;
  std::vector<std::string> names_;
};

}  // namespace titrant::trial
