#include "titrant/trial/covariate_rows.hpp"

#include <fmt/format.h>

#include "condition.hpp"
#include "faults.hpp"
#include "level.hpp"
#include "number.hpp"
#include "table.hpp"
#include "text.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::trial {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 26U;  // bytes: a million rows

/// A covariate and the column that holds it: by its own name, else by that of the trial's column.
struct RowColumn {
  const protocol::CovariateSpec* spec;
  std::size_t column;
};

std::vector<RowColumn> columns_of(const Table& table, const std::vector<protocol::CovariateSpec>& covariates) {
  std::vector<RowColumn> columns;
  for (const protocol::CovariateSpec& spec : covariates) {
    std::vector<std::size_t> found = columns_called(table.names(), spec.name);
    if (found.empty()) found = columns_called(table.names(), spec.column);
    if (found.size() == 1) columns.push_back({&spec, found.front()});
  }
  return columns;
}

/// The value of a field; a fault where there is none that the covariate can have.
void read(const Row& row, const RowColumn& one, pkpd::Covariates& covariates, Faults& faults) {
  const Field& field = row.fields[one.column];
  const Place place = row.place(one.column);
  if (field.missing()) {
    faults.add(place, "{} is missing; expected a value in every row, or a condition (where) that leaves the row out",
               one.spec->name);
    return;
  }
  if (one.spec->is_categorical()) {
    std::optional<double> level = level_of(*one.spec, field.unquoted());
    if (!level) level = one.spec->value_of(field.unquoted());
    if (!level) {
      faults.add(place, "'{}' is none of the levels of {} ({})", excerpt(field.text), one.spec->name,
                 codes_of(*one.spec));
      return;
    }
    covariates[one.spec->name] = *level;
    return;
  }
  const Number number = read_number(field.text);
  if (!number.fault.empty()) {
    faults.add(place, "{}: expected a number, found '{}', {}", one.spec->name, excerpt(field.text), number.fault);
    return;
  }
  if (one.spec->name == "weight" && !(number.value > 0.0)) {
    faults.add(place, "weight: expected a weight above 0 (kg), found {}", number.value);
    return;
  }
  covariates[one.spec->name] = number.value;
}

}  // namespace

std::vector<pkpd::Covariates> parse_covariate_rows(std::string_view text, std::string_view name,
                                                   const std::vector<protocol::CovariateSpec>& covariates,
                                                   const std::string& where) {
  Faults faults(name);
  Table table(text, CommentLines::hash, faults);
  if (!table.header().whole) faults.throw_if_any();
  const std::vector<RowColumn> columns = columns_of(table, covariates);
  if (columns.empty()) {
    throw DataError(fmt::format("{}: no column is called like a covariate of data.covariates", name));
  }
  std::vector<Condition> conditions;
  if (!where.empty()) {
    conditions.emplace_back(where, "where");
    conditions.back().bind(table, faults);
    faults.throw_if_any();
  }
  std::vector<pkpd::Covariates> rows;
  for (Row row; table.next(row);) {
    if (!row.whole || (!conditions.empty() && !conditions.front().holds(row, faults))) continue;
    pkpd::Covariates covariates_of_row;
    for (const RowColumn& one : columns) read(row, one, covariates_of_row, faults);
    rows.push_back(std::move(covariates_of_row));
  }
  faults.throw_if_any();
  return rows;
}

std::vector<pkpd::Covariates> read_covariate_rows(const std::filesystem::path& file,
                                                  const std::vector<protocol::CovariateSpec>& covariates,
                                                  const std::string& where) {
  return parse_covariate_rows(core::read_file(file, most_bytes), file.string(), covariates, where);
}

std::vector<pkpd::Covariates> covariate_rows(const Trial& trial, const std::string& where) {
  std::string text;
  for (const protocol::CovariateSpec& spec : trial.covariates) text += (text.empty() ? "" : ",") + spec.name;
  std::vector<pkpd::Covariates> rows;
  if (trial.covariates.empty()) {
    if (where.empty()) return std::vector<pkpd::Covariates>(trial.subjects.size());
    throw ConfigError(fmt::format("where: '{}', and the trial has no covariates; see data.covariates", where));
  }
  text += '\n';
  for (const Subject& subject : trial.subjects) {
    std::string row;
    for (const protocol::CovariateSpec& spec : trial.covariates) {
      const auto found = subject.covariates.find(spec.name);
      std::string field = found == subject.covariates.end() ? "NA" : fmt::format("{}", found->second);
      if (found != subject.covariates.end() && spec.is_categorical()) {
        field = in_quotes(spec.levels.at(static_cast<std::size_t>(found->second)).second, true);
      }
      row += (row.empty() ? "" : ",") + field;
    }
    text += row + '\n';
  }
  Faults faults(trial.source);
  Table table(text, CommentLines::hash, faults);
  std::optional<Condition> condition;
  if (!where.empty()) {
    condition.emplace(where, "where");
    condition->bind(table, faults);
    faults.throw_if_any();
  }
  std::size_t place = 0;
  for (Row row; table.next(row); ++place) {
    if (condition && !condition->holds(row, faults)) continue;
    rows.push_back(trial.subjects[place].covariates);
  }
  faults.throw_if_any();
  return rows;
}

}  // namespace titrant::trial
