#include "covariate_history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "text.hpp"
#include "titrant/core/statistics.hpp"

namespace titrant::trial {

namespace {

/// What is wrong with a covariate that the program knows by name; empty where nothing is.
std::string_view covariate_fault(const std::string& name, double value) {
  if (name == "weight" && !(value > 0.0)) return "a weight above 0";
  return "";
}

/// Just behind a time: what held at the time itself holds there still.
double after(double time) { return std::nextafter(time, std::numeric_limits<double>::infinity()); }

}  // namespace

void CovariateHistory::begin() { series_.assign(columns_.covariates.size(), {}); }

void CovariateHistory::change(const Record& record, std::size_t which, double time, double value) {
  Series& one = series_[which];
  const Columns::Covariate& covariate = columns_.covariates[which];
  if (format_.time_varying == TimeVarying::refuse) {
    faults_.add(record.row->place(covariate.column),
                "{}: covariate {} changes within subject '{}', from {} to {}; expected one value, or "
                "data.time_varying: forward",
                covariate.header, covariate.name, excerpt(record.id), one.last, value);
    one.faulty = true;
    return;
  }
  const bool forward = format_.time_varying == TimeVarying::forward;
  remarks_.count(fmt::format("Covariate {} changes in {{subjects}}: {} (data.time_varying).", covariate.name,
                             forward ? "its value holds until the next record with another"
                                     : "the value of a record holds since the record before"),
                 record.line(), record.id);
  const double from = forward ? time : after(one.last_time);
  if (forward && time == one.first_time) {
    one.first = value;
  } else if (!one.points.empty() && one.points.back().time == from) {
    one.points.back().value = value;
  } else {
    one.points.push_back({from, value});
  }
}

void CovariateHistory::add(const Record& record, double time) {
  for (std::size_t i = 0; i < series_.size(); ++i) {
    Series& one = series_[i];
    if (one.faulty) continue;
    const Columns::Covariate& covariate = columns_.covariates[i];
    const Place place = record.row->place(covariate.column);
    const std::optional<double>& value = record.covariates[i];
    if (!value) {
      one.missing = true;
      if (format_.covariate_missing == CovariateMissing::refuse) {
        faults_.add(place, "{}: covariate {} is missing in subject '{}' (data.covariate_missing: refuse)",
                    covariate.header, covariate.name, excerpt(record.id));
        one.faulty = true;
      }
      continue;
    }
    const std::string_view fault = covariate_fault(covariate.name, *value);
    if (!fault.empty()) {
      faults_.add(place, "{}: expected {}, found {}", covariate.header, fault, *value);
      one.faulty = true;
    } else if (!one.first) {
      one.first = value;
      one.first_time = time;
    } else if (*value != one.last) {
      change(record, i, time, *value);
    }
    if (one.faulty) continue;
    one.last = *value;
    one.last_time = time;
  }
}

void CovariateHistory::finish(Subject& subject) const {
  std::map<double, pkpd::Covariates> changes;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const Series& one = series_[i];
    if (!one.first) continue;
    const std::string& name = columns_.covariates[i].name;
    subject.covariates[name] = *one.first;
    if (one.missing) {
      remarks_.count(fmt::format("Covariate {} is missing in records of {{subjects}}: the last value is carried (the "
                                 "next one before the first).",
                                 name),
                     0, subject.id);
    }
    for (const Point& point : one.points) changes[point.time][name] = point.value;
  }
  pkpd::Covariates now = subject.covariates;
  for (const auto& [time, values] : changes) {
    const pkpd::Covariates before = now;
    for (const auto& [name, value] : values) now[name] = value;
    if (now != before) subject.changes.push_back({time, now});
  }
}

/// What tells occasions apart has no middle.
bool CovariateHistory::can_be_filled(const std::string& covariate) const {
  return std::none_of(format_.covariates.begin(), format_.covariates.end(), [&](const protocol::CovariateSpec& spec) {
    return spec.name == covariate && spec.tells_occasions;
  });
}

void CovariateHistory::fill_subjects(std::vector<Subject>& subjects) {
  for (const Columns::Covariate& covariate : columns_.covariates) {
    const std::string& name = covariate.name;
    std::vector<double> values;
    for (const Subject& subject : subjects) {
      if (subject.covariates.contains(name)) values.push_back(subject.covariates.at(name));
    }
    if (values.size() == subjects.size()) continue;
    const bool median = format_.covariate_missing == CovariateMissing::median && !values.empty() && can_be_filled(name);
    const double value = median ? core::lower_median(values) : 0.0;
    const std::string sentence =
        median ? fmt::format("Covariate {} is missing in {{subjects}}: the median of the others, {}, stands for it.",
                             name, value)
               : fmt::format("Covariate {} is missing in {{subjects}}: what uses it cannot be computed for them{}.",
                             name, can_be_filled(name) ? " (data.covariate_missing: median)" : "");
    for (Subject& subject : subjects) {
      if (subject.covariates.contains(name)) continue;
      remarks_.count(sentence, 0, subject.id);
      if (!median) continue;
      subject.covariates[name] = value;
      for (CovariateChange& change : subject.changes) change.covariates[name] = value;
    }
  }
}

}  // namespace titrant::trial
