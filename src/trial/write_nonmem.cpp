#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <ostream>
#include <utility>

#include "columns.hpp"
#include "text.hpp"
#include "titrant/core/error.hpp"
#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

namespace {

/// Compartments of an oral model with a biomarker: depot, central, effect.
constexpr int depot = 1;
constexpr int central = 2;
constexpr int effect = 3;

/// One line of the file, as numbers.
using Line = std::array<double, item_count>;

void set(Line& line, Item item, double value) { line.at(place_of(item)) = value; }

bool is_only_reset(const pkpd::Dose& dose) {
  return dose.reset && dose.amount == 0.0 && dose.interval == 0.0 && dose.additional == 0 && !dose.steady_state;
}

Line dose_line(const pkpd::Dose& dose, int compartment) {
  Line line{};
  set(line, Item::time, dose.time);
  set(line, Item::amount, dose.amount);
  set(line, Item::event, is_only_reset(dose) ? 3 : dose.reset ? 4 : 1);
  set(line, Item::missing, 1);
  set(line, Item::compartment, compartment);
  set(line, Item::additional, dose.additional);
  set(line, Item::interval, dose.interval);
  set(line, Item::steady_state, dose.steady_state ? 1 : 0);
  return line;
}

/// The compartment of each dose of a subject: the depot, and further ones where a dose repeats another at its time,
/// which would be a fault in the same compartment.
std::vector<int> dose_compartments(const Subject& subject) {
  std::map<std::pair<double, double>, int> before;
  std::vector<int> compartments;
  for (const pkpd::Dose& dose : subject.doses) {
    const int repeated = is_only_reset(dose) ? 0 : before[{dose.time, dose.amount}]++;
    compartments.push_back(repeated == 0 ? depot : effect + repeated);
  }
  return compartments;
}

Line observation_line(const Observation& observation, int compartment, int dvid) {
  Line line{};
  set(line, Item::time, observation.time);
  set(line, Item::value, observation.value);
  set(line, Item::compartment, compartment);
  set(line, Item::dvid, dvid);
  set(line, Item::censored, observation.censored ? 1 : 0);
  set(line, Item::limit, observation.limit);
  return line;
}

/// The lines of a subject in order of time; doses first, then concentrations, then biomarker values.
std::vector<Line> lines_of(const Subject& subject, const NonmemFormat& format) {
  std::vector<Line> lines;
  const std::vector<int> compartments = dose_compartments(subject);
  for (std::size_t i = 0; i < subject.doses.size(); ++i) {
    lines.push_back(dose_line(subject.doses[i], compartments[i]));
  }
  for (const auto& one : subject.concentrations) {
    lines.push_back(observation_line(one, central, format.concentration_dvid));
  }
  for (const auto& one : subject.biomarkers) lines.push_back(observation_line(one, effect, format.biomarker_dvid));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a[place_of(Item::time)] < b[place_of(Item::time)]; });
  return lines;
}

bool is_always_written(Item item) { return item < Item::additional; }

/// The items that get a column: those of every file, those the trial makes use of, and those with a name of their own,
/// because the reader expects these.
std::vector<Item> written_items(const Trial& trial, const NonmemFormat& format) {
  Line used{};
  for (const Subject& subject : trial.subjects) {
    for (const Line& line : lines_of(subject, format)) {
      for (std::size_t i = 0; i < item_count; ++i) used.at(i) = std::max(used.at(i), std::abs(line.at(i)));
    }
  }
  std::vector<Item> items;
  for (const ItemRule& rule : item_rules) {
    const bool wanted = used.at(place_of(rule.item)) > 0.0;
    if (rule.item == Item::id) continue;
    if (!column_name(format, rule.item).empty()) {
      if (is_always_written(rule.item) || wanted || is_renamed(format, rule.item)) items.push_back(rule.item);
    }
  }
  return items;
}

/// Throws DataError for what a file of this format cannot say, before anything is written.
void check_contents(const Trial& trial, const NonmemFormat& format) {
  const auto need = [](const std::string& name, std::string_view what) {
    if (name.empty()) throw DataError(fmt::format("the trial has {}, but the format names no column for them", what));
  };
  for (const Subject& subject : trial.subjects) {
    if (!is_usable_id(subject.id)) throw DataError(fmt::format("no file can name a subject '{}'", excerpt(subject.id)));
    for (const auto& [covariate, header] : format.covariates) {
      if (subject.covariates.contains(covariate)) continue;
      throw DataError(fmt::format("subject '{}' has no covariate {}, which column '{}' would hold", excerpt(subject.id),
                                  covariate, excerpt(header)));
    }
    if (!subject.biomarkers.empty()) need(format.dvid, "biomarker values");
    for (const int compartment : dose_compartments(subject)) {
      if (compartment != depot) need(format.compartment, "equal doses at one time");
    }
    for (const pkpd::Dose& dose : subject.doses) {
      need(format.amount, "doses");
      if (dose.reset || dose.amount == 0.0) need(format.event, "resets or doses of 0 mg");
      if (dose.interval > 0.0) need(format.interval, "dosing intervals");
      if (dose.additional > 0) need(format.additional, "additional doses");
      if (dose.steady_state) need(format.steady_state, "doses at steady state");
    }
    for (const auto* kind : {&subject.concentrations, &subject.biomarkers}) {
      for (const Observation& one : *kind) {
        if (one.censored) need(format.censored, "censored values");
        if (one.limit > 0.0) need(format.limit, "limits of quantification");
      }
    }
  }
}

/// A text as a field of a file, in quotes where it could be misread without.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",;\"# \t") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

}  // namespace

void write_nonmem(std::ostream& out, const Trial& trial, const NonmemFormat& format) {
  check(format);
  check_contents(trial, format);
  const std::vector<Item> items = written_items(trial, format);
  out << quoted(format.id);
  for (const auto& [covariate, header] : format.covariates) out << ',' << quoted(header);
  for (const Item item : items) out << ',' << quoted(column_name(format, item));
  out << '\n';
  for (const Subject& subject : trial.subjects) {
    std::string start = quoted(subject.id);
    for (const auto& [covariate, header] : format.covariates) {
      fmt::format_to(std::back_inserter(start), ",{}", subject.covariates.at(covariate));
    }
    for (const Line& line : lines_of(subject, format)) {
      std::string text = start;
      for (const Item item : items) {
        TITRANT_EXPECTS(std::isfinite(line.at(place_of(item))));
        fmt::format_to(std::back_inserter(text), ",{}", line.at(place_of(item)));
      }
      out << text << '\n';
    }
  }
}

}  // namespace titrant::trial
