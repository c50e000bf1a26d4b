#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "exponentials.hpp"

/// \file
/// Numbers that carry their derivatives by some parameters along, and the functions of them that a step in time needs;
/// each of these exists for plain numbers too, so that one formula serves both.

namespace titrant::pkpd {

/// A value with its derivatives by `Size` parameters.
template <std::size_t Size>
struct Dual {
  double value = 0.0;
  std::array<double, Size> by{};

  Dual() = default;
  Dual(double constant) : value(constant) {}  // NOLINT(google-explicit-constructor): constants are numbers too

  static Dual parameter(double at, std::size_t which) {
    Dual result(at);
    result.by[which] = 1.0;
    return result;
  }
};

/// f(a, b) with its value and its derivatives by both.
template <std::size_t Size>
Dual<Size> chain(double value, const Dual<Size>& a, double by_a, const Dual<Size>& b, double by_b) {
  Dual<Size> result(value);
  for (std::size_t i = 0; i < Size; ++i) result.by[i] = by_a * a.by[i] + by_b * b.by[i];
  return result;
}

template <std::size_t Size>
Dual<Size> operator+(const Dual<Size>& a, const Dual<Size>& b) {
  return chain(a.value + b.value, a, 1.0, b, 1.0);
}
template <std::size_t Size>
Dual<Size> operator-(const Dual<Size>& a, const Dual<Size>& b) {
  return chain(a.value - b.value, a, 1.0, b, -1.0);
}
template <std::size_t Size>
Dual<Size> operator*(const Dual<Size>& a, const Dual<Size>& b) {
  return chain(a.value * b.value, a, b.value, b, a.value);
}
template <std::size_t Size>
Dual<Size> operator/(const Dual<Size>& a, const Dual<Size>& b) {
  const double quotient = a.value / b.value;
  return chain(quotient, a, 1.0 / b.value, b, -quotient / b.value);
}
template <std::size_t Size>
Dual<Size> operator*(double a, const Dual<Size>& b) {
  return chain(a * b.value, b, a, b, 0.0);
}

inline double value_of(double x) { return x; }
template <std::size_t Size>
double value_of(const Dual<Size>& x) {
  return x.value;
}

inline void set_value(double& x, double value) { x = value; }
template <std::size_t Size>
void set_value(Dual<Size>& x, double value) {
  x.value = value;
}

inline double square_root(double x) { return std::sqrt(x); }
template <std::size_t Size>
Dual<Size> square_root(const Dual<Size>& x) {
  const double root = std::sqrt(x.value);
  return chain(root, x, 0.5 / root, x, 0.0);
}

/// exp(-rate t) and 1 - exp(-rate t).
inline double kept(double rate, double t) { return std::exp(-rate * t); }
template <std::size_t Size>
Dual<Size> kept(const Dual<Size>& rate, double t) {
  const double value = std::exp(-rate.value * t);
  return chain(value, rate, -t * value, rate, 0.0);
}
inline double lost(double rate, double t) { return -std::expm1(-rate * t); }
template <std::size_t Size>
Dual<Size> lost(const Dual<Size>& rate, double t) {
  return chain(-std::expm1(-rate.value * t), rate, t * std::exp(-rate.value * t), rate, 0.0);
}

/// phi(a, k; t) of exponentials.hpp.
template <std::size_t Size>
Dual<Size> convolution(const Dual<Size>& a, const Dual<Size>& k, double t) {
  if (t < 0.0) return -1.0 * convolution(a, k, -t) / (kept(a, -t) * kept(k, -t));
  const bool first_is_faster = a.value >= k.value;
  const ExponentialMoments moments = exponential_moments(std::abs(a.value - k.value) * t);
  const double slower = t * std::exp(-std::fmin(a.value, k.value) * t);
  const double by_faster = -slower * t * moments.first;
  const double by_slower = -slower * t * moments.complement;
  return chain(slower * moments.total, a, first_is_faster ? by_faster : by_slower, k,
               first_is_faster ? by_slower : by_faster);
}

/// filled of exponentials.hpp.
template <std::size_t Size>
Dual<Size> filled(const Dual<Size>& rate, double t) {
  if (t < 0.0) return -1.0 * filled(rate, -t) / kept(rate, -t);
  const ExponentialMoments moments = exponential_moments(rate.value * t);
  return chain(t * moments.total, rate, -t * t * moments.first, rate, 0.0);
}

template <std::size_t Size>
Dual<Size> convolution_area(const Dual<Size>& a, const Dual<Size>& k, double t) {
  const double x = a.value * t;
  const double y = k.value * t;
  const double cube = t * t * t;
  return chain(convolution_area(a.value, k.value, t), a, -cube * simplex_integral<4>({0.0, x, x, y}), k,
               -cube * simplex_integral<4>({0.0, x, y, y}));
}

/// The area under what passes through three compartments one after the other, from an amount of 1 in the first of them:
/// t^3 times the divided difference of exp(-x) at 0, a t, b t and c t.
inline double convolution_area(double a, double b, double c, double t) {
  return t * t * t * simplex_integral<4>({0.0, a * t, b * t, c * t});
}
template <std::size_t Size>
Dual<Size> convolution_area(const Dual<Size>& a, const Dual<Size>& b, const Dual<Size>& c, double t) {
  const double x = a.value * t;
  const double y = b.value * t;
  const double z = c.value * t;
  Dual<Size> result(convolution_area(a.value, b.value, c.value, t));
  const double power = t * t * t * t;
  const double by_a = -power * simplex_integral<5>({0.0, x, x, y, z});
  const double by_b = -power * simplex_integral<5>({0.0, x, y, y, z});
  const double by_c = -power * simplex_integral<5>({0.0, x, y, z, z});
  for (std::size_t i = 0; i < Size; ++i) result.by[i] = by_a * a.by[i] + by_b * b.by[i] + by_c * c.by[i];
  return result;
}

/// What an amount of 1 in the first of several compartments, one after the other, leaves in the last one after t, each
/// losing at its rate what the next one gains, less the rates of the passages: t^(Count - 1) times the divided
/// difference of exp(-x) at the rates times t. A rate of 0 stands for an integral over time.
template <std::size_t Count>
double passage(std::array<double, Count> rates, double t) {
  double power = 1.0;
  for (std::size_t i = 1; i < Count; ++i) power *= t;
  for (double& rate : rates) rate *= t;
  return power * simplex_integral<Count>(rates);
}
template <std::size_t Size, std::size_t Count>
Dual<Size> passage(const std::array<Dual<Size>, Count>& rates, double t) {
  std::array<double, Count + 1> values{};
  for (std::size_t i = 0; i < Count; ++i) values[i] = rates[i].value;
  std::array<double, Count> plain{};
  std::copy_n(values.begin(), Count, plain.begin());
  Dual<Size> result(passage(plain, t));
  for (const Dual<Size>& rate : rates) {
    if (rate.value == 0.0) continue;  // a constant
    values[Count] = rate.value;
    const double slope = -passage(values, t);
    for (std::size_t p = 0; p < Size; ++p) result.by[p] += slope * rate.by[p];
  }
  return result;
}

}  // namespace titrant::pkpd
