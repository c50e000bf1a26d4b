#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/pkpd/dosing.hpp"

namespace titrant::pkpd {

/// A single dose as it is taken.
struct SingleDose {
  double time = 0.0;    ///< h
  double amount = 0.0;  ///< mg
};

/// A stretch of time that remembers nothing of what was before it.
struct Epoch {
  double start = 0.0;            ///< h; observations from here to the start of the next epoch belong to it
  double steady_amount = 0.0;    ///< mg: this amount was taken every steady_interval until `start`, that time included
  double steady_interval = 0.0;  ///< h; 0 where the epoch starts with nothing in the body
  std::size_t first = 0;         ///< its single doses: [first, last) of Schedule::doses, in order of time
  std::size_t last = 0;
};

/// Dose records written out as single doses, cut at resets and steady-state records. The first epoch starts at
/// -infinity.
struct Schedule {
  std::vector<Epoch> epochs;
  std::vector<SingleDose> doses;
};

/// The schedule of all that is taken until the time `until` (included); see Dose for what the records mean.
Schedule schedule(std::span<const Dose> records, double until);

}  // namespace titrant::pkpd
