#pragma once

#include <array>
#include <cstddef>

#include "dual.hpp"
#include "three_compartments.hpp"
#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/individual.hpp"

/// \file
/// Amounts in the compartments from one time to a later one. Unlike the modes of a disposition, amounts mean the same
/// whatever the parameters are, so that they carry over where these change.

namespace titrant::pkpd {

inline constexpr std::size_t compartments = 4;  ///< depot, central, two peripheral ones

/// How many of the compartments a structure has.
inline std::size_t compartments_of(Structure structure) {
  switch (structure) {
    case Structure::one_compartment:
      return 2;
    case Structure::two_compartment:
      return 3;
    case Structure::three_compartment:
      break;
  }
  return compartments;
}

/// ThreeCompartments in numbers of type T.
template <class T>
struct ThreeRates {
  std::array<T, ThreeCompartments::size> rate{};
  std::array<std::array<T, ThreeCompartments::size>, ThreeCompartments::size> share{};
  std::array<T, 2> out{};
  std::array<T, 2> back{};
  std::array<T, 2> back_less_slowest{};
};

/// The rate constants that parameters of type T mean, with the rates and weights of the disposition: those of three
/// compartments in `three`.
template <class T>
struct Rates {
  Structure structure = Structure::one_compartment;
  T absorption{};
  T elimination{};  ///< CL / V
  T out{};          ///< Q / V, to the peripheral compartment
  T back{};         ///< Q / Vp
  T fast{};         ///< alpha; the elimination where there is one compartment
  T slow{};         ///< beta
  T gap{};          ///< alpha - beta
  T fast_weight{};
  T slow_weight{};
  ThreeRates<T> three{};
};

/// Of one or two compartments. `parameter` gives the value of a PkParameter by its place.
template <class T, class Parameter>
Rates<T> rates_of(Structure structure, const Parameter& parameter) {
  Rates<T> r;
  r.structure = structure;
  r.absorption = parameter(0);
  r.elimination = parameter(1) / parameter(2);
  r.fast = r.elimination;
  r.fast_weight = T(1.0);
  if (structure == Structure::one_compartment) return r;
  r.out = parameter(3) / parameter(2);
  r.back = parameter(3) / parameter(4);
  // (alpha - beta)^2 = d^2 + 4 k12 k21 with d = k10 + k12 - k21, and alpha - k21 = (gap + d) / 2; of this and its
  // counterpart (gap - d) / 2 the one that cancels follows from their product k12 k21.
  const T d = r.elimination + r.out - r.back;
  const T product = r.out * r.back;
  r.gap = square_root(d * d + 4.0 * product);
  const bool positive = value_of(d) >= 0.0;
  const T larger = positive ? 0.5 * (r.gap + d) : 0.5 * (r.gap - d);
  const T smaller = product / larger;
  r.fast_weight = (positive ? larger : smaller) / r.gap;
  r.slow_weight = (positive ? smaller : larger) / r.gap;
  r.fast = 0.5 * (r.elimination + r.out + r.back + r.gap);
  r.slow = r.elimination * r.back / r.fast;
  return r;
}

Rates<double> rates_of(const Individual& individual);

/// The same with their derivatives by the first PkParameter, which are all but the lag: 5 for at most two compartments,
/// 7 for three.
using RateDual = Dual<5>;
using RateDualOfThree = Dual<7>;
Rates<RateDual> rates_with_derivatives(const Individual& individual);
Rates<RateDualOfThree> rates_of_three_with_derivatives(const Individual& individual);

/// [to][from]: what becomes of a unit amount.
template <class T>
using Transition = std::array<std::array<T, compartments>, compartments>;

/// A function f of the rates of three compartments that stands for f(A), A their matrix, through its values and divided
/// differences: f(s_i), f[fast, middle] and f[fast, middle, slow], with the signs of those of exp(-s), hence positive.
template <class T>
struct OfRates {
  std::array<T, ThreeCompartments::size> at;
  T faster_two;  ///< -f[fast, middle]
  T all;
};

/// Its column of the central compartment: amounts in the compartments from one there, 0 in the depot. With s the
/// slowest rate, the entry to the first peripheral one is k12 (-f[fast, middle] + (k31 - s) f[fast, middle, slow]).
template <class T>
std::array<T, compartments> from_central(const ThreeRates<T>& r, const OfRates<T>& f) {
  const auto shared = [&](std::size_t c) {
    return r.share[c][0] * f.at[0] + r.share[c][1] * f.at[1] + r.share[c][2] * f.at[2];
  };
  return {T{}, shared(0), r.out[0] * (f.faster_two + r.back_less_slowest[1] * f.all),
          r.out[1] * (f.faster_two + r.back_less_slowest[0] * f.all)};
}

/// All of it but the depot.
template <class T>
Transition<T> body_transition(const ThreeRates<T>& r, const OfRates<T>& f) {
  Transition<T> m{};
  const std::array<T, compartments> central = from_central(r, f);
  for (std::size_t c = 1; c < compartments; ++c) m[c][1] = central[c];
  for (const std::size_t p : {0U, 1U}) {
    const std::size_t other = 1 - p;
    m[1][2 + p] = r.back[p] * (f.faster_two + r.back_less_slowest[other] * f.all);
    m[2 + other][2 + p] = r.back[p] * r.out[other] * f.all;
    const std::array<T, ThreeCompartments::size>& share = r.share[1 + p];
    m[2 + p][2 + p] = share[0] * f.at[0] + share[1] * f.at[1] + share[2] * f.at[2];
  }
  return m;
}

/// What passes through compartments that lose at the rates `before`, and on to the three of the body.
template <class T, std::size_t Count>
OfRates<T> passages(const ThreeRates<T>& r, const std::array<T, Count>& before, double length) {
  const auto through = [&](const auto&... rates) {
    std::array<T, Count + sizeof...(rates)> all{};
    std::copy(before.begin(), before.end(), all.begin());
    std::size_t place = Count;
    ((all[place++] = rates), ...);
    return passage(all, length);
  };
  const auto& [fast, middle, slow] = r.rate;
  return {{through(fast), through(middle), through(slow)}, through(fast, middle), through(fast, middle, slow)};
}

template <class T>
Transition<T> transition_of_three(const Rates<T>& r, double length) {
  const auto& [fast, middle, slow] = r.three.rate;
  Transition<T> m = body_transition(r.three, OfRates<T>{{kept(fast, length), kept(middle, length), kept(slow, length)},
                                                        convolution(fast, middle, length),
                                                        passage(r.three.rate, length)});
  m[0][0] = kept(r.absorption, length);
  const auto absorbed = from_central(r.three, passages(r.three, std::array<T, 1>{r.absorption}, length));
  for (std::size_t c = 1; c < compartments; ++c) m[c][0] = r.absorption * absorbed[c];
  return m;
}

template <class T>
Transition<T> transition(const Rates<T>& r, double length) {
  if (r.structure == Structure::three_compartment) return transition_of_three(r, length);
  Transition<T> m{};
  m[0][0] = kept(r.absorption, length);
  m[1][1] = kept(r.fast, length);
  const T by_fast = convolution(r.absorption, r.fast, length);
  m[1][0] = r.absorption * by_fast;
  if (r.structure == Structure::one_compartment) return m;
  const T fast_kept = m[1][1];
  const T slow_kept = kept(r.slow, length);
  const T by_slow = convolution(r.absorption, r.slow, length);
  const T exchange = convolution(r.fast, r.slow, length);
  m[1][0] = r.absorption * (r.fast_weight * by_fast + r.slow_weight * by_slow);
  m[2][0] = r.absorption * r.out * (by_slow - by_fast) / r.gap;
  m[1][1] = r.fast_weight * fast_kept + r.slow_weight * slow_kept;
  m[2][1] = r.out * exchange;
  m[1][2] = r.back * exchange;
  m[2][2] = r.slow_weight * fast_kept + r.fast_weight * slow_kept;
  return m;
}

/// Amounts in depot, central and peripheral compartments.
template <class T>
using CompartmentAmounts = std::array<T, compartments>;

template <class T>
CompartmentAmounts<T> from_input_of_three(const Rates<T>& r, const Input& rate, double length) {
  CompartmentAmounts<T> x{};
  const T zero(0.0);
  if (rate.depot != 0.0) {
    x = from_central(r.three, passages(r.three, std::array<T, 2>{zero, r.absorption}, length));
    for (std::size_t c = 1; c < compartments; ++c) x[c] = rate.depot * (r.absorption * x[c]);
    x[0] = rate.depot * filled(r.absorption, length);
  }
  if (rate.central != 0.0) {
    const auto direct = from_central(r.three, passages(r.three, std::array<T, 1>{zero}, length));
    for (std::size_t c = 1; c < compartments; ++c) x[c] = x[c] + rate.central * direct[c];
  }
  return x;
}

/// Amounts after `length` h from an input at the rates `rate` (mg/h) alone.
template <class T>
CompartmentAmounts<T> from_input(const Rates<T>& r, const Input& rate, double length) {
  if (r.structure == Structure::three_compartment) return from_input_of_three(r, rate, length);
  CompartmentAmounts<T> x{};
  const bool two = r.structure == Structure::two_compartment;
  const auto modes = [&](const auto& of_mode) {
    return two ? r.fast_weight * of_mode(r.fast) + r.slow_weight * of_mode(r.slow) : of_mode(r.fast);
  };
  if (rate.depot != 0.0) {
    x[0] = rate.depot * filled(r.absorption, length);
    x[1] = rate.depot * (r.absorption * modes([&](const T& k) { return convolution_area(r.absorption, k, length); }));
    if (two) x[2] = rate.depot * (r.absorption * r.out * convolution_area(r.absorption, r.fast, r.slow, length));
  }
  if (rate.central != 0.0) {
    x[1] = x[1] + rate.central * modes([&](const T& k) { return filled(k, length); });
    if (two) x[2] = x[2] + rate.central * (r.out * convolution_area(r.fast, r.slow, length));
  }
  return x;
}

template <class T>
CompartmentAmounts<T> operator*(const Transition<T>& m, const CompartmentAmounts<T>& x) {
  CompartmentAmounts<T> result{};
  for (std::size_t to = 0; to < compartments; ++to) {
    for (std::size_t from = 0; from < compartments; ++from) result[to] = result[to] + m[to][from] * x[from];
  }
  return result;
}

/// The inverse of the identity less a step, from L(s) = 1 - exp(-s h): f = 1 / L, whose divided differences follow from
/// those of L and are positive as well.
template <class T>
Transition<T> repeated_for_ever(const ThreeRates<T>& r, double interval) {
  const auto& [fast, middle, slow] = r.rate;
  const std::array<T, ThreeCompartments::size> lost_by = {lost(fast, interval), lost(middle, interval),
                                                          lost(slow, interval)};
  const T one(1.0);
  const T faster_two = convolution(fast, middle, interval);
  const T slower_two = convolution(middle, slow, interval);
  return body_transition(
      r, OfRates<T>{{one / lost_by[0], one / lost_by[1], one / lost_by[2]},
                    faster_two / (lost_by[0] * lost_by[1]),
                    (faster_two * slower_two / lost_by[1] + passage(r.rate, interval)) / (lost_by[0] * lost_by[2])});
}

/// The amounts that an interval and then `added` lead back to. With two compartments the determinant of what the two
/// compartments of the body lose is the product of what its modes lose, so that nothing cancels.
template <class T>
CompartmentAmounts<T> steady_amounts(const Rates<T>& r, double interval, const CompartmentAmounts<T>& added) {
  const Transition<T> m = transition(r, interval);
  CompartmentAmounts<T> x{};
  x[0] = added[0] / lost(r.absorption, interval);
  if (r.structure == Structure::three_compartment) {
    CompartmentAmounts<T> gained{};
    for (std::size_t c = 1; c < compartments; ++c) gained[c] = added[c] + m[c][0] * x[0];
    CompartmentAmounts<T> result = repeated_for_ever(r.three, interval) * gained;
    result[0] = x[0];
    return result;
  }
  const T central = added[1] + m[1][0] * x[0];
  const T fast = lost(r.fast, interval);
  x[1] = central / fast;
  if (r.structure == Structure::one_compartment) return x;
  const T peripheral = added[2] + m[2][0] * x[0];
  const T slow = lost(r.slow, interval);
  const T both = fast * slow;
  x[1] = ((r.slow_weight * fast + r.fast_weight * slow) * central + m[1][2] * peripheral) / both;
  x[2] = (m[2][1] * central + (r.fast_weight * fast + r.slow_weight * slow) * peripheral) / both;
  return x;
}

}  // namespace titrant::pkpd
