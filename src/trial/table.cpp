#include "table.hpp"

#include <cctype>

#include "text.hpp"

namespace titrant::trial {

namespace {

/// Far beyond any data record; what is longer is not a table of data.
constexpr std::size_t longest_line = 65536;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_utf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

}  // namespace

Table::Table(std::string_view text, CommentLines comments, Faults& faults)
    : rest_(text), comment_lines_(comments), faults_(faults) {
  if (is_utf16(text)) {
    faults_.add({}, "the file is UTF-16; expected plain text or UTF-8, with a header line");
    rest_ = {};
    return;
  }
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  while (next_line(header_) && trimmed(header_.line).empty()) {
  }
  std::string_view line = header_.line;
  if (trimmed(line).empty()) {
    faults_.add({}, "the file is empty; expected a header line with the names of the columns");
    return;
  }
  const std::size_t hash = trimmed(line).front() == '#' ? line.find('#') + 1 : 0;
  line.remove_prefix(hash);
  separator_ = detect_separator(line);
  if (line.size() > longest_line) {
    faults_.add(header_.start(), "the line has more than {} bytes; expected a header line", longest_line);
    return;
  }
  if (const auto broken = split(line, separator_, header_.fields)) {
    faults_.add({header_.number, header_.line, hash + *broken}, "expected a closing quote before the next separator");
    return;
  }
  for (Field& field : header_.fields) {
    field.offset += hash;
    names_.push_back(field.unquoted());
  }
  header_.whole = true;
}

bool Table::next_line(Row& row) {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  row.line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  if (row.line.ends_with('\r')) row.line.remove_suffix(1);
  row.number = ++lines_;
  return true;
}

void Table::split_line(Row& row) {
  row.whole = false;
  row.fields.clear();
  if (row.line.size() > longest_line) {
    faults_.add(row.start(), "the line has more than {} bytes", longest_line);
    return;
  }
  if (const auto broken = split(row.line, separator_, row.fields)) {
    faults_.add({row.number, row.line, *broken}, "expected a closing quote before the next separator");
    return;
  }
  row.whole = row.fields.size() == names_.size();
  if (row.whole) return;
  const std::size_t first_wrong =
      row.fields.size() > names_.size() ? row.fields[names_.size()].offset : row.line.size();
  faults_.add({row.number, row.line, first_wrong}, "{} fields where the header has {}", row.fields.size(),
              names_.size());
}

bool Table::is_comment(std::string_view line) const {
  const char first = trimmed(line).front();
  if (first == '#') return true;
  if (comment_lines_ == CommentLines::c) return first == 'C';
  if (comment_lines_ != CommentLines::letter) return false;
  return first == '@' || std::isalpha(static_cast<unsigned char>(first)) != 0;
}

bool Table::next(Row& row) {
  while (next_line(row)) {
    if (trimmed(row.line).empty()) continue;
    if (is_comment(row.line)) {
      ++comments_;
      continue;
    }
    split_line(row);
    return true;
  }
  return false;
}

}  // namespace titrant::trial
