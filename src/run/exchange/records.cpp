#include "records.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "titrant/core/constants.hpp"
#include "titrant/nlme/pd_model.hpp"
#include "titrant/trial/individual.hpp"

namespace titrant::run::exchange {

namespace {

bool is_number(const std::string& id) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
  return error == std::errc() && end == id.data() + id.size() && std::isfinite(value);
}

std::string number(double value) { return fmt::format("{}", value); }

/// Whether a dose record says anything to another program.
bool is_told(const pkpd::Dose& dose) {
  return dose.gives_drug() || dose.reset || (dose.steady_state && !dose.superposed);
}

/// Makes the records of one subject.
class RecordMaker {
 public:
  RecordMaker(const Parts& parts, const FittedSubject& fitted, Carry carry)
      : parts_(parts),
        fitted_(fitted),
        subject_(parts.trial->subjects[fitted.place]),
        first_(nlme::with_baseline(subject_)),
        occasions_(trial::occasions_by(parts.population.occasion, subject_)),
        carry_(carry) {}

  std::vector<Record> records() {
    add_doses_and_observations();
    add_changes();
    for (Record& record : records_) tell_covariates(record);
    return std::move(records_);
  }

 private:
  void add_doses_and_observations() {
    std::vector<std::vector<const Observed*>> slots(subject_.doses.size() + 1);
    for (const Observed& one : fitted_.observations) slots[slot_of(one)].push_back(&one);
    const auto earlier = [](const Observed* a, const Observed* b) { return a->time < b->time; };
    for (std::size_t i = 0; i < slots.size(); ++i) {
      std::stable_sort(slots[i].begin(), slots[i].end(), earlier);
      for (const Observed* one : slots[i]) records_.push_back({.time = one->time, .observed = one, .covariates = {}});
      if (i == subject_.doses.size()) break;
      const pkpd::Dose& dose = subject_.doses[i];
      if (is_told(dose)) records_.push_back({.time = dose.time, .dose = &dose, .covariates = {}});
    }
  }

  /// How many doses stand before an observation.
  std::size_t slot_of(const Observed& one) const {
    if (one.records_before != trial::Observation::after_all) {
      return std::min(one.records_before, subject_.doses.size());
    }
    const auto later = std::upper_bound(subject_.doses.begin(), subject_.doses.end(), one.time,
                                        [](double time, const pkpd::Dose& dose) { return time < dose.time; });
    return static_cast<std::size_t>(later - subject_.doses.begin());
  }

  void add_changes() {
    const bool varies = parts_.occasions > 0 || std::any_of(parts_.columns.begin(), parts_.columns.end(),
                                                            [](const CovariateColumn& one) { return one.varies; });
    if (!varies) return;
    const auto first_from = [&](double time) {
      return std::lower_bound(records_.begin(), records_.end(), time,
                              [](const Record& record, double t) { return record.time < t; });
    };
    for (const trial::CovariateChange& change : subject_.changes) {
      const bool backward = carry_ == Carry::backward;
      const double told_at = backward ? std::nextafter(change.time, -core::infinity) : change.time;
      const auto told = first_from(told_at);
      if (told != records_.end() && told->time == told_at) continue;
      const auto at = first_from(change.time);
      if (at == records_.end()) return;  // nothing is known of what comes after it
      records_.insert(at, {.time = change.time, .covariates = {}, .before_change = backward});
    }
  }

  void tell_covariates(Record& record) const {
    const double time = record.before_change ? std::nextafter(record.time, -core::infinity) : record.time;
    const pkpd::Covariates& now = trial::covariates_at(subject_, time);
    for (const CovariateColumn& column : parts_.columns) {
      const auto found = now.find(column.covariate);
      record.covariates.push_back(column.varies && found != now.end() ? found->second : first_.at(column.covariate));
    }
    std::size_t stretch = 0;
    while (stretch < subject_.changes.size() && subject_.changes[stretch].time <= time) ++stretch;
    record.occasion = 1 + occasions_[stretch];
  }

  const Parts& parts_;
  const FittedSubject& fitted_;
  const trial::Subject& subject_;
  pkpd::Covariates first_;
  std::vector<std::size_t> occasions_;
  Carry carry_;
  std::vector<Record> records_;
};

std::string rate_text(const pkpd::Dose& dose, bool zero_order) {
  switch (dose.infusion) {
    case pkpd::InfusionBy::modelled_rate:
      return "-1";
    case pkpd::InfusionBy::modelled_duration:
      return "-2";
    case pkpd::InfusionBy::rate:
    case pkpd::InfusionBy::duration:
      break;
  }
  if (zero_order && dose.into == pkpd::DoseInto::depot) return "-2";
  return number(dose.rate);
}

std::string censored_text(const Observed& one) { return !one.censored ? "0" : one.above() ? "-1" : "1"; }

}  // namespace

int Record::event() const {
  if (observed != nullptr) return 0;
  if (dose == nullptr) return 2;
  if (only_reset()) return 3;
  return dose->reset ? 4 : 1;
}

std::vector<SubjectRecords> records_of(const Parts& parts, Carry carry) {
  const bool numbers = std::all_of(parts.subjects.begin(), parts.subjects.end(), [&](const FittedSubject& one) {
    return is_number(parts.trial->subjects[one.place].id);
  });
  std::vector<SubjectRecords> subjects;
  for (const FittedSubject& one : parts.subjects) {
    const std::string id = numbers ? parts.trial->subjects[one.place].id : number(static_cast<double>(one.place + 1));
    subjects.push_back({.id = id, .records = RecordMaker(parts, one, carry).records()});
  }
  return subjects;
}

std::vector<DataColumn> shared_columns(const Parts& parts, const std::vector<SubjectRecords>& subjects,
                                       bool zero_order_as_infusion) {
  const bool zero_order = zero_order_as_infusion && parts.zero_order();
  const auto any_dose = [&](const auto& has) {
    return std::any_of(subjects.begin(), subjects.end(), [&](const SubjectRecords& subject) {
      return std::any_of(subject.records.begin(), subject.records.end(), [&](const Record& record) {
        return record.dose != nullptr && !record.only_reset() && has(*record.dose);
      });
    });
  };
  const auto of_dose = [](const auto& text) {
    return [text](const Record& record) {
      return record.dose == nullptr || record.only_reset() ? std::string(1, '.') : text(*record.dose);
    };
  };
  using pkpd::Dose;
  std::vector<DataColumn> columns = {{"TIME", [](const Record& record) { return number(record.time); }},
                                     {"AMT", of_dose([](const Dose& dose) { return number(dose.amount); })}};
  if (any_dose([&](const Dose& dose) { return rate_text(dose, zero_order) != "0"; })) {
    columns.push_back({"RATE", of_dose([zero_order](const Dose& dose) { return rate_text(dose, zero_order); })});
  }
  if (any_dose([](const Dose& dose) { return dose.additional > 0; })) {
    columns.push_back({"ADDL", of_dose([](const Dose& dose) { return number(dose.additional); })});
  }
  if (any_dose([](const Dose& dose) { return dose.interval > 0.0; })) {
    columns.push_back({"II", of_dose([](const Dose& dose) { return number(dose.interval); })});
  }
  if (any_dose([](const Dose& dose) { return dose.steady_state; })) {
    columns.push_back({"SS", of_dose([](const Dose& dose) {
                         return number(dose.superposed ? 2 : dose.steady_state ? 1 : 0);
                       })});
  }
  columns.push_back({"EVID", [](const Record& record) { return number(record.event()); }});
  columns.push_back({"DV", [](const Record& record) {
                       return record.observed == nullptr ? std::string(1, '.') : number(record.observed->value);
                     }});
  columns.push_back({"MDV", [](const Record& record) { return std::string(record.observed == nullptr ? "1" : "0"); }});
  if (parts.censored) {
    columns.push_back({"CENS", [](const Record& record) {
                         return record.observed == nullptr ? std::string(1, '0') : censored_text(*record.observed);
                       }});
  }
  if (parts.between) {
    columns.push_back({"LIMIT", [](const Record& record) {
                         const bool told = record.observed != nullptr && record.observed->between();
                         return told ? number(record.observed->lower) : std::string(1, '.');
                       }});
  }
  if (parts.occasions > 0) {
    columns.push_back({"OCC", [](const Record& record) { return number(static_cast<double>(record.occasion)); }});
  }
  for (std::size_t i = 0; i < parts.columns.size(); ++i) {
    columns.push_back({parts.columns[i].name, [i](const Record& record) { return number(record.covariates[i]); }});
  }
  return columns;
}

std::vector<std::string> names_of(const std::vector<DataColumn>& columns) {
  std::vector<std::string> names = {"ID"};
  for (const DataColumn& column : columns) names.push_back(column.name);
  return names;
}

std::string csv(const std::vector<SubjectRecords>& subjects, const std::vector<DataColumn>& columns) {
  std::string text = fmt::format("{}\n", fmt::join(names_of(columns), ","));
  for (const SubjectRecords& subject : subjects) {
    for (const Record& record : subject.records) {
      text += subject.id;
      for (const DataColumn& column : columns) text += fmt::format(",{}", column.text(record));
      text += '\n';
    }
  }
  return text;
}

}  // namespace titrant::run::exchange
