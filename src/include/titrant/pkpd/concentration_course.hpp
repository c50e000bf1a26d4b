#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "titrant/pkpd/individual.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

/// C(t) in ng/mL of a subject over a window [from, to] of its own dose history, whatever is taken when: exact values,
/// area, largest and smallest value. Times are in h on the clock of the history.
///
///     const ConcentrationCourse course(individual, doses, 24.0, 48.0);
///     const ExposureMetrics metrics = course.metrics();
class ConcentrationCourse {
 public:
  /// \param doses  any order; see Dose for what records mean
  /// \param from   h, below `to`; both finite
  ConcentrationCourse(const VaryingIndividual& individual, std::span<const Dose> doses, double from, double to);
  ConcentrationCourse(const Individual& individual, std::span<const Dose> doses, double from, double to);

  /// C at a time of the window. Where it jumps (at a reset or a steady-state record), the value after.
  double at(double time) const;
  std::vector<double> at(std::span<const double> times) const;

  /// Area under C, average, largest and smallest C over the whole window, between arrivals too.
  /// ExposureMetrics::time_of_maximum is in h since the start of the window. At a jump both sides count.
  ExposureMetrics metrics() const;

 private:
  /// A stretch of the window that one curve describes.
  struct Piece {
    double begin = 0.0;  ///< h
    double end = 0.0;    ///< h
    double taken = 0.0;  ///< h: time 0 of the curve is one lag after it
    double lag = 0.0;    ///< h
    std::size_t segment = 0;
    Curve curve;

    double since(double time) const { return std::max((time - taken) - lag, 0.0); }
  };

  double from_;
  double to_;
  std::vector<Disposition> bodies_;  ///< [segment]
  std::vector<Piece> pieces_;        ///< in order of time; where there is none, C is 0
};

/// The doses of a course on 1 unit from time 0 on until the time `until` (h, included): one record of the loading
/// doses, where there are any, and one of those that follow.
std::vector<Dose> unit_course(const Course& course, double until);

}  // namespace titrant::pkpd
