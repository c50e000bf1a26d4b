#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "titrant/pkpd/dosing.hpp"

namespace titrant::pkpd {

/// A single dose as it is taken.
struct SingleDose {
  double time = 0.0;    ///< h
  double amount = 0.0;  ///< mg
  double rate = 0.0;    ///< mg/h; 0: at once
  DoseInto into = DoseInto::depot;
  /// How many records an observation of this very time has before it at least where it comes after the dose: the dose
  /// of a record is after what stands before the record. 0: the dose comes first, as additional ones do.
  std::size_t records = 0;
  InfusionBy infusion = InfusionBy::rate;

  /// The same as it matters: C jumps where a dose is in the central compartment at once, without a lag.
  std::size_t records_to_jump(double lag) const {
    const bool at_once = rate == 0.0 && infusion == InfusionBy::rate;
    return into == DoseInto::central && at_once && lag == 0.0 ? records : 0;
  }
};

/// A dose that has been taken every `interval` for ever, the last time at `until`.
struct SteadyDosing {
  double until = 0.0;     ///< h
  double amount = 0.0;    ///< mg; 0: an infusion that was constant for ever and ends then
  double interval = 0.0;  ///< h, > 0 unless the infusion is constant
  double rate = 0.0;      ///< mg/h; 0: at once
  DoseInto into = DoseInto::depot;
  InfusionBy infusion = InfusionBy::rate;

  bool constant() const { return amount == 0.0 && rate > 0.0; }
  /// One of its doses.
  SingleDose dose(double time) const {
    return {.time = time, .amount = amount, .rate = rate, .into = into, .records = 0, .infusion = infusion};
  }
};

/// How the infusions of a steady state overlap: as many as `whole` always, and one more for `rest` h after each begin.
struct Overlap {
  double whole;
  double rest;

  Overlap(double duration, double interval)
      : whole(std::floor(duration / interval)), rest(std::max(duration - whole * interval, 0.0)) {}
};

/// How many intervals before its last dose the dose was taken from which a steady state is followed: the last one that
/// has arrived when the record is reached. Into the central compartment it is never more than one: where the lag is
/// longer than the interval, that dose has yet to arrive, and the solution after its arrival is taken to hold before it
/// too, down to the time of the record. That is what NONMEM 7.4.3 predicts, values that nobody would measure (negative
/// ones) among it.
inline int intervals_back(const SteadyDosing& steady, double lag) {
  if (steady.into == DoseInto::central) return lag > 0.0 ? 1 : 0;
  return static_cast<int>(std::ceil(lag / steady.interval));
}

/// A stretch of time that begins where amounts change at once: at a reset or a steady-state record. It lists all doses
/// that are in the body in it.
struct Epoch {
  double start = 0.0;       ///< h; observations from here to the start of the next epoch belong to it
  std::size_t record = 0;   ///< place of the record that starts it: observations before that are not in it
  bool superposed = false;  ///< what was there before stays (SS = 2); else it is forgotten
  std::vector<SteadyDosing> steady = {};  ///< one or none unless superposed
  std::size_t first = 0;                  ///< its single doses: [first, last) of Schedule::doses, in order of time
  std::size_t last = 0;
};

/// Dose records written out as single doses, cut at resets and steady-state records. The first epoch starts at
/// -infinity.
struct Schedule {
  std::vector<Epoch> epochs;
  std::vector<SingleDose> doses;
};

/// The place of one observation among the records; after all of them where none is given.
inline std::size_t records_before_of(RecordsBefore records_before, std::size_t observation) {
  return records_before.empty() ? std::numeric_limits<std::size_t>::max() : records_before[observation];
}

/// Whether an observation at `time`, with so many records before it in the file, comes after the start of an epoch.
inline bool reaches(double time, std::size_t records_before, const Epoch& epoch) {
  return time > epoch.start || (time == epoch.start && epoch.record < records_before);
}

/// Whether an observation comes after a change of its piece: at `begin`, of an observation of that time after so many
/// records at least.
inline bool is_after(double time, std::size_t records_before, double begin, std::size_t records) {
  return time > begin || (time == begin && records <= records_before);
}

/// The last of some times (h); -infinity where there are none. Expects finite ones.
double latest(std::span<const double> times);

/// The schedule of all that is taken until the time `until` (included); see Dose for what the records mean.
Schedule schedule(std::span<const Dose> records, double until);

}  // namespace titrant::pkpd
