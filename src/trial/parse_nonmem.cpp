#include "columns.hpp"
#include "record.hpp"
#include "subject_builder.hpp"
#include "table.hpp"
#include "titrant/core/file.hpp"
#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

namespace {

/// A trial of ten million records is below this.
constexpr std::size_t largest_file = std::size_t{1} << 30U;

}  // namespace

Trial parse_nonmem(std::string_view text, std::string_view name, const NonmemFormat& format) {
  check(format);
  Faults faults(name);
  Table table(text, faults);
  if (!table.header().whole) faults.throw_if_any();
  const Columns columns = find_columns(table, format, faults);
  // Where a column is missing, no subject makes sense; the numbers in the others are still looked at.
  const bool usable = faults.count() == 0;

  const RecordReader reader(columns, format, faults);
  SubjectBuilder builder(format, columns, reader, faults);
  bool any_row = false;
  Record record;
  for (Row row; table.next(row);) {
    any_row = true;
    if (!row.whole) {
      builder.skip_row();
      continue;
    }
    reader.read(row, record);
    if (usable) builder.add(record);
  }
  if (!any_row) faults.add(table.header().start(), "no records after the header");
  Trial trial;
  trial.source = name;
  trial.subjects = builder.finish();
  faults.throw_if_any();
  return trial;
}

Trial read_nonmem(const std::filesystem::path& file, const NonmemFormat& format) {
  return parse_nonmem(core::read_file(file, largest_file), file.string(), format);
}

}  // namespace titrant::trial
