#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <ostream>
#include <set>
#include <span>
#include <utility>

#include "columns.hpp"
#include "file_units.hpp"
#include "text.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/trial/individual.hpp"
#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();
using core::infinity;

/// One line of the file: numbers, not a number where a value is missing, and the codes.
struct Line {
  std::array<double, item_count> values{};
  std::string compartment = std::string(1, '0');
  std::string dvid = std::string(1, '0');
  std::span<const double> further;  ///< values of FurtherColumns::of_observations; empty: missing

  double at(Item item) const { return values.at(place_of(item)); }
  void set(Item item, double value) { values.at(place_of(item)) = value; }
};

/// The compartment of biomarker values: as the format says, else a number that is not in use.
std::string biomarker_compartment(const NonmemFormat& format) {
  if (!format.biomarker_cmt.empty()) return format.biomarker_cmt;
  int number = 3;
  while (same_code(std::to_string(number), format.depot) || same_code(std::to_string(number), format.central) ||
         same_code(std::to_string(number), format.concentration_cmt)) {
    ++number;
  }
  return std::to_string(number);
}

std::string concentration_compartment(const NonmemFormat& format) {
  return format.concentration_cmt.empty() ? format.central : format.concentration_cmt;
}

bool is_only_reset(const pkpd::Dose& dose) {
  return dose.reset && dose.amount == 0.0 && dose.interval == 0.0 && dose.additional == 0 && !dose.steady_state &&
         !dose.infused();
}

Line empty_line(double time) {
  Line line;
  line.set(Item::time, time);
  line.set(Item::administration, missing_value);
  line.set(Item::interval_limit, missing_value);
  line.set(Item::comment, missing_value);
  return line;
}

Line dose_line(const pkpd::Dose& dose, const NonmemFormat& format) {
  Line line = empty_line(dose.time);
  line.set(Item::amount, dose.amount);
  line.set(Item::event, is_only_reset(dose) ? 3 : dose.reset ? 4 : 1);
  line.set(Item::missing, 1);
  line.set(Item::additional, dose.additional);
  line.set(Item::interval, dose.interval);
  line.set(Item::steady_state, dose.superposed ? 2 : dose.steady_state ? 1 : 0);
  switch (dose.infusion) {
    case pkpd::InfusionBy::rate:
      line.set(Item::rate, dose.rate);
      break;
    case pkpd::InfusionBy::duration:
      line.set(Item::duration, dose.duration());
      break;
    case pkpd::InfusionBy::modelled_rate:
      line.set(Item::rate, -1);
      break;
    case pkpd::InfusionBy::modelled_duration:
      line.set(Item::rate, -2);
      break;
  }
  line.compartment = dose.into == pkpd::DoseInto::depot ? format.depot : format.central;
  return line;
}

/// A record of nothing but covariates.
Line other_line(double time) {
  Line line = empty_line(time);
  line.set(Item::event, 2);
  line.set(Item::missing, 1);
  return line;
}

Line observation_line(const Observation& one, std::string compartment, const std::string& dvid) {
  Line line = empty_line(one.time);
  line.set(Item::value, one.value);
  line.set(Item::limit, one.limit);
  line.compartment = std::move(compartment);
  line.dvid = dvid;
  if (!one.censored) return line;
  const bool above = one.upper == infinity ? one.lower > -infinity : one.lower == one.value;
  line.set(Item::censored, above ? -1 : 1);
  const double far = above ? one.upper : one.lower;
  if (std::isfinite(far)) line.set(Item::interval_limit, far);
  return line;
}

/// How many doses stand before an observation.
std::size_t slot_of(const Observation& one, const Subject& subject) {
  if (one.records_before != Observation::after_all) return std::min(one.records_before, subject.doses.size());
  const auto later = std::upper_bound(subject.doses.begin(), subject.doses.end(), one.time,
                                      [](double time, const pkpd::Dose& dose) { return time < dose.time; });
  return static_cast<std::size_t>(later - subject.doses.begin());
}

/// The time at which a record must stand so that the reader finds a change there.
double record_time(const CovariateChange& change, const NonmemFormat& format) {
  return format.time_varying == TimeVarying::backward ? std::nextafter(change.time, -infinity) : change.time;
}

/// Values of further columns of one subject: [observation][name].
struct Further {
  std::size_t names = 0;
  std::span<const double> concentrations;
  std::span<const double> biomarkers;

  std::span<const double> of(std::span<const double> values, std::size_t observation) const {
    return values.subspan(observation * names, names);
  }
};

/// The lines of a subject in order of time; of equal times, observations between the doses where they belong,
/// concentrations before biomarker values.
std::vector<Line> lines_of(const Subject& subject, const NonmemFormat& format, const Further& further = {}) {
  std::vector<std::vector<Line>> slots(subject.doses.size() + 1);
  const auto add = [&](const Observation& one, const std::string& compartment, const std::string& dvid,
                       std::span<const double> values) {
    std::vector<Line>& slot = slots[slot_of(one, subject)];
    slot.push_back(observation_line(one, compartment, dvid));
    slot.back().further = values;
  };
  const std::string of_concentrations = concentration_compartment(format);
  for (std::size_t j = 0; j < subject.concentrations.size(); ++j) {
    add(subject.concentrations[j], of_concentrations, format.concentration_dvid, further.of(further.concentrations, j));
  }
  const std::string of_biomarkers = biomarker_compartment(format);
  for (std::size_t j = 0; j < subject.biomarkers.size(); ++j) {
    add(subject.biomarkers[j], of_biomarkers, format.biomarker_dvid, further.of(further.biomarkers, j));
  }
  const auto earlier = [](const Line& a, const Line& b) { return a.at(Item::time) < b.at(Item::time); };
  std::vector<Line> lines;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    std::stable_sort(slots[i].begin(), slots[i].end(), earlier);
    lines.insert(lines.end(), slots[i].begin(), slots[i].end());
    if (i < subject.doses.size()) lines.push_back(dose_line(subject.doses[i], format));
  }
  for (const CovariateChange& change : subject.changes) {
    const double time = record_time(change, format);
    const auto at = std::lower_bound(lines.begin(), lines.end(), time,
                                     [](const Line& line, double t) { return line.at(Item::time) < t; });
    if (at == lines.end() || at->at(Item::time) != time) lines.insert(at, other_line(time));
  }
  // The value that holds after the last record needs a record behind it.
  if (format.time_varying == TimeVarying::backward && !subject.changes.empty() &&
      !(lines.back().at(Item::time) > subject.changes.back().time)) {
    lines.push_back(other_line(subject.changes.back().time));
  }
  return lines;
}

bool is_always_written(Item item) { return item < Item::administration && item != Item::date; }

/// The items that get a column: those of every file, those the trial makes use of, and those with a name of their own,
/// because the reader expects these.
std::vector<Item> written_items(const Trial& trial, const NonmemFormat& format) {
  std::array<bool, item_count> used{};
  for (const Subject& subject : trial.subjects) {
    for (const Line& line : lines_of(subject, format)) {
      for (std::size_t i = 0; i < item_count; ++i) {
        const bool interval = i == place_of(Item::interval_limit);
        used.at(i) = used.at(i) || (interval ? !std::isnan(line.values.at(i)) : std::abs(line.values.at(i)) > 0.0);
      }
    }
  }
  std::vector<Item> items;
  for (const ItemRule& rule : item_rules) {
    if (rule.item == Item::id || column_name(format, rule.item).empty()) continue;
    if (is_always_written(rule.item) || used.at(place_of(rule.item)) || is_renamed(format, rule.item)) {
      items.push_back(rule.item);
    }
  }
  return items;
}

bool any_subject_has(const Trial& trial, const std::string& covariate) {
  return std::any_of(trial.subjects.begin(), trial.subjects.end(),
                     [&covariate](const Subject& subject) { return subject.covariates.contains(covariate); });
}

/// The covariates that get a column: all but usual ones that no subject has.
std::vector<protocol::CovariateSpec> written_covariates(const Trial& trial, const NonmemFormat& format) {
  const std::vector<protocol::CovariateSpec> usual = NonmemFormat::usual_covariates();
  std::vector<protocol::CovariateSpec> result;
  for (const protocol::CovariateSpec& one : format.covariates) {
    const bool by_default = std::any_of(usual.begin(), usual.end(), [&](const protocol::CovariateSpec& other) {
      return other.name == one.name && other.column == one.column;
    });
    if (!by_default || any_subject_has(trial, one.name)) result.push_back(one);
  }
  return result;
}

/// A covariate's value as the file has it: the code of a level, or a number.
std::string covariate_field(const protocol::CovariateSpec& spec, double value, const NonmemFormat& format) {
  if (!spec.is_categorical()) {
    const double factor = spec.name == "weight" ? kilograms_in(format.weight_unit) : 1.0;
    return fmt::format("{}", in_file_unit(value, factor));
  }
  const auto level = static_cast<std::size_t>(std::lround(value));
  if (level >= spec.levels.size()) {
    throw DataError(
        fmt::format("{} is {:g}, and data.covariates names {} levels", spec.name, value, spec.levels.size()));
  }
  return spec.levels[level].first;
}

/// Throws DataError for what a file of this format cannot say, before anything is written.
void check_contents(const Trial& trial, const NonmemFormat& format) {
  const auto need = [](const std::string& name, std::string_view what) {
    if (name.empty()) throw DataError(fmt::format("the trial has {}, but the format names no column for them", what));
  };
  const bool by_compartment = !format.concentration_cmt.empty() || !format.biomarker_cmt.empty();
  std::set<std::string> keys;
  for (const Subject& subject : trial.subjects) {
    if (!is_usable_id(subject.id)) throw DataError(fmt::format("no file can name a subject '{}'", excerpt(subject.id)));
    if (!keys.insert(subject_key(subject.id)).second) {
      throw DataError(
          fmt::format("no file can tell subject '{}' from another of that number or name", excerpt(subject.id)));
    }
    if (!subject.concentrations.empty() && by_compartment) need(format.concentration_cmt, "concentrations");
    if (!subject.biomarkers.empty()) need(by_compartment ? format.biomarker_cmt : format.dvid, "biomarker values");
    if (!subject.changes.empty()) need(format.event, "covariates that change");
    for (const pkpd::Dose& dose : subject.doses) {
      need(format.amount, "doses");
      if (dose.reset || dose.amount == 0.0) need(format.event, "resets or doses of 0");
      if (dose.interval > 0.0) need(format.interval, "dosing intervals");
      if (dose.additional > 0) need(format.additional, "additional doses");
      const bool by_duration = dose.infusion == pkpd::InfusionBy::duration;
      if (dose.infused()) need(by_duration ? format.duration : format.rate, "infusions");
      if (dose.into == pkpd::DoseInto::central) need(format.compartment, "doses into the central compartment");
      if (dose.steady_state) need(format.steady_state, "doses at steady state");
    }
    for (const auto* kind : {&subject.concentrations, &subject.biomarkers}) {
      for (const Observation& one : *kind) {
        if (one.censored) need(format.censored, "censored values");
        if (one.censored && std::isfinite(one.lower) && std::isfinite(one.upper)) {
          need(format.interval_limit, "censored intervals");
        }
        if (one.limit > 0.0) need(format.limit, "limits of quantification");
      }
    }
  }
}

void check_names(const FurtherColumns& further, const NonmemFormat& format, const std::vector<Item>& items,
                 const std::vector<protocol::CovariateSpec>& covariates) {
  std::vector<std::string> names = {format.id};
  for (const Item item : items) names.push_back(column_name(format, item));
  for (const protocol::CovariateSpec& spec : covariates) names.push_back(spec.column);
  for (const auto* added : {&further.of_subjects, &further.of_observations}) {
    for (const std::string& name : *added) {
      if (!columns_called(names, name).empty()) {
        throw DataError(
            fmt::format("the file would have two columns '{}': data.columns or data.covariates has this "
                        "name; expected another one there",
                        excerpt(name)));
      }
      names.push_back(name);
    }
  }
}

/// An id, in quotes also where a record that begins with it could be taken for a comment.
std::string quoted_id(const std::string& id, const NonmemFormat& format) {
  return in_quotes(id, id.starts_with('C') || format.comment_lines == CommentLines::letter);
}

std::string cell(const Line& line, Item item, const NonmemFormat& format) {
  if (item == Item::compartment) return in_quotes(line.compartment);
  if (item == Item::dvid) return in_quotes(line.dvid);
  const double value = line.at(item);
  if (std::isnan(value)) return std::string(1, '.');
  TITRANT_EXPECTS(std::isfinite(value));
  const bool is_time = item == Item::time || item == Item::interval || item == Item::duration;
  if (item == Item::rate && value > 0.0) return fmt::format("{}", value * hours_in(format.time_unit));
  return fmt::format("{}", is_time ? in_file_unit(value, hours_in(format.time_unit)) : value);
}

}  // namespace

void write_nonmem(std::ostream& out, const Trial& trial, const NonmemFormat& format) {
  write_nonmem(out, trial, format, {});
}

void write_nonmem(std::ostream& out, const Trial& trial, const NonmemFormat& format, const FurtherColumns& further) {
  check(format);
  check_contents(trial, format);
  const std::vector<Item> items = written_items(trial, format);
  const auto covariates = written_covariates(trial, format);
  check_names(further, format, items, covariates);
  out << in_quotes(format.id);
  for (const std::string& name : further.of_subjects) out << ',' << in_quotes(name);
  for (const protocol::CovariateSpec& spec : covariates) out << ',' << in_quotes(spec.column);
  for (const Item item : items) out << ',' << in_quotes(column_name(format, item));
  for (const std::string& name : further.of_observations) out << ',' << in_quotes(name);
  out << '\n';
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    const Subject& subject = trial.subjects[i];
    Further of_subject;
    if (!further.of_observations.empty()) {
      of_subject = {further.of_observations.size(), further.concentrations.at(i), further.biomarkers.at(i)};
    }
    for (const Line& line : lines_of(subject, format, of_subject)) {
      std::string text = quoted_id(subject.id, format);
      for (std::size_t k = 0; k < further.of_subjects.size(); ++k) {
        text.append(1, ',').append(in_quotes(further.subjects.at(i).at(k)));
      }
      const pkpd::Covariates& values = covariates_at(subject, line.at(Item::time));
      for (const protocol::CovariateSpec& spec : covariates) {
        const auto found = values.find(spec.name);
        text.append(1, ',').append(found == values.end() ? "."
                                                         : in_quotes(covariate_field(spec, found->second, format)));
      }
      for (const Item item : items) fmt::format_to(std::back_inserter(text), ",{}", cell(line, item, format));
      for (std::size_t k = 0; k < further.of_observations.size(); ++k) {
        text.append(1, ',').append(line.further.empty() ? "." : fmt::format("{}", line.further[k]));
      }
      out << text << '\n';
    }
  }
}

}  // namespace titrant::trial
