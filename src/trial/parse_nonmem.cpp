#include <optional>

#include "clock.hpp"
#include "columns.hpp"
#include "condition.hpp"
#include "number.hpp"
#include "record.hpp"
#include "subject_builder.hpp"
#include "table.hpp"
#include "text.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

namespace {

/// A trial of ten million records is below this.
constexpr std::size_t largest_trial = std::size_t{1} << 30U;

/// Tells comments from records by their first field and by the column for comments.
class Comments {
 public:
  Comments(const NonmemFormat& format, const Columns& columns, Faults& faults, Remarks& remarks)
      : format_(format), columns_(columns), faults_(faults), remarks_(remarks) {}

  /// Whether a row is a comment by its column for them: C or # there.
  bool is_comment(const Row& row) {
    const auto column = columns_.items[place_of(Item::comment)];
    if (!column || row.fields.size() <= *column || row.fields[*column].missing()) return false;
    const std::string_view text = row.fields[*column].text;
    if (text.front() == 'C' || text.front() == 'c' || text.front() == '#') {
      remarks_.count("Left out: {records} with C in the column of comments, first in {line}.", row.number);
      return true;
    }
    if (!read_number(text).fault.empty()) {
      faults_.add(row.place(*column),
                  "{}: expected C (a comment), a number or nothing, found '{}'; see "
                  "data.columns.comment",
                  columns_.name(Item::comment), excerpt(text));
    }
    return false;
  }

  /// Whether a row begins with C before a number where others begin with a number, which is a fault: NONMEM users put a
  /// C before a record that is not to be used, and say IGNORE=C or IGNORE=@.
  bool is_suspect(const Row& row) {
    if (format_.comment_lines != CommentLines::automatic || row.fields.empty()) return false;
    if (columns_.items[place_of(Item::comment)] == std::size_t{0}) return false;
    const std::string_view text = row.fields.front().text;
    if (read_number(text).fault.empty()) {
      numbers_ = true;
    } else if (text.starts_with('C') && trimmed(row.line).starts_with('C') &&
               (text.size() == 1 || read_number(text.substr(1)).fault.empty())) {
      if (numbers_) report(row.place(0), text);
      if (!numbers_ && !first_) {
        first_ = row.place(0);
        first_text_ = text;
      }
      return numbers_;
    }
    return false;
  }

  /// The same for a record before the first that begins with a number.
  void finish() {
    if (numbers_ && first_) report(*first_, first_text_);
  }

 private:
  void report(const Place& place, std::string_view text) {
    faults_.add(place,
                "the record begins with '{}' where others begin with a number, as comments do (IGNORE=C); expected "
                "data.comments: C, which leaves such records out, or data.comments: none",
                excerpt(text));
  }

  const NonmemFormat& format_;
  const Columns& columns_;
  Faults& faults_;
  Remarks& remarks_;
  bool numbers_ = false;
  std::optional<Place> first_;
  std::string_view first_text_;
};

Trial parse(std::string_view text, std::string_view name, const NonmemFormat& format, bool design) {
  check(format);
  Faults faults(name);
  Remarks remarks;
  Table table(text, format.comment_lines, faults);
  if (!table.header().whole) faults.throw_if_any();
  const Columns columns = find_columns(table, format, faults, remarks, design);
  Filter filter(format);
  filter.bind(table, columns.items[place_of(Item::amount)], faults);
  // Where a column is missing, no subject makes sense; the numbers in the others are still looked at.
  const bool usable = faults.count() == 0;

  RecordReader reader(columns, format, faults);
  SubjectBuilder builder(format, columns, reader, faults, remarks);
  Comments comments(format, columns, faults, remarks);
  bool any_row = false;
  bool any_record = false;
  Record record;
  for (Row row; table.next(row);) {
    any_row = true;
    if (!row.whole) {
      builder.skip_row();
      continue;
    }
    if (comments.is_comment(row)) continue;
    if (usable && !filter.accepts(row, faults)) continue;
    any_record = true;
    if (comments.is_suspect(row)) continue;
    reader.read(row, record);
    if (usable) builder.add(record);
  }
  comments.finish();
  if (!any_row) {
    faults.add(table.header().start(), "no records after the header");
  } else if (!any_record && faults.count() == 0) {
    faults.add(table.header().start(),
               "no records are left: all are comments, or left out by data.ignore or data.where");
  }
  Trial trial;
  trial.source = name;
  trial.units = format.units;
  trial.covariates = format.covariates;
  trial.subjects = builder.finish();
  faults.throw_if_any();
  if (table.comments() > 0) {
    remarks.say(fmt::format("Left out: {} line{} that begin{} like a comment.", table.comments(),
                            table.comments() == 1 ? "" : "s", table.comments() == 1 ? "s" : ""));
  }
  if (columns.has(Item::date)) {
    remarks.say(fmt::format("Dates are read as {} (data.date_format).", name_of(reader.date_format())));
  }
  if (reader.relative_times())
    remarks.say("Times are clock times or have dates: each subject's first record is at 0 h.");
  filter.add_remarks(remarks);
  trial.remarks = remarks.sentences();
  return trial;
}

}  // namespace

Trial parse_nonmem(std::string_view text, std::string_view name, const NonmemFormat& format) {
  return parse(text, name, format, false);
}

Trial parse_design(std::string_view text, std::string_view name, const NonmemFormat& format) {
  return parse(text, name, format, true);
}

Trial read_nonmem(const std::filesystem::path& file, const NonmemFormat& format) {
  return parse_nonmem(core::read_file(file, largest_trial), file.string(), format);
}

Trial read_design(const std::filesystem::path& file, const NonmemFormat& format) {
  return parse_design(core::read_file(file, largest_trial), file.string(), format);
}

}  // namespace titrant::trial
