#pragma once

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
};

/// A dose that has been taken every `interval` for ever, the last time at `until`.
struct SteadyDosing {
  double until = 0.0;     ///< h
  double amount = 0.0;    ///< mg
  double interval = 0.0;  ///< h, > 0
};

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

/// The last of some times (h); -infinity where there are none. Expects finite ones.
double latest(std::span<const double> times);

/// The schedule of all that is taken until the time `until` (included); see Dose for what the records mean.
Schedule schedule(std::span<const Dose> records, double until);

}  // namespace titrant::pkpd
