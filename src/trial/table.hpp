#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "faults.hpp"
#include "fields.hpp"
#include "titrant/trial/nonmem.hpp"

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

/// A text file of a header and rows, read row by row: only views of the text are kept. Blank lines and comments are
/// passed over; a header may begin like a comment.
///
///     Table table(text, CommentLines::automatic, faults);
///     for (Row row; table.next(row);) ...
class Table {
 public:
  /// Reads the header. `text` must outlive the table. A line is a comment where its first character that is not a blank
  /// is '#', or for `comments` c a C, or for letter a letter or @ (NONMEM's IGNORE=#, C and @).
  Table(std::string_view text, CommentLines comments, Faults& faults);

  /// The header: `whole` where there is one.
  const Row& header() const { return header_; }
  const std::vector<std::string>& names() const { return names_; }

  bool next(Row& row);

  /// How many comments were passed over so far.
  std::size_t comments() const { return comments_; }

 private:
  bool next_line(Row& row);
  bool is_comment(std::string_view line) const;
  void split_line(Row& row);

  std::string_view rest_;
  CommentLines comment_lines_;
  Faults& faults_;
  std::size_t lines_ = 0;
  std::size_t comments_ = 0;
  Separator separator_ = Separator::comma;
  Row header_;
  std::vector<std::string> names_;
};

}  // namespace titrant::trial
