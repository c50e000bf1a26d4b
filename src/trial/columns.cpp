#include "columns.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "condition.hpp"
#include "text.hpp"
#include "titrant/core/error.hpp"

namespace titrant::trial {

namespace {

/// Every column name that a format knows.
std::set<std::string> known_names(const NonmemFormat& format) {
  std::set<std::string> names;
  for (const ItemRule& rule : item_rules) names.insert(format.*rule.name);
  for (const protocol::CovariateSpec& spec : format.covariates) names.insert(spec.column);
  return names;
}

/// What a message proposes where there is no column `name`: the nearest one that nothing else asks for, or all.
std::string proposal(const std::vector<std::string>& names, const std::string& name, const NonmemFormat& format) {
  const std::set<std::string> known = known_names(format);
  std::vector<std::string> free;
  std::copy_if(names.begin(), names.end(), std::back_inserter(free),
               [&known](const std::string& one) { return !known.contains(one); });
  const std::string near = core::nearest(name, free);
  if (!near.empty()) return fmt::format("did you mean '{}'?", excerpt(near));
  return fmt::format("the header has {}", excerpt(fmt::format("{}", fmt::join(names, ", "))));
}

/// Finds columns of one table, and reports those that are there twice or lacking.
class ColumnFinder {
 public:
  ColumnFinder(const Table& table, const NonmemFormat& format, Faults& faults)
      : table_(table), format_(format), faults_(faults) {}

  std::optional<std::size_t> find(std::string_view name) const {
    if (name.empty()) return std::nullopt;
    const std::vector<std::size_t> found = columns_called(table_.names(), name);
    if (found.size() > 1) faults_.add(table_.header().place(found[1]), "a second column '{}'", excerpt(name));
    return found.empty() ? std::nullopt : std::optional(found.front());
  }

  void report_missing(const std::string& name, const std::string& purpose) const {
    faults_.add(table_.header().start(), "no column '{}' for the {}; {}", excerpt(name), purpose,
                proposal(table_.names(), name, format_));
  }

 private:
  const Table& table_;
  const NonmemFormat& format_;
  Faults& faults_;
};

std::string purpose(Item item) {
  switch (item) {
    case Item::id:
      return "subject (see data.columns.id)";
    case Item::time:
      return "time (see data.columns.time)";
    case Item::value:
      return "observed value (see data.columns.value)";
    default:
      return "data item that data.columns names so";
  }
}

/// Another usual name of a covariate's column, which is taken where the default one is not there.
std::optional<std::size_t> usual_column(const ColumnFinder& finder, const std::string& covariate) {
  if (covariate != "weight") return std::nullopt;
  for (const std::string_view name : {"WT", "WEIGHT", "WGT"}) {
    if (const auto column = finder.find(name)) return column;
  }
  return std::nullopt;
}

/// Whether a covariate is as in a format of nobody's making: then its column need not be there.
bool is_default(const std::string& covariate, const std::string& header) {
  const std::vector<protocol::CovariateSpec> usual = NonmemFormat::usual_covariates();
  return std::any_of(usual.begin(), usual.end(),
                     [&](const protocol::CovariateSpec& one) { return one.name == covariate && one.column == header; });
}

void find_covariates(const Table& table, const NonmemFormat& format, const ColumnFinder& finder, Columns& columns,
                     Remarks& remarks) {
  for (const protocol::CovariateSpec& spec : format.covariates) {
    const std::string& covariate = spec.name;
    const std::string& header = spec.column;
    std::optional<std::size_t> column = finder.find(header);
    const bool by_default = is_default(covariate, header);
    if (!column && by_default) column = usual_column(finder, covariate);
    if (column) {
      const std::string& name = table.names()[*column];
      if (!same_but_for_case(name, header)) {
        remarks.say(fmt::format("Covariate {} is read from column '{}': there is no '{}' (data.covariates).", covariate,
                                excerpt(name), excerpt(header)));
      }
      columns.covariates.push_back({covariate, name, *column, spec});
    } else if (by_default) {
      remarks.say(fmt::format("No column '{}': the subjects have no covariate {} (data.covariates).", excerpt(header),
                              covariate));
    } else {
      finder.report_missing(header, fmt::format("covariate {} (see data.covariates)", covariate));
    }
  }
}

/// Columns that look as if they meant something and yet are not read.
std::string_view hint(std::string_view name) {
  constexpr std::array<std::string_view, 4> flags = {"BLQ", "BQL", "BLOQ", "LOQFL"};
  for (const std::string_view flag : flags) {
    if (same_but_for_case(name, flag)) return "; if it marks values below their limit, data.columns.censored names it";
  }
  if (same_but_for_case(name, "OCC")) return "; variability between occasions is not modelled";
  if (same_but_for_case(name, "ROUTE")) return "; data.route and compartments tell the route";
  return "";
}

void remark_unread(const Table& table, const Columns& columns, Remarks& remarks) {
  std::set<std::size_t> read;
  for (const auto& column : columns.items) {
    if (column) read.insert(*column);
  }
  for (const Columns::Covariate& one : columns.covariates) read.insert(one.column);
  std::vector<std::string> plain;
  for (std::size_t i = 0; i < table.names().size(); ++i) {
    if (read.contains(i)) continue;
    const std::string& name = table.names()[i];
    const std::string_view special = hint(name);
    if (special.empty()) {
      plain.push_back(excerpt(name));
    } else {
      remarks.say(fmt::format("Column '{}' is not read{}.", excerpt(name), special));
    }
  }
  constexpr std::size_t most_shown = 20;
  const bool cut = plain.size() > most_shown;
  if (cut) plain.resize(most_shown);
  if (!plain.empty()) remarks.say(fmt::format("Not read: {}{}.", fmt::join(plain, ", "), cut ? ", ..." : ""));
}

/// What only measured values have.
bool is_of_values(Item item) { return item == Item::value || item == Item::censored || item == Item::interval_limit; }

/// Whether a name stands for another item or a covariate: C may well be the column of concentrations.
bool names_other_item(const NonmemFormat& format, std::string_view name) {
  for (const ItemRule& rule : item_rules) {
    if (rule.item != Item::comment && same_but_for_case(format.*rule.name, name)) return true;
  }
  return std::any_of(format.covariates.begin(), format.covariates.end(),
                     [name](const auto& one) { return same_but_for_case(one.column, name); });
}

void check_observation_codes(const NonmemFormat& format) {
  if (same_code(format.concentration_dvid, format.biomarker_dvid)) {
    throw ConfigError(
        fmt::format("concentrations and biomarker values have the same code {}", excerpt(format.concentration_dvid)));
  }
  const bool by_compartment = !format.concentration_cmt.empty() || !format.biomarker_cmt.empty();
  if (by_compartment && same_code(format.concentration_cmt, format.biomarker_cmt)) {
    throw ConfigError(fmt::format("concentrations and biomarker values have the same compartment {}",
                                  excerpt(format.concentration_cmt)));
  }
  if (by_compartment && format.compartment.empty()) {
    throw ConfigError(
        "data.concentration_cmt and data.biomarker_cmt need the name of the column (data.columns.compartment)");
  }
  if (same_code(format.depot, format.central)) {
    throw ConfigError(
        fmt::format("data.compartments: depot and central have the same number {}", excerpt(format.depot)));
  }
}

}  // namespace

std::vector<std::size_t> columns_called(const std::vector<std::string>& names, std::string_view name) {
  std::vector<std::size_t> exact;
  std::vector<std::size_t> similar;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) exact.push_back(i);
    if (same_but_for_case(names[i], name)) similar.push_back(i);
  }
  return exact.empty() ? similar : exact;
}

bool is_renamed(const NonmemFormat& format, Item item) {
  const std::string& name = column_name(format, item);
  return !name.empty() && name != column_name(NonmemFormat{}, item);
}

Columns find_columns(const Table& table, const NonmemFormat& format, Faults& faults, Remarks& remarks, bool design) {
  const ColumnFinder finder(table, format, faults);
  Columns columns;
  columns.design = design;
  for (const ItemRule& rule : item_rules) {
    const std::string& name = format.*rule.name;
    if (rule.item == Item::comment && names_other_item(format, name)) continue;
    if (design && is_of_values(rule.item)) {
      columns.names.at(place_of(rule.item)) = name;
      continue;
    }
    std::optional<std::size_t> column = finder.find(name);
    const bool renamed = is_renamed(format, rule.item);
    if (!column && !renamed && !name.empty()) column = finder.find(rule.alias);
    if (!column && !renamed && rule.item == Item::date && !name.empty()) {
      for (const std::string_view other : {"DAT1", "DAT2", "DAT3"}) {
        if (!column) column = finder.find(other);
      }
    }
    const bool essential = rule.item == Item::id || rule.item == Item::time || rule.item == Item::value;
    const bool by_compartment =
        rule.item == Item::compartment && (!format.concentration_cmt.empty() || !format.biomarker_cmt.empty());
    if (!column && (essential || renamed || by_compartment)) finder.report_missing(name, purpose(rule.item));
    columns.items.at(place_of(rule.item)) = column;
    columns.names.at(place_of(rule.item)) = column ? table.names()[*column] : name;
  }
  find_covariates(table, format, finder, columns, remarks);
  remark_unread(table, columns, remarks);
  return columns;
}

void check(const NonmemFormat& format) {
  std::set<std::string> used;
  const auto use = [&used](const std::string& name) {
    if (!name.empty() && !used.insert(name).second) {
      throw ConfigError(fmt::format("column '{}' is named for two data items", excerpt(name)));
    }
  };
  for (const ItemRule& rule : item_rules) {
    if (rule.item != Item::comment || is_renamed(format, Item::comment)) use(format.*rule.name);
  }
  for (const protocol::CovariateSpec& spec : format.covariates) {
    if (spec.column.empty()) throw ConfigError(fmt::format("covariate {} has no column name", spec.name));
    use(spec.column);
  }
  if (format.id.empty() || format.time.empty() || format.value.empty()) {
    throw ConfigError("a data file needs the names of the columns of the subject, the time and the value");
  }
  check_observation_codes(format);
  format.units.concentration_of_amount_per_litre();
  Filter{format};  // throws where a comparison cannot be read
}

}  // namespace titrant::trial
