#pragma once

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cstdint>
#include <limits>

#include "biomarker/panels.hpp"
#include "titrant/pkpd/curve.hpp"

/// \file
/// Where C(t) turns between two events. dC/dt is a sum of one exponential a mode and that of absorption, hence has as
/// many zeros as there are modes at most. With two modes and no input it is negative in the end: a curve that rises
/// from its begin on turns once, one that falls may rise again and fall (fast distribution, slow absorption of a dose
/// that is small beside what is there). With three modes it may turn three times: a change of sign is one zero or
/// three. While drug comes through stages before the depot, or elimination is saturable, there may be more of them.

namespace titrant::pkpd {

inline bool differ_in_sign(double a, double b) { return (a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0); }

/// Where the slope of a curve changes its sign between two times.
inline double turning_point(const Curve& curve, double left, double right, double slope_left, double slope_right) {
  constexpr int bits = 48;
  std::uintmax_t iterations = 200;
  const auto [below, above] =
      boost::math::tools::toms748_solve([&](double since) { return curve.point(since).slope; }, left, right, slope_left,
                                        slope_right, boost::math::tools::eps_tolerance<double>(bits), iterations);
  return 0.5 * (below + above);
}

/// Whether a curve with these slopes at two times turns exactly once between them.
inline bool turns_once(const Curve& curve, double first, double last) {
  return curve.mode_count() < 3 && !curve.has_stages() && !curve.interpolated() && differ_in_sign(first, last);
}

/// Whether a curve with this slope at a time, which does not turn just once, may turn after it.
inline bool may_turn(const Curve& curve, double slope) {
  return curve.mode_count() == 3 || curve.has_input() || curve.has_stages() || curve.interpolated() ||
         (slope < 0.0 && curve.point(0.0).slope < 0.0);
}

/// Calls `visit` with the times in (from, to), a panel of the curve or less, at which it turns. More than one of them
/// are looked for in short steps, between which two can only hide where they hardly differ in value.
template <class Visit>
void visit_turning_points(const Curve& curve, double from, double to, const Visit& visit) {
  constexpr int steps = 4;
  const double first = curve.point(from).slope;
  const double last = curve.point(to).slope;
  if (turns_once(curve, first, last)) {
    visit(turning_point(curve, from, to, first, last));
    return;
  }
  if (!may_turn(curve, first)) return;
  double left = from;
  double slope_left = first;
  for (int step = 1; step <= steps; ++step) {
    const double right = step == steps ? to : from + (to - from) * step / steps;
    if (!(right > left)) continue;
    const double slope_right = step == steps ? last : curve.point(right).slope;
    if (differ_in_sign(slope_left, slope_right)) visit(turning_point(curve, left, right, slope_left, slope_right));
    left = right;
    slope_left = slope_right;
  }
}

/// The largest and the smallest value that were seen, and where the largest was.
struct Extremes {
  double largest = -std::numeric_limits<double>::infinity();
  double time_of_largest = 0.0;
  double smallest = std::numeric_limits<double>::infinity();

  void see(double time, double value) {
    if (value > largest) {
      largest = value;
      time_of_largest = time;
    }
    smallest = std::min(smallest, value);
  }
};

/// Calls `visit` with every time in (from, to) at which a curve turns.
template <class Visit>
void visit_all_turning_points(const Disposition& body, const Curve& curve, double from, double to, const Visit& visit) {
  const double first = curve.point(from).slope;
  const double last = curve.point(to).slope;
  if (turns_once(curve, first, last)) {
    visit(turning_point(curve, from, to, first, last));
  } else if (may_turn(curve, first)) {
    for (const Panel& panel : panels(body, curve, from, to)) {
      visit_turning_points(curve, panel.begin, std::min(panel.begin + panel.length, to), visit);
    }
  }
}

}  // namespace titrant::pkpd
