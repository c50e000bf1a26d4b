#pragma once

#include <vector>

#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

inline Individual one_compartment(double ka, double clearance, double volume, double lag = 0.0) {
  return {.absorption_rate = ka, .clearance = clearance, .volume = volume, .lag = lag};
}

inline Individual two_compartment(double ka, double clearance, double volume, double q, double vp, double lag = 0.0) {
  return {.absorption_rate = ka,
          .clearance = clearance,
          .volume = volume,
          .intercompartmental_clearance = q,
          .peripheral_volume = vp,
          .lag = lag,
          .structure = Structure::two_compartment};
}

/// A subject of two compartments with a third one besides.
inline Individual with_third(Individual individual, double q3, double v3) {
  individual.second_intercompartmental_clearance = q3;
  individual.second_peripheral_volume = v3;
  individual.structure = Structure::three_compartment;
  return individual;
}

inline Individual three_compartment(double ka, double clearance, double volume, double q2, double v2, double q3,
                                    double v3, double lag = 0.0) {
  return with_third(two_compartment(ka, clearance, volume, q2, v2, lag), q3, v3);
}

/// People of ordinary and of awkward kinetics: rates that coincide exactly, nearly, or to every degree between; slow
/// and fast.
inline std::vector<Individual> awkward_people() {
  std::vector<Individual> people = {one_compartment(0.8, 40.0, 400.0), two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0)};
  for (const double gap : {0.0, 1e-16, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-3, 1e-2, 0.05, 0.3}) {
    people.push_back(one_compartment(0.1 * (1.0 + gap), 40.0, 400.0));
    people.push_back(one_compartment(0.1 * (1.0 - gap), 40.0, 400.0));
  }
  // k10 = 2, k12 = 1, k21 = 2: alpha = 4, beta = 1 exactly.
  for (const double gap : {0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 0.1}) {
    for (const double rate : {4.0, 1.0, 2.0}) {
      people.push_back(two_compartment(rate * (1.0 + gap), 200.0, 100.0, 100.0, 50.0));
    }
  }
  // Hybrid rates that nearly coincide: little exchange, k21 = k10, and all three rates close together.
  for (const double q : {1e-1, 1e-3, 1e-6, 1e-9}) people.push_back(two_compartment(0.1, 10.0, 100.0, q, q / 0.1));
  people.push_back(two_compartment(1e-4, 10.0, 100.0, 50.0, 1e5));  // flip-flop
  people.push_back(two_compartment(1e3, 10.0, 100.0, 1e-6, 1e4));   // fast absorption, hardly any exchange
  people.push_back(two_compartment(1.0, 10.0, 100.0, 1e3, 1e-2));   // a tiny peripheral compartment, at once in balance
  people.push_back(one_compartment(1e6, 40.0, 400.0));              // an instant dose
  people.push_back(one_compartment(1e-5, 1e-3, 1e3));               // everything slow
  return people;
}

/// The same of three compartments: rates back that coincide, and the other rates with them, to every degree; hardly any
/// exchange, and far too much; volumes far apart.
inline std::vector<Individual> awkward_people_of_three() {
  std::vector<Individual> people = {three_compartment(0.6, 38.0, 400.0, 60.0, 1600.0, 12.0, 2600.0),
                                    three_compartment(1.2, 5.0, 12.0, 30.0, 25.0, 2.0, 180.0)};
  // k21 = 2 and nearly the same k31, in either order, with an absorption at k21, and at another rate.
  for (const double gap : {0.0, 1e-16, 1e-14, 1e-12, 1e-9, 1e-6, 1e-3, 0.1}) {
    for (const double sign : {1.0, -1.0}) {
      people.push_back(three_compartment(2.0, 200.0, 100.0, 100.0, 50.0, 60.0, 30.0 * (1.0 + sign * gap)));
      people.push_back(three_compartment(0.7, 200.0, 100.0, 100.0, 50.0, 60.0, 30.0 * (1.0 + sign * gap)));
    }
  }
  // Little exchange with either or both, and all rates at 0.1/h or close to it.
  for (const double q : {1e-1, 1e-3, 1e-6}) {
    people.push_back(three_compartment(0.1, 10.0, 100.0, q, q / 0.1, q, q / 0.1));
    people.push_back(three_compartment(0.1, 10.0, 100.0, q, q / 0.1, 0.3 * q, 0.3 * q / (0.1 * (1.0 + 1e-9))));
    people.push_back(three_compartment(0.1 * (1.0 + 1e-12), 10.0, 100.0, q, q / (0.1 * (1.0 - q)), 20.0, 300.0));
    people.push_back(three_compartment(0.3, 10.0, 100.0, 20.0, 300.0, q, q / 0.1));
    people.push_back(three_compartment(0.3, 10.0, 100.0, q, 300.0, 1e-3 * q, 1e-2));
  }
  people.push_back(three_compartment(1e-4, 10.0, 100.0, 50.0, 1e5, 3.0, 1e7));   // flip-flop, a huge volume
  people.push_back(three_compartment(1e3, 10.0, 100.0, 1e-6, 1e4, 1e-9, 1e-3));  // fast absorption, hardly any exchange
  people.push_back(three_compartment(1.0, 10.0, 100.0, 1e3, 1e-2, 80.0, 2e3));   // one at once in balance
  people.push_back(three_compartment(0.8, 1e-3, 100.0, 30.0, 300.0, 5.0, 4000.0));    // hardly any elimination
  people.push_back(three_compartment(0.8, 4000.0, 100.0, 30.0, 300.0, 5.0, 4000.0));  // and far faster than exchange
  return people;
}

}  // namespace titrant::pkpd
