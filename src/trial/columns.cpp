#include "columns.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>

#include "text.hpp"
#include "titrant/core/error.hpp"

namespace titrant::trial {

namespace {

bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// The columns called `name`: exactly so, or else but for case.
std::vector<std::size_t> matches(const std::vector<std::string>& names, const std::string& name) {
  std::vector<std::size_t> exact;
  std::vector<std::size_t> similar;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) exact.push_back(i);
    if (equal_but_for_case(names[i], name)) similar.push_back(i);
  }
  return exact.empty() ? similar : exact;
}

/// Every column name that a format knows.
std::set<std::string> known_names(const NonmemFormat& format) {
  std::set<std::string> names;
  for (const ItemRule& rule : item_rules) names.insert(format.*rule.name);
  for (const auto& [covariate, header] : format.covariates) names.insert(header);
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

  std::optional<std::size_t> find(const std::string& name, bool required, const std::string& purpose) const {
    if (name.empty()) return std::nullopt;
    const std::vector<std::size_t> found = matches(table_.names(), name);
    if (found.size() > 1) faults_.add(table_.header().place(found[1]), "a second column '{}'", excerpt(name));
    if (!found.empty()) return found.front();
    if (required) {
      faults_.add(table_.header().start(), "no column '{}' for the {}; {}", excerpt(name), purpose,
                  proposal(table_.names(), name, format_));
    }
    return std::nullopt;
  }

 private:
  const Table& table_;
  const NonmemFormat& format_;
  Faults& faults_;
};

std::string purpose(Item item) {
  switch (item) {
    case Item::id:
      return "subject";
    case Item::time:
      return "time";
    case Item::value:
      return "observed value";
    default:
      return "data item that data.columns names so";
  }
}

}  // namespace

bool is_renamed(const NonmemFormat& format, Item item) {
  const std::string& name = column_name(format, item);
  return !name.empty() && name != column_name(NonmemFormat{}, item);
}

Columns find_columns(const Table& table, const NonmemFormat& format, Faults& faults) {
  const ColumnFinder finder(table, format, faults);
  Columns columns;
  for (const ItemRule& rule : item_rules) {
    const bool essential = rule.item == Item::id || rule.item == Item::time || rule.item == Item::value;
    columns.items.at(place_of(rule.item)) =
        finder.find(format.*rule.name, essential || is_renamed(format, rule.item), purpose(rule.item));
  }
  for (const auto& [covariate, header] : format.covariates) {
    const auto column = finder.find(header, true, fmt::format("covariate {} (see data.covariates)", covariate));
    if (column) columns.covariates.push_back({covariate, header, *column});
  }
  return columns;
}

void check(const NonmemFormat& format) {
  std::set<std::string> used;
  const auto use = [&used](const std::string& name) {
    if (!name.empty() && !used.insert(name).second) {
      throw ConfigError(fmt::format("column '{}' is named for two data items", excerpt(name)));
    }
  };
  for (const ItemRule& rule : item_rules) use(format.*rule.name);
  for (const auto& [covariate, header] : format.covariates) {
    if (header.empty()) throw ConfigError(fmt::format("covariate {} has no column name", covariate));
    use(header);
  }
  if (format.id.empty() || format.time.empty() || format.value.empty()) {
    throw ConfigError("a data file needs the names of the columns of the subject, the time and the value");
  }
  if (format.concentration_dvid == format.biomarker_dvid) {
    throw ConfigError(
        fmt::format("concentrations and biomarker values have the same code {}", format.concentration_dvid));
  }
}

}  // namespace titrant::trial
