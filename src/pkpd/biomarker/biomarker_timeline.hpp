#pragma once

#include <span>
#include <vector>

#include "kinetics/schedule.hpp"
#include "panels.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/varying.hpp"

/// \file
/// A dose history as a sequence of panels, cut at arrivals and at observations. It depends on the pharmacokinetics
/// alone.

namespace titrant::pkpd {

/// A panel of the timeline.
struct TimelinePanel {
  std::size_t curve = 0;  ///< which of the curves
  Panel since;            ///< h since its arrival
  double begin = 0.0;     ///< h, on the clock of the history
};

/// A run of panels that ends at an observation, or where y is set anew.
struct Stretch {
  enum class Start { previous, rest, periodic };
  Start start = Start::previous;
  SteadyDosing steady;  ///< periodic: what was taken
  std::size_t cycle_first =
      0;  ///< periodic: panels from one arrival to the next, then those to the start of the stretch
  std::size_t cycle_last = 0;
  std::size_t approach_last = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  bool observed = false;    ///< at its end
  std::size_t segment = 0;  ///< periodic: of the subject, whose parameters the steady state is of
};

struct Timeline {
  std::vector<Curve> curves;
  std::vector<TimelinePanel> panels;
  std::vector<Stretch> stretches;  ///< as many observed ones as times, in their order
};

/// \param times           h, ascending and finite
/// \param records_before  [time] or empty; ascending among equal times
Timeline timeline(const VaryingIndividual& individual, std::span<const Dose> doses, std::span<const double> times,
                  RecordsBefore records_before);

}  // namespace titrant::pkpd
