#pragma once

#include <vector>

#include "titrant/pkpd/occasions.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

/// A course of doses with parameters of their own in every dosing interval, as a dose history. A window that ends when
/// a dose is taken ends with the parameters of the interval before it.
struct OccasionCourse {
  VaryingIndividual individual;
  std::vector<Dose> doses;  ///< per unit of dose
  double from = 0.0;        ///< the window on the clock of the history, h
  double to = 0.0;
  /// The history begins with one interval at the periodic steady state of its parameters, over [0, cycle] h; 0: with
  /// nothing in the body.
  double cycle = 0.0;
};

/// Expects at least as many intervals as occasion_intervals() says.
OccasionCourse occasion_course(const OccasionIndividual& individual, const Course& course,
                               const ResponseWindow& window);

}  // namespace titrant::pkpd
