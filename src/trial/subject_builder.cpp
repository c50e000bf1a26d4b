#include "subject_builder.hpp"

#include <algorithm>

#include "text.hpp"

namespace titrant::trial {

namespace {

constexpr int observation = 0;
constexpr int dose = 1;
constexpr int other_event = 2;
constexpr int reset = 3;

/// The kind of event; where the file does not say, a dose is known by its amount.
int event_of(const Record& record) {
  const bool with_amount = record.item(Item::amount).value_or(0.0) > 0.0;
  return static_cast<int>(record.item(Item::event).value_or(with_amount ? dose : observation));
}

/// What is wrong with a covariate that the program knows by name; empty where nothing is.
std::string_view covariate_fault(const std::string& name, double value) {
  if (name == "body_weight" && !(value > 0.0)) return "a weight in kg, above 0";
  if (name == "comed" && value != 0.0 && value != 1.0) return "0 or 1";
  return "";
}

}  // namespace

void SubjectBuilder::begin_subject(const Record& record) {
  end_subject();
  first_record_ = reader_.place(record, Item::id);
  if (!ids_.insert(record.id).second) {
    faults_.add(first_record_, "the records of subject '{}' are not in one block: others stand before this one",
                excerpt(record.id));
  }
  subjects_.emplace_back().id = record.id;
  complete_ = true;
  time_ = 0.0;
  covariates_ = record.covariates;
  covariate_faulty_.assign(covariates_.size(), false);
  doses_now_.clear();
}

void SubjectBuilder::end_subject() {
  if (subjects_.empty()) return;
  Subject& subject = subjects_.back();
  if (complete_ && subject.concentrations.empty() && subject.biomarkers.empty()) {
    faults_.add(first_record_, "subject '{}' has no observations", excerpt(subject.id));
  }
  for (std::size_t i = 0; i < covariates_.size(); ++i) {
    if (covariates_[i]) subject.covariates[columns_.covariates[i].name] = *covariates_[i];
  }
  for (const pkpd::Dose& one : subject.doses) subject.dose = std::max(subject.dose, one.amount);
}

void SubjectBuilder::check_covariates(const Record& record) {
  for (std::size_t i = 0; i < covariates_.size(); ++i) {
    if (covariate_faulty_[i]) continue;  // said once a subject
    const Columns::Covariate& covariate = columns_.covariates[i];
    const Place place = record.row->place(covariate.column);
    const std::optional<double>& value = record.covariates[i];
    std::string_view fault;
    if (value) fault = covariate_fault(covariate.name, *value);
    if (!value) {
      faults_.add(place, "{}: covariate {} is missing in subject '{}'", covariate.header, covariate.name,
                  excerpt(record.id));
    } else if (!fault.empty()) {
      faults_.add(place, "{}: expected {}, found {}", covariate.header, fault, *value);
    } else if (covariates_[i] && value != covariates_[i]) {
      faults_.add(place, "{}: covariate {} changes within subject '{}', from {} to {}; expected one value",
                  covariate.header, covariate.name, excerpt(record.id), *covariates_[i], *value);
    } else {
      covariates_[i] = value;
      continue;
    }
    covariate_faulty_[i] = true;
  }
}

bool SubjectBuilder::check_time(const Record& record) {
  const std::optional<double>& time = record.item(Item::time);
  const Place place = reader_.place(record, Item::time);
  if (!time) {
    faults_.add(place, "{}: the time is missing", format_.time);
    return false;
  }
  if (*time < time_) {
    faults_.add(place, "{}: time goes backwards within subject '{}', from {} to {} h", format_.time, excerpt(record.id),
                time_, *time);
    return false;
  }
  if (*time > time_) doses_now_.clear();
  time_ = *time;
  return true;
}

void SubjectBuilder::check_no_dose(const Record& record, int event) {
  const double amount = record.item(Item::amount).value_or(0.0);
  if (amount > 0.0) {
    faults_.add(reader_.place(record, Item::amount), "{}: a dose of {} mg with {} {}; expected 1 or 4 for a dose",
                format_.amount, amount, format_.event, event);
  }
}

void SubjectBuilder::add_dose(const Record& record, bool reset_first) {
  const std::optional<double>& amount = record.item(Item::amount);
  if (!columns_.has(Item::amount)) {
    if (!amount_column_missed_) {
      faults_.add(reader_.place(record, Item::event), "a dose, but the file has no column '{}'", format_.amount);
    }
    amount_column_missed_ = true;
    return;
  }
  if (!amount) {
    faults_.add(reader_.place(record, Item::amount), "{}: the amount of the dose is missing", format_.amount);
    return;
  }
  pkpd::Dose one;
  one.time = time_;
  one.amount = *amount;
  one.interval = record.item(Item::interval).value_or(0.0);
  one.additional = static_cast<int>(record.item(Item::additional).value_or(0.0));
  one.steady_state = record.item(Item::steady_state).value_or(0.0) == 1.0;
  one.reset = reset_first;
  for (const Item needing : {Item::additional, Item::steady_state}) {
    if (record.item(needing).value_or(0.0) > 0.0 && !(one.interval > 0.0)) {
      faults_.add(reader_.place(record, needing), "{} without {}; expected the hours between two doses",
                  column_name(format_, needing), format_.interval.empty() ? "a dosing interval" : format_.interval);
    }
  }
  if (!doses_now_.emplace(*amount, record.item(Item::compartment).value_or(0.0)).second) {
    faults_.add(reader_.place(record, Item::amount), "the same dose of {} mg at {} h a second time in subject '{}'",
                *amount, time_, excerpt(record.id));
  }
  subjects_.back().doses.push_back(one);
}

void SubjectBuilder::add_observation(const Record& record) {
  if (record.item(Item::missing).value_or(0.0) == 1.0) return;
  const std::optional<double>& value = record.item(Item::value);
  if (!value) {
    faults_.add(reader_.place(record, Item::value), "{}: an observation without a value; expected a number, or {} 1",
                format_.value, format_.missing.empty() ? "EVID 2 or MDV" : format_.missing);
    complete_ = false;
    return;
  }
  Observation one;
  one.time = time_;
  one.value = *value;
  one.censored = record.item(Item::censored).value_or(0.0) == 1.0;
  one.limit = record.item(Item::limit).value_or(0.0);
  if (!columns_.has(Item::dvid)) {
    subjects_.back().concentrations.push_back(one);
    return;
  }
  const std::optional<double>& dvid = record.item(Item::dvid);
  if (dvid == format_.concentration_dvid) {
    subjects_.back().concentrations.push_back(one);
  } else if (dvid == format_.biomarker_dvid) {
    subjects_.back().biomarkers.push_back(one);
  } else {
    faults_.add(reader_.place(record, Item::dvid),
                "{}: expected {} (concentration) or {} (biomarker) for an observation, found {}", format_.dvid,
                format_.concentration_dvid, format_.biomarker_dvid, dvid ? fmt::format("{}", *dvid) : "nothing");
    complete_ = false;
  }
}

void SubjectBuilder::add(const Record& record) {
  if (subjects_.empty() || subjects_.back().id != record.id) begin_subject(record);
  if (!record.sound) {
    skip_row();
    return;
  }
  check_covariates(record);
  if (record.item(Item::rate).value_or(0.0) != 0.0) {
    faults_.add(reader_.place(record, Item::rate),
                "infusions are not supported by the oral models: {} {}; expected 0 or no such column", format_.rate,
                *record.item(Item::rate));
  }
  if (!check_time(record)) {
    skip_row();
    return;
  }
  const int event = event_of(record);
  if (event == observation || event == other_event || event == reset) check_no_dose(record, event);
  if (event == observation) {
    add_observation(record);
  } else if (event == reset) {
    pkpd::Dose one;
    one.time = time_;
    one.reset = true;
    subjects_.back().doses.push_back(one);
  } else if (event != other_event) {
    add_dose(record, event != dose);
  }
}

std::vector<Subject> SubjectBuilder::finish() {
  end_subject();
  return std::move(subjects_);
}

}  // namespace titrant::trial
