#pragma once

#include <array>
#include <cstddef>

#include "dual.hpp"
#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/individual.hpp"

/// \file
/// Amounts in the compartments from one time to a later one. Unlike the modes of a disposition, amounts mean the same
/// whatever the parameters are, so that they carry over where these change.

namespace titrant::pkpd {

inline constexpr std::size_t compartments = 3;     ///< depot, central, peripheral
inline constexpr std::size_t rate_parameters = 5;  ///< all PkParameter but the lag, in their order

/// The rate constants that parameters of type T mean, with the rates and weights of the disposition.
template <class T>
struct Rates {
  bool two = false;
  T absorption{};
  T elimination{};  ///< CL / V
  T out{};          ///< Q / V, to the peripheral compartment
  T back{};         ///< Q / Vp
  T fast{};         ///< alpha; the elimination where there is one compartment
  T slow{};         ///< beta
  T gap{};          ///< alpha - beta
  T fast_weight{};
  T slow_weight{};
};

/// `parameter` gives the value of a PkParameter by its place.
template <class T, class Parameter>
Rates<T> rates_of(Structure structure, const Parameter& parameter) {
  Rates<T> r;
  r.two = structure == Structure::two_compartment;
  r.absorption = parameter(0);
  r.elimination = parameter(1) / parameter(2);
  r.fast = r.elimination;
  r.fast_weight = T(1.0);
  if (!r.two) return r;
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

inline Rates<double> rates_of(const Individual& individual) {
  return rates_of<double>(individual.structure,
                          [&](std::size_t p) { return parameter(individual, static_cast<PkParameter>(p)); });
}

using RateDual = Dual<rate_parameters>;
inline Rates<RateDual> rates_with_derivatives(const Individual& individual) {
  return rates_of<RateDual>(individual.structure, [&](std::size_t p) {
    return RateDual::parameter(parameter(individual, static_cast<PkParameter>(p)), p);
  });
}

/// [to][from]: what becomes of a unit amount.
template <class T>
using Transition = std::array<std::array<T, compartments>, compartments>;

template <class T>
Transition<T> transition(const Rates<T>& r, double length) {
  Transition<T> m{};
  m[0][0] = kept(r.absorption, length);
  m[1][1] = kept(r.fast, length);
  const T by_fast = convolution(r.absorption, r.fast, length);
  m[1][0] = r.absorption * by_fast;
  if (!r.two) return m;
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

/// Amounts in depot, central and peripheral compartment.
template <class T>
using CompartmentAmounts = std::array<T, compartments>;

/// Amounts after `length` h from an input at the rates `rate` (mg/h) alone.
template <class T>
CompartmentAmounts<T> from_input(const Rates<T>& r, const Input& rate, double length) {
  CompartmentAmounts<T> x{};
  const auto modes = [&](const auto& of_mode) {
    return r.two ? r.fast_weight * of_mode(r.fast) + r.slow_weight * of_mode(r.slow) : of_mode(r.fast);
  };
  if (rate.depot > 0.0) {
    x[0] = rate.depot * filled(r.absorption, length);
    x[1] = rate.depot * (r.absorption * modes([&](const T& k) { return convolution_area(r.absorption, k, length); }));
    if (r.two) x[2] = rate.depot * (r.absorption * r.out * convolution_area(r.absorption, r.fast, r.slow, length));
  }
  if (rate.central > 0.0) {
    x[1] = x[1] + rate.central * modes([&](const T& k) { return filled(k, length); });
    if (r.two) x[2] = x[2] + rate.central * (r.out * convolution_area(r.fast, r.slow, length));
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

/// The amounts that an interval and then `added` lead back to. The determinant of what the two compartments of the body
/// lose is the product of what its modes lose, so that nothing cancels.
template <class T>
CompartmentAmounts<T> steady_amounts(const Rates<T>& r, double interval, const CompartmentAmounts<T>& added) {
  const Transition<T> m = transition(r, interval);
  CompartmentAmounts<T> x{};
  x[0] = added[0] / lost(r.absorption, interval);
  const T central = added[1] + m[1][0] * x[0];
  const T fast = lost(r.fast, interval);
  x[1] = central / fast;
  if (!r.two) return x;
  const T peripheral = added[2] + m[2][0] * x[0];
  const T slow = lost(r.slow, interval);
  const T both = fast * slow;
  x[1] = ((r.slow_weight * fast + r.fast_weight * slow) * central + m[1][2] * peripheral) / both;
  x[2] = (m[2][1] * central + (r.fast_weight * fast + r.slow_weight * slow) * peripheral) / both;
  return x;
}

}  // namespace titrant::pkpd
