#pragma once

#include <array>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>

#include "titrant/pkpd/individual.hpp"

/// The textbook formulas of the oral models, evaluated with 100 digits: where rates coincide they are moved apart by
/// 1e-40, which changes the result by less than 1e-35.
namespace titrant::pkpd::precise {

using Number = boost::multiprecision::cpp_bin_float_100;

/// The parameters of a person with 100 digits, in the order of PkParameter.
struct Person {
  std::array<Number, pk_parameter_count> value;
  Structure structure;

  explicit Person(const Individual& individual) : structure(individual.structure) {
    for (std::size_t p = 0; p < pk_parameter_count; ++p) value[p] = parameter(individual, static_cast<PkParameter>(p));
  }
  const Number& ka() const { return value[0]; }
  const Number& volume() const { return value[2]; }
  const Number& lag() const { return value[5]; }
  Number k10() const { return value[1] / value[2]; }
  Number k12() const { return value[3] / value[2]; }
  Number k21() const { return value[3] / value[4]; }
};

/// C of a unit of amount over unit of volume with the term f(rate) of every mode: one compartment has two modes, two
/// compartments have three.
template <class Term>
Number sum_of_modes(const Person& p, const Term& f) {
  Number ka = p.ka();
  const Number tiny("1e-40");
  if (p.structure == Structure::one_compartment) {
    const Number ke = p.k10();
    if (abs(ka - ke) < tiny) ka += tiny * 3;
    return ka * (f(ke) - f(ka)) / (ka - ke);
  }
  const Number k21 = p.k21();
  const Number sum = p.k10() + p.k12() + k21;
  const Number root = sqrt(sum * sum - 4 * p.k10() * k21);
  const Number alpha = (sum + root) / 2;
  const Number beta = (sum - root) / 2;
  if (abs(ka - alpha) < tiny || abs(ka - beta) < tiny) ka += tiny * 3;
  return ka *
         ((k21 - alpha) * f(alpha) / ((ka - alpha) * (beta - alpha)) +
          (k21 - beta) * f(beta) / ((ka - beta) * (alpha - beta)) + (k21 - ka) * f(ka) / ((alpha - ka) * (beta - ka)));
}

/// C after one dose at time 0, lag included.
inline Number single_dose(const Person& p, double dose, const Number& time) {
  const Number since = time - p.lag();
  if (since <= 0) return 0;
  return 1000 * dose / p.volume() * sum_of_modes(p, [&](const Number& rate) { return Number(exp(-rate * since)); });
}

/// Equation 2 of the proposal, and its counterpart for two compartments; `since` the arrival of a dose.
inline Number steady_state(const Person& p, double dose, double interval, const Number& since) {
  return 1000 * dose / p.volume() *
         sum_of_modes(p, [&](const Number& rate) { return Number(exp(-rate * since) / (1 - exp(-rate * interval))); });
}

/// C after one dose from the power series of the matrix exponential, which knows nothing of rates that coincide.
inline Number single_dose_by_series(const Person& p, double dose, double time) {
  const bool two = p.structure == Structure::two_compartment;
  const Number k10 = p.k10();
  const Number k12 = two ? p.k12() : Number(0);
  const Number k21 = two ? p.k21() : Number(0);
  std::array<Number, 3> x = {Number(dose), Number(0), Number(0)};
  const int steps = 1 + static_cast<int>(static_cast<double>((p.ka() + k10 + k12 + k21) * time));
  const Number h = Number(time) / steps;
  for (int step = 0; step < steps; ++step) {
    std::array<Number, 3> term = x;
    for (int n = 1; n <= 80; ++n) {  // h times the norm is below 2: the last term is below 1e-90
      const std::array<Number, 3> old = term;
      term[0] = -p.ka() * old[0] * h / n;
      term[1] = (p.ka() * old[0] - (k10 + k12) * old[1] + k21 * old[2]) * h / n;
      term[2] = (k12 * old[1] - k21 * old[2]) * h / n;
      for (std::size_t i = 0; i < 3; ++i) x[i] += term[i];
    }
  }
  return 1000 * x[1] / p.volume();
}

/// Derivative of f(person) with respect to a parameter: a central difference whose error is a relative 1e-40 or less.
template <class Function>
Number derivative(const Person& p, std::size_t which, const Function& f) {
  const Number h = (p.value[which] == 0 ? Number(1) : p.value[which]) * Number("1e-22");
  Person up = p;
  Person down = p;
  up.value[which] += h;
  down.value[which] -= h;
  return (f(up) - f(down)) / (2 * h);
}

/// Relative difference of a double from a 100-digit value; both zero counts as equal.
inline double relative_error(double value, const Number& truth) {
  if (truth == 0) return std::abs(value);
  return static_cast<double>(abs((Number(value) - truth) / truth));
}

}  // namespace titrant::pkpd::precise
