#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace titrant::pkpd {

/// The compartment that a dose enters: the depot, from which it is absorbed, or the central one (intravenous doses).
enum class DoseInto { depot, central };

/// Infusions shorter than this (h) are hardly meant, and next to nothing beside the rounding of times.
inline constexpr double shortest_infusion = 1e-6;

/// Which number of an infusion is given. The other one follows from the amount that enters, F times that of the record,
/// F being the bioavailability (NONMEM Users Guide, Part VI, on RATE and F).
enum class InfusionBy {
  rate,              ///< the rate of the record: an infusion lasts F amount / rate
  duration,          ///< amount / rate of the record is its duration: the rate that enters is F rate
  modelled_rate,     ///< Individual::input_rate (RATE -1); the record has the rate 0
  modelled_duration  ///< Individual::input_duration (RATE -2); likewise
};

/// One dose record, in the terms of NONMEM data items. A dose enters its compartment one lag after `time`: at once, or
/// as an infusion.
///
/// - Infusions that overlap add up, those of one series of doses among them (longer than the interval).
/// - `additional` doses follow at time + interval, time + 2 interval, ...
/// - A steady-state record acts as if the same dose had been given every interval for ever, the last one at `time`.
/// With a
///   lag, the doses before still arrive after `time` where the lag has not run out, as does the one at `time` itself.
/// - A reset acts at `time` itself, whatever the lag.
/// - A reset or a steady-state record cancels all that came before it: amounts, additional doses to come and doses
/// whose
///   lag has not run out. A superposed steady-state record (SS = 2) cancels nothing: what it would bring by itself from
///   `time` on is added to what is there and to come.
/// - Records of equal time act in the order given. So do observations, where their place among the records is given;
///   else an observation comes after all records of its time.
struct Dose {
  double time = 0.0;          ///< h
  double amount = 0.0;        ///< mg (AMT), >= 0; above 0 where the rate is, but for a constant infusion
  double interval = 0.0;      ///< h (II); > 0 where additional > 0 or steady_state, but for a constant infusion
  int additional = 0;         ///< further doses of the same amount, one interval apart (ADDL)
  bool steady_state = false;  ///< the dose arrives at steady state of `interval` (SS = 1); earlier doses are forgotten
  /// A steady-state dose is added to what is there instead (SS = 2); where it is set, `steady_state` is.
  bool superposed = false;
  bool reset = false;  ///< all amounts are set to zero just before this dose (EVID 4; with amount 0, EVID 3)
  /// mg/h (RATE); 0: at once. With steady_state, amount 0 and interval 0 an infusion that has been constant for ever
  /// and ends at `time`, which its compartment sees one lag later.
  double rate = 0.0;
  DoseInto into = DoseInto::depot;
  InfusionBy infusion = InfusionBy::rate;

  /// h, where all of the amount enters; 0 for a dose at once, a constant infusion, and where the model has it.
  double duration() const { return rate > 0.0 ? amount / rate : 0.0; }
  bool modelled() const { return infusion == InfusionBy::modelled_rate || infusion == InfusionBy::modelled_duration; }
  bool infused() const { return rate > 0.0 || modelled(); }
  /// Whether the record gives any drug, as placebo and resets do not.
  bool gives_drug() const { return amount > 0.0 || rate > 0.0; }
  bool constant_infusion() const { return steady_state && rate > 0.0 && amount == 0.0 && interval == 0.0; }
};

/// A dose given again and again, once an interval.
struct Regimen {
  double dose = 0.0;       ///< mg, >= 0
  double interval = 24.0;  ///< h, > 0 (tau)
  DoseInto into = DoseInto::depot;
  double duration = 0.0;  ///< h of an infusion of constant rate, also longer than the interval; 0: at once
};

/// An infusion that never stops, as a regimen: what it gives in a day, over the whole day.
inline Regimen endless_infusion(double rate, DoseInto into) {
  constexpr double day = 24.0;
  return {rate * day, day, into, day};
}

/// The first doses of a course, where they are larger than those that follow.
struct Loading {
  double factor = 1.0;  ///< of the dose that follows, > 0
  int doses = 0;        ///< how many; 0: none

  bool operator==(const Loading&) const = default;
};

/// How the doses of a course follow one another: at 0, interval, 2 interval, ... h, the first ones by the loading
/// factor.
struct Course {
  double interval = 24.0;  ///< h, > 0 (tau)
  Loading loading = {};
  DoseInto into = DoseInto::depot;
  double duration = 0.0;  ///< h, as of Regimen

  /// Amount of dose number 0, 1, ... of a course on 1 mg.
  double amount(int number) const { return number < loading.doses ? loading.factor : 1.0; }
  bool operator==(const Course&) const = default;
};

/// Places of observations among dose records: how many records stand before each in the file, which decides where a
/// record has the very time of an observation. Empty: every observation comes after all records of its time.
using RecordsBefore = std::span<const std::size_t>;

/// The first `count` doses of a regimen from time 0 on, as dose records.
std::vector<Dose> course(const Regimen& regimen, int count);

}  // namespace titrant::pkpd
