#include "record.hpp"

#include <cmath>

#include "number.hpp"
#include "text.hpp"

namespace titrant::trial {

void RecordReader::read_item(const Row& row, const ItemRule& rule, Record& record) const {
  std::optional<double>& item = record.items.at(place_of(rule.item));
  item.reset();
  const auto column = columns_.items.at(place_of(rule.item));
  if (!column || rule.item == Item::id || row.fields[*column].missing()) return;
  const std::string_view text = row.fields[*column].text;
  const Number number = read_number(text);
  const bool in_range = number.value >= rule.low && number.value <= rule.high;
  const bool fits = in_range && (!rule.whole || number.value == std::trunc(number.value));
  if (number.fault.empty() && fits) {
    item = number.value;
    return;
  }
  record.sound = false;
  faults_.add(row.place(*column), "{}: expected {}, found '{}'{}{}", column_name(format_, rule.item), rule.expectation,
              excerpt(text), number.fault.empty() ? "" : ", ", number.fault);
}

void RecordReader::read(const Row& row, Record& record) const {
  record.row = &row;
  record.sound = true;
  record.id.clear();
  if (const auto column = columns_.items[place_of(Item::id)]) {
    record.id = row.fields[*column].unquoted();
    if (!is_usable_id(record.id)) {
      record.sound = false;
      faults_.add(row.place(*column), "{}: expected the name of a subject, found '{}'", format_.id, excerpt(record.id));
    }
  }
  for (const ItemRule& rule : item_rules) read_item(row, rule, record);
  record.covariates.assign(columns_.covariates.size(), std::nullopt);
  for (std::size_t i = 0; i < columns_.covariates.size(); ++i) {
    const Columns::Covariate& covariate = columns_.covariates[i];
    const Field& field = row.fields[covariate.column];
    if (field.missing()) continue;
    const Number number = read_number(field.text);
    if (number.fault.empty()) {
      record.covariates[i] = number.value;
    } else {
      record.sound = false;
      faults_.add(row.place(covariate.column), "{}: expected a number, found '{}', {}", covariate.header,
                  excerpt(field.text), number.fault);
    }
  }
}

Place RecordReader::place(const Record& record, Item item) const {
  const auto column = columns_.items.at(place_of(item));
  return column ? record.row->place(*column) : record.row->start();
}

}  // namespace titrant::trial
