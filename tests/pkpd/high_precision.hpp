#pragma once

#include <array>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

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
  const Number& lag() const { return value[7]; }
  Number k10() const { return value[1] / value[2]; }
  Number k12() const { return structure == Structure::one_compartment ? 0 : value[3] / value[2]; }
  Number k21() const { return structure == Structure::one_compartment ? 0 : value[3] / value[4]; }
  Number k13() const { return structure == Structure::three_compartment ? value[5] / value[2] : 0; }
  Number k31() const { return structure == Structure::three_compartment ? value[5] / value[6] : 0; }
};

/// The zero of the characteristic polynomial of three compartments between two numbers that it has different signs at.
inline Number rate_between(const Person& p, const Number& k21, const Number& k31, Number low, Number high) {
  const Number k10 = p.k10();
  const Number k12 = p.k12();
  const Number k13 = p.k13();
  const Number b = k10 + k12 + k13 + k21 + k31;
  const Number c = k10 * k21 + k10 * k31 + k12 * k31 + k13 * k21 + k21 * k31;
  const Number d = k10 * k21 * k31;
  const auto at = [&](const Number& s) { return Number(((s - b) * s + c) * s - d); };
  const bool rises = at(low) < 0;
  Number s = (low + high) / 2;
  for (int step = 0; step < 400; ++step) {
    const Number value = at(s);
    if (value == 0) break;
    ((value < 0) == rises ? low : high) = s;
    Number next = s - value / ((3 * s - 2 * b) * s + c);
    if (!(next > low && next < high)) next = (low + high) / 2;
    const bool done = abs(next - s) < abs(s) * Number("1e-98");
    s = next;
    if (done) break;
  }
  return s;
}

/// Weights and rates of the disposition.
inline std::vector<std::pair<Number, Number>> modes(const Person& p) {
  if (p.structure == Structure::one_compartment) return {{1, p.k10()}};
  Number k21 = p.k21();
  if (p.structure == Structure::two_compartment) {
    const Number sum = p.k10() + p.k12() + k21;
    const Number root = sqrt(sum * sum - 4 * p.k10() * k21);
    const Number alpha = (sum + root) / 2;
    const Number beta = (sum - root) / 2;
    return {{(alpha - k21) / (alpha - beta), alpha}, {(k21 - beta) / (alpha - beta), beta}};
  }
  const Number k31 = p.k31();
  if (abs(k21 - k31) < Number("1e-40")) k21 = k31 + Number("2e-40");
  const Number low = k21 < k31 ? k21 : k31;
  const Number high = k21 < k31 ? k31 : k21;
  const Number alpha = rate_between(p, k21, k31, high, p.k10() + p.k12() + p.k13() + k21 + k31);
  const Number beta = rate_between(p, k21, k31, low, high);
  const Number gamma = rate_between(p, k21, k31, 0, low);
  const auto weight = [&](const Number& s, const Number& t, const Number& u) {
    return Number((k21 - s) * (k31 - s) / ((t - s) * (u - s)));
  };
  return {{weight(alpha, beta, gamma), alpha}, {weight(beta, alpha, gamma), beta}, {weight(gamma, alpha, beta), gamma}};
}

/// C of a unit of amount over unit of volume with the term f(rate) of every exponential: those of the disposition and
/// that of absorption.
template <class Term>
Number sum_of_modes(const Person& p, const Term& f) {
  Number ka = p.ka();
  const Number tiny("1e-40");
  const auto all = modes(p);
  for (const auto& [weight, rate] : all) {
    if (abs(ka - rate) < tiny) ka += tiny * 3;
  }
  Number sum = 0;
  const Number absorbed = f(ka);
  for (const auto& [weight, rate] : all) sum += weight * ka * (f(rate) - absorbed) / (ka - rate);
  return sum;
}

/// C after one dose at time 0, lag included.
inline Number single_dose(const Person& p, double dose, const Number& time) {
  const Number since = time - p.lag();
  if (since <= 0) return 0;
  return 1000 * dose / p.volume() * sum_of_modes(p, [&](const Number& rate) { return Number(exp(-rate * since)); });
}

/// Equation 2 of the proposal, and its counterparts for more compartments; `since` the arrival of a dose. That dose and
/// all before it are summed apart: beside the former the latter may be below 1e-100.
inline Number steady_state(const Person& p, double dose, double interval, const Number& since) {
  const Number last = sum_of_modes(p, [&](const Number& rate) { return Number(exp(-rate * since)); });
  const Number earlier = sum_of_modes(
      p, [&](const Number& rate) { return Number(exp(-rate * (since + interval)) / (1 - exp(-rate * interval))); });
  return 1000 * dose / p.volume() * (last + earlier);
}

/// Amounts in depot, central and peripheral compartments.
using Compartments = std::array<Number, 4>;

/// C after `time` h from amounts in the compartments and a constant input into depot and central compartment, from the
/// power series of the matrix exponential, which knows nothing of rates that coincide.
inline Number by_series(const Person& p, Compartments x, const std::array<Number, 2>& input, const Number& time) {
  const Number ka = p.ka();
  const Number k12 = p.k12();
  const Number k21 = p.k21();
  const Number k13 = p.k13();
  const Number k31 = p.k31();
  const Number leaves = p.k10() + k12 + k13;
  const int steps = 1 + static_cast<int>(static_cast<double>((ka + leaves + k21 + k31) * time));
  const Number h = time / steps;
  for (int step = 0; step < steps; ++step) {
    Compartments term = x;
    for (int n = 1; n <= 80; ++n) {  // h times the norm is below 2: the last term is below 1e-90
      const Compartments old = term;
      const Number first = n == 1 ? 1 : 0;  // the input is in the first derivative alone
      term[0] = (-ka * old[0] + first * input[0]) * h / n;
      term[1] = (ka * old[0] - leaves * old[1] + k21 * old[2] + k31 * old[3] + first * input[1]) * h / n;
      term[2] = (k12 * old[1] - k21 * old[2]) * h / n;
      term[3] = (k13 * old[1] - k31 * old[3]) * h / n;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += term[i];
    }
  }
  return 1000 * x[1] / p.volume();
}

/// C after one dose by the same.
inline Number single_dose_by_series(const Person& p, double dose, double time) {
  return by_series(p, {Number(dose), 0, 0, 0}, {0, 0}, time);
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
