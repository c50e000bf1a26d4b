#include "record.hpp"

#include <array>
#include <cmath>

#include "clock.hpp"
#include "file_units.hpp"
#include "level.hpp"
#include "number.hpp"
#include "text.hpp"

namespace titrant::trial {

namespace {

/// Codes within the range of their rule that mean nothing: MDV is 0, 1, 100 or 101, SS 0, 1, 2 or 99, and EVID 0 to 4
/// or a compartment's number and 01 (a dose into it; RxODE).
bool is_known_code(Item item, double value) {
  constexpr double classic = 100.0;
  switch (item) {
    case Item::event:
      return value <= 4.0 || (value > classic && std::fmod(value, classic) == 1.0);
    case Item::missing:
      return value <= 1.0 || value >= classic;
    case Item::steady_state:
      return value <= 2.0 || value == 99.0;
    default:
      return true;
  }
}

/// What helps with values that are no numbers because they are below or above a limit.
std::string_view hint(Item item, std::string_view text) {
  if (item != Item::value) return "";
  constexpr std::array<std::string_view, 5> words = {"BLQ", "BQL", "BLOQ", "LLOQ", "LOQ"};
  bool limit = text.starts_with('<') || text.starts_with('>');
  for (const std::string_view word : words) limit = limit || same_but_for_case(text, word);
  return limit ? "; a value below its limit is written as that limit with CENS 1, one above it with CENS -1" : "";
}

}  // namespace

RecordReader::RecordReader(const Columns& columns, const NonmemFormat& format, Faults& faults)
    : columns_(columns),
      format_(format),
      faults_(faults),
      date_format_(format.date_format == DateFormat::automatic ? date_format_of(columns.name(Item::date))
                                                               : format.date_format) {}

void RecordReader::refuse(const Row& row, std::size_t column, Record& record, const std::string& what) {
  record.sound = false;
  faults_.add(row.place(column), "{}", what);
}

std::optional<double> RecordReader::clock_hours(std::string_view text, Item item, Record& record) {
  if (text.find(':') == std::string_view::npos) return std::nullopt;
  const std::optional<ClockTime> clock = read_clock(text, date_format_);
  if (!clock || (clock->dated && (item != Item::time || columns_.has(Item::date)))) return std::nullopt;
  if (item == Item::time) relative_ = true;
  if (clock->dated) record.day = clock->day;
  return clock->hours;
}

void RecordReader::read_item(const Row& row, const ItemRule& rule, Record& record) {
  std::optional<double>& item = record.items.at(place_of(rule.item));
  item.reset();
  const auto column = columns_.items.at(place_of(rule.item));
  if (!column || rule.form == Form::text || row.fields[*column].missing()) return;
  const std::string_view text = row.fields[*column].text;
  if (rule.form == Form::time) {
    item = clock_hours(text, rule.item, record);
    if (item && format_.time_unit != TimeUnit::hour && rule.item == Item::time) {
      refuse(
          row, *column, record,
          fmt::format("{}: a clock time, '{}', where data.units.time is day", columns_.name(rule.item), excerpt(text)));
    }
    if (item) return;
  }
  const Number number = read_number(text);
  const bool in_range = number.value >= rule.low && number.value <= rule.high;
  const bool whole = rule.form != Form::whole || number.value == std::trunc(number.value);
  if (number.fault.empty() && in_range && whole && is_known_code(rule.item, number.value)) {
    item = number.value;
    if (rule.form == Form::time) *item *= hours_in(format_.time_unit);
    return;
  }
  refuse(row, *column, record,
         fmt::format("{}: expected {}, found '{}'{}{}{}", columns_.name(rule.item), rule.expectation, excerpt(text),
                     number.fault.empty() ? "" : ", ", number.fault, hint(rule.item, text)));
}

void RecordReader::read_id(const Row& row, Record& record) {
  record.id.clear();
  const auto column = columns_.items[place_of(Item::id)];
  if (!column) return;
  record.id = row.fields[*column].unquoted();
  if (is_usable_id(record.id)) return;
  refuse(row, *column, record,
         fmt::format("{}: expected the name of a subject, found '{}'", format_.id, excerpt(record.id)));
}

void RecordReader::read_date(const Row& row, Record& record) {
  const auto column = columns_.items[place_of(Item::date)];
  if (!column) return;
  relative_ = true;
  const Field& field = row.fields[*column];
  const std::optional<double> day = field.missing() ? std::nullopt : read_day(field.text, date_format_);
  if (!day) {
    refuse(row, *column, record,
           fmt::format("{}: expected a date as {} or year-month-day (see data.date_format), or the number of a day, "
                       "found '{}'",
                       columns_.name(Item::date), name_of(date_format_), excerpt(field.text)));
  } else if (format_.time_unit != TimeUnit::hour) {
    refuse(row, *column, record,
           fmt::format("{}: a date needs times in hours; expected data.units.time: h", columns_.name(Item::date)));
  } else {
    record.day = *day;
  }
}

void RecordReader::read_covariates(const Row& row, Record& record) {
  record.covariates.assign(columns_.covariates.size(), std::nullopt);
  for (std::size_t i = 0; i < columns_.covariates.size(); ++i) {
    const Columns::Covariate& covariate = columns_.covariates[i];
    const Field& field = row.fields[covariate.column];
    if (field.missing()) continue;
    if (covariate.spec.is_categorical()) {
      record.covariates[i] = level_of(covariate.spec, field.unquoted());
      if (!record.covariates[i]) {
        refuse(row, covariate.column, record,
               fmt::format("{}: '{}' is none of the levels of {} ({}); see data.covariates", covariate.header,
                           excerpt(field.text), covariate.name, codes_of(covariate.spec)));
      }
      continue;
    }
    const Number number = read_number(field.text);
    if (!number.fault.empty()) {
      refuse(row, covariate.column, record,
             fmt::format("{}: expected a number, found '{}', {}", covariate.header, excerpt(field.text), number.fault));
      continue;
    }
    record.covariates[i] = number.value;
    if (covariate.name == "weight") *record.covariates[i] *= kilograms_in(format_.weight_unit);
  }
}

void RecordReader::read(const Row& row, Record& record) {
  record.row = &row;
  record.sound = true;
  record.day = 0.0;
  read_id(row, record);
  for (const ItemRule& rule : item_rules) read_item(row, rule, record);
  read_date(row, record);
  read_covariates(row, record);
}

Place RecordReader::place(const Record& record, Item item) const {
  const auto column = columns_.items.at(place_of(item));
  return column ? record.row->place(*column) : record.row->start();
}

std::string_view RecordReader::text(const Record& record, Item item) const {
  const auto column = columns_.items.at(place_of(item));
  if (!column || record.row->fields[*column].missing()) return {};
  return record.row->fields[*column].text;
}

bool RecordReader::says_missing(const Record& record, Item item) const {
  const auto column = columns_.items.at(place_of(item));
  return column && record.row->fields[*column].missing_in_words();
}

}  // namespace titrant::trial
