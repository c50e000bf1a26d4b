#include "subject_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "file_units.hpp"
#include "text.hpp"
#include "titrant/trial/regimen.hpp"

namespace titrant::trial {

namespace {

constexpr int evid_observation = 0;
constexpr int evid_dose = 1;
constexpr int evid_other_event = 2;
constexpr int evid_reset = 3;
constexpr int evid_reset_and_dose = 4;
constexpr int classic_evid = 100;
constexpr double modelled_rate = -1.0;
constexpr double modelled_duration = -2.0;

}  // namespace

SubjectBuilder::SubjectBuilder(const NonmemFormat& format, const Columns& columns, const RecordReader& reader,
                               Faults& faults, Remarks& remarks)
    : format_(format),
      columns_(columns),
      reader_(reader),
      faults_(faults),
      remarks_(remarks),
      covariates_(format, columns, faults, remarks),
      observations_(format, columns, reader, faults, remarks),
      route_(format, columns, reader, faults) {}

/// The kind of event; where the file does not say, a dose is known by its amount.
SubjectBuilder::Event SubjectBuilder::event_of(const Record& record) {
  const bool constant_infusion =
      record.item(Item::rate).value_or(0.0) > 0.0 && record.item(Item::steady_state).value_or(0.0) == 1.0;
  const bool with_amount = record.item(Item::amount).value_or(0.0) > 0.0 || constant_infusion;
  const auto code = static_cast<int>(record.item(Item::event).value_or(with_amount ? evid_dose : evid_observation));
  if (code > classic_evid) return {.kind = evid_dose, .compartment = code / classic_evid};
  return {.kind = code};
}

bool SubjectBuilder::is_same_subject(const Record& record) {
  if (subjects_.empty() || subject_key(record.id) != key_) return false;
  if (subjects_.back().id != record.id) {
    remarks_.count("Subjects are numbers: {records} of {subjects} write another form of the number, first in {line}.",
                   record.line(), subjects_.back().id);
  }
  return true;
}

void SubjectBuilder::begin_subject(const Record& record) {
  end_subject();
  first_record_ = reader_.place(record, Item::id);
  key_ = subject_key(record.id);
  if (!ids_.insert(key_).second) {
    faults_.add(first_record_, "the records of subject '{}' are not in one block: others stand before this one",
                excerpt(record.id));
  }
  subjects_.emplace_back().id = record.id;
  complete_ = true;
  started_ = false;
  covariates_.begin();
  doses_now_.clear();
  route_.begin_subject();
}

void SubjectBuilder::end_subject() {
  if (subjects_.empty()) return;
  Subject& subject = subjects_.back();
  covariates_.finish(subject);
  subject.dose = nominal_regimen(subject, std::numeric_limits<double>::infinity()).regimen.dose;
  check_relative();
  if (!complete_ || !subject.concentrations.empty() || !subject.biomarkers.empty()) return;
  remarks_.count("Left out: {subjects} without observations.", first_record_.number, subject.id);
  ++without_observations_;
  subjects_.pop_back();
  route_.drop_subject();
}

/// Where some times of a file are clock times, all are, so that each subject has a time 0 of its own.
void SubjectBuilder::check_relative() {
  if (started_ && first_time_ != 0.0 && !relative_start_ && !absolute_start_) absolute_start_ = first_record_;
  if (!reader_.relative_times() || !absolute_start_) return;
  faults_.add(*absolute_start_,
              "{}: this subject begins with {} where others have clock times or dates; expected these "
              "for all",
              columns_.name(Item::time), first_time_);
  absolute_start_.reset();
}

bool SubjectBuilder::advance_time(const Record& record, int event) {
  const std::optional<double>& written = record.item(Item::time);
  const Place place = reader_.place(record, Item::time);
  if (!written) {
    faults_.add(place, "{}: the time is missing", format_.time);
    return false;
  }
  if (!started_) {
    first_day_ = record.day;
    first_time_ = *written;
    relative_start_ = reader_.relative_times();
    origin_ = relative_start_ ? *written : 0.0;
  }
  constexpr double hours_per_day = 24.0;
  double time = *written + (record.day - first_day_) * hours_per_day - origin_;
  if (started_ && time < time_) {
    const bool may_restart = (event == evid_reset || event == evid_reset_and_dose) && !reader_.relative_times();
    if (!may_restart) {
      faults_.add(place, "{}: time goes backwards within subject '{}', from {} to {} h{}", columns_.name(Item::time),
                  excerpt(record.id), time_, time,
                  reader_.relative_times()
                      ? "; expected a date with clock times of several days (data.columns.date)"
                      : "; expected records in the order of time, or EVID 3 or 4 where a new period begins");
      return false;
    }
    // The clock goes on from the record before: a time of 2 h after the restart is 2 h after that.
    origin_ = std::min(*written, 0.0) - time_;
    time = *written - origin_;
    remarks_.count(
        "Time starts again at {records} (EVID 3 or 4) of {subjects}, first in {line}: it is counted on from "
        "the record before.",
        record.line(), record.id);
  }
  if (std::abs(time) > longest_time) {
    faults_.add(place, "{}: {} h after the first record; expected at most {:g}", columns_.name(Item::time), time,
                longest_time);
    return false;
  }
  if (!started_ || time > time_) doses_now_.clear();
  started_ = true;
  time_ = time;
  return true;
}

bool SubjectBuilder::check_no_dose(const Record& record, int event) {
  const double amount = record.item(Item::amount).value_or(0.0);
  if (!(amount > 0.0)) return true;
  faults_.add(reader_.place(record, Item::amount), "{}: a dose of {} {} with {} {}; expected 1 or 4 for a dose",
              format_.amount, amount, format_.units.amount, format_.event, event);
  return false;
}

void SubjectBuilder::check_no_infusion(const Record& record) {
  for (const Item item : {Item::rate, Item::duration}) {
    if (record.item(item).value_or(0.0) == 0.0) continue;
    faults_.add(reader_.place(record, item), "{}: {:g} in a record that is no dose; expected 0 or nothing",
                columns_.name(item), *record.item(item));
  }
}

/// Reads RATE and DUR; whether the dose can be used.
bool SubjectBuilder::infusion(const Record& record, pkpd::Dose& one) {
  const double rate = record.item(Item::rate).value_or(0.0);
  const double duration = record.item(Item::duration).value_or(0.0);
  const auto fault = [&](Item item, const std::string& what) {
    faults_.add(reader_.place(record, item), "{}: {}", columns_.name(item), what);
    return false;
  };
  if (rate == modelled_rate || rate == modelled_duration) {
    if (duration > 0.0) {
      return fault(Item::rate, fmt::format("{:g} beside {} {:g}; expected 0 or nothing where the duration is given",
                                           rate, columns_.name(Item::duration), duration));
    }
    if (one.amount == 0.0) {
      return fault(Item::rate, fmt::format("{:g} with an amount of 0; expected the amount, of which the model's {} "
                                           "makes an infusion, or RATE 0",
                                           rate, rate == modelled_rate ? "rate" : "duration"));
    }
    one.rate = 0.0;
    one.infusion = rate == modelled_rate ? pkpd::InfusionBy::modelled_rate : pkpd::InfusionBy::modelled_duration;
    return true;
  }
  if (rate < 0.0) return fault(Item::rate, fmt::format("expected a rate of 0 or more, -1 or -2, found {:g}", rate));
  if (duration < 0.0) return fault(Item::duration, fmt::format("expected 0 or more, found {:g}", duration));
  one.rate = rate / hours_in(format_.time_unit);
  if (duration > 0.0 && one.amount > 0.0) {
    constexpr double close = 1e-3;  // both may be rounded
    if (rate > 0.0 && std::abs(one.rate * duration - one.amount) > close * one.amount) {
      return fault(Item::duration, fmt::format("{:g} h at the rate of {:g} per h are not the amount of {:g}", duration,
                                               one.rate, one.amount));
    }
    if (rate == 0.0) {
      one.rate = one.amount / duration;
      one.infusion = pkpd::InfusionBy::duration;
    }
  }
  if (rate > 0.0 && one.amount == 0.0) {
    if (one.steady_state && !one.superposed && one.interval == 0.0 && one.additional == 0) return true;
    return fault(Item::rate,
                 fmt::format("{:g} with an amount of 0; expected the amount, or SS 1 without interval for an "
                             "infusion that has been constant for ever",
                             rate));
  }
  if (one.rate > 0.0 && (one.duration() < pkpd::shortest_infusion || one.duration() > longest_time)) {
    return fault(rate > 0.0 ? Item::rate : Item::duration,
                 fmt::format("an infusion of {:g} h; expected {:g} to {:g} h, or 0 for a dose at once", one.duration(),
                             pkpd::shortest_infusion, longest_time));
  }
  constexpr double most_at_once = 1000.0;
  if (one.interval > 0.0 && one.duration() > most_at_once * one.interval) {
    return fault(duration > 0.0 ? Item::duration : Item::rate,
                 fmt::format("each infusion lasts {:g} h and the next begins after {:g} h: more than {:g} at once",
                             one.duration(), one.interval, most_at_once));
  }
  return true;
}

void SubjectBuilder::remark_unused_value(const Record& record, int event) {
  if (record.item(Item::value).value_or(0.0) == 0.0) return;
  if (record.item(Item::missing).value_or(0.0) == 1.0) {
    if (event != evid_observation) return;
    remarks_.count("Left out: the values of {records} of {subjects} with MDV 1, first in {line}.", record.line(),
                   record.id);
  } else if (event != evid_observation) {
    remarks_.count("Left out: the values of {records} of {subjects} that are doses or other events, first in {line}.",
                   record.line(), record.id);
  }
}

/// Reads SS and II; whether the dose can be used.
bool SubjectBuilder::steady_state(const Record& record, pkpd::Dose& one) {
  constexpr double stands_for_none = 99.0;
  double code = record.item(Item::steady_state).value_or(0.0);
  if (code == stands_for_none && one.interval == 0.0) {
    remarks_.count("SS 99 is taken as 0 in {records} without interval, first in {line}.", record.line(), record.id);
    code = 0.0;
  }
  if (code == stands_for_none) {
    faults_.add(reader_.place(record, Item::steady_state), "{}: expected 0, 1 or 2, found '99'",
                columns_.name(Item::steady_state));
    return false;
  }
  one.steady_state = code > 0.0;
  one.superposed = code == 2.0;
  for (const Item needing : {Item::additional, Item::steady_state}) {
    const bool needs = needing == Item::additional ? one.additional > 0 : one.steady_state;
    const bool constant = needing == Item::steady_state && code == 1.0 && one.amount == 0.0 && one.rate > 0.0;
    if (needs && !constant && !(one.interval > 0.0)) {
      faults_.add(reader_.place(record, needing), "{} without {}; expected the hours between two doses",
                  columns_.name(needing), format_.interval.empty() ? "a dosing interval" : format_.interval);
    }
  }
  return true;
}

void SubjectBuilder::add_dose(const Record& record, const Event& event) {
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
  if (*amount > 0.0 && time_ < 0.0) {
    faults_.add(reader_.place(record, Item::time),
                "{}: a dose at {} h; expected doses from 0 on: negative times are for samples before the first dose",
                columns_.name(Item::time), time_);
  }
  pkpd::Dose one;
  one.time = time_;
  one.amount = *amount;
  one.interval = record.item(Item::interval).value_or(0.0);
  one.additional = static_cast<int>(record.item(Item::additional).value_or(0.0));
  one.reset = event.kind == evid_reset_and_dose;
  one.rate = record.item(Item::rate).value_or(0.0);
  if (!steady_state(record, one) || !infusion(record, one)) return;
  if (*amount > 0.0 || one.rate > 0.0) {
    route_.add_dose(record, event.compartment, one, subjects_.back().doses.size());
    if (*amount > 0.0 && !doses_now_.insert(*amount).second) {
      remarks_.count(
          "{records} of {subjects} repeat a dose of the same time and amount, first in {line}: all are given.",
          record.line(), record.id);
    }
  }
  subjects_.back().doses.push_back(one);
}

void SubjectBuilder::add_observation(const Record& record) {
  if (record.item(Item::missing).value_or(0.0) == 1.0) {
    if (columns_.design) {
      remarks_.count("Not observed: {records} of {subjects} with MDV 1, first in {line}.", record.line(), record.id);
    }
    return;
  }
  ObservationReader::Result result = observations_.read(record);
  if (result.fault) complete_ = false;
  if (!result.observation) return;
  Subject& subject = subjects_.back();
  result.observation->time = time_;
  result.observation->records_before = subject.doses.size();
  const bool concentration = result.kind == ObservationReader::Kind::concentration;
  if (concentration) route_.add_concentration(record);
  (concentration ? subject.concentrations : subject.biomarkers).push_back(*result.observation);
}

void SubjectBuilder::add(const Record& record) {
  if (!is_same_subject(record)) begin_subject(record);
  if (!record.sound) {
    skip_row();
    return;
  }
  if (record.item(Item::missing).value_or(0.0) >= classic_evid) {
    remarks_.count("Left out: {records} of {subjects} with MDV 100 or 101, first in {line}.", record.line(), record.id);
    return;
  }
  const Event event = event_of(record);
  const bool is_dose = event.kind == evid_dose || event.kind == evid_reset_and_dose;
  if (!is_dose) check_no_infusion(record);
  if (!advance_time(record, event.kind)) {
    skip_row();
    return;
  }
  covariates_.add(record, time_);
  remark_unused_value(record, event.kind);
  if (is_dose) {
    add_dose(record, event);
    return;
  }
  if (!check_no_dose(record, event.kind)) {
    skip_row();
    return;
  }
  if (event.kind == evid_observation) add_observation(record);
  if (event.kind != evid_reset) return;
  pkpd::Dose one;
  one.time = time_;
  one.reset = true;
  subjects_.back().doses.push_back(one);
}

std::vector<Subject> SubjectBuilder::finish() {
  end_subject();
  if (subjects_.empty() && without_observations_ > 0) {
    faults_.add(first_record_, "no subject has observations{}",
                columns_.design ? "; expected records with EVID 0 at the times to be simulated (MDV 1: none)" : "");
  }
  covariates_.fill_subjects(subjects_);
  route_.finish(subjects_, remarks_);
  return std::move(subjects_);
}

}  // namespace titrant::trial
