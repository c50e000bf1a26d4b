#pragma once

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <span>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

/// The textbook formulas of the oral models, evaluated with 100 digits: where rates coincide in double precision they
/// are moved apart by 1e-40, which changes the 100-digit result by less than 1e-35.
namespace titrant::pkpd::precise {

using Number = boost::multiprecision::cpp_bin_float_100;

struct Rates {
  Number alpha;
  Number beta;
  Number k21;
  Number ka;
  Number volume;
};

inline Rates rates(const Individual& p) {
  Rates r;
  r.ka = p.absorption_rate;
  r.volume = p.volume;
  const Number k10 = Number(p.clearance) / p.volume;
  if (p.structure == Structure::one_compartment) {
    r.alpha = k10;
    r.beta = 0;
    r.k21 = 0;
  } else {
    const Number k12 = Number(p.intercompartmental_clearance) / p.volume;
    r.k21 = Number(p.intercompartmental_clearance) / p.peripheral_volume;
    const Number sum = k10 + k12 + r.k21;
    const Number root = sqrt(sum * sum - 4 * k10 * r.k21);
    r.alpha = (sum + root) / 2;
    r.beta = (sum - root) / 2;
  }
  const Number tiny("1e-40");
  if (abs(r.ka - r.alpha) < tiny) r.ka += tiny * 3;
  if (abs(r.ka - r.beta) < tiny) r.ka += tiny * 5;
  return r;
}

/// C of one exponential term f(rate) summed over the modes: one compartment has two, two compartments have three.
template <class Term>
Number modes(const Individual& p, double dose, const Term& f) {
  const Rates r = rates(p);
  const Number scale = Number(1000) * dose * r.ka / r.volume;
  if (p.structure == Structure::one_compartment) return scale * (f(r.alpha) - f(r.ka)) / (r.ka - r.alpha);
  return scale * ((r.k21 - r.alpha) * f(r.alpha) / ((r.ka - r.alpha) * (r.beta - r.alpha)) +
                  (r.k21 - r.beta) * f(r.beta) / ((r.ka - r.beta) * (r.alpha - r.beta)) +
                  (r.k21 - r.ka) * f(r.ka) / ((r.alpha - r.ka) * (r.beta - r.ka)));
}

inline Number single_dose(const Individual& p, double dose, double time) {
  if (Number(time) <= Number(p.lag)) return 0;
  const Number since = Number(time) - p.lag;
  return modes(p, dose, [&](const Number& rate) { return Number(exp(-rate * since)); });
}

/// Equation 2 of the proposal, and its counterpart for two compartments.
inline Number steady_state(const Individual& p, double dose, double interval, double since) {
  return modes(p, dose,
               [&](const Number& rate) { return Number(exp(-rate * since) / (1 - exp(-rate * Number(interval)))); });
}

}  // namespace titrant::pkpd::precise
