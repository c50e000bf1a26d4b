#pragma once

#include <array>
#include <cmath>
#include <cstddef>

/// \file
/// Divided differences of the exponential function, free of cancellation also where the arguments (nearly) coincide.

namespace titrant::pkpd {

/// Moments of exp(-x s) over s in [0, 1], x >= 0: of 1, of s and of 1 - s.
struct ExponentialMoments {
  double total;
  double first;
  double complement;
};

inline ExponentialMoments exponential_moments(double x) {
  // Below, 1 - total and total - exp(-x) would lose digits; above, they lose less than 5 bits.
  if (x < 0.1) {
    // sum (-x)^n / (n + 2)!, the first neglected term is below 1e-17
    const double even = 1.0 / 2 + x * x * (1.0 / 24 + x * x * (1.0 / 720 + x * x * (1.0 / 40320 + x * x / 3628800)));
    const double odd = 1.0 / 6 + x * x * (1.0 / 120 + x * x * (1.0 / 5040 + x * x * (1.0 / 362880)));
    const double complement = even - x * odd;
    const double total = 1.0 - x * complement;
    return {.total = total, .first = total - complement, .complement = complement};
  }
  const double fall = std::expm1(-x);
  const double total = -fall / x;
  return {.total = total, .first = (total - (1.0 + fall)) / x, .complement = (1.0 - total) / x};
}

/// Integral of exp(-x s) over s in [0, 1], x >= 0.
inline double exponential_mean(double x) { return x > 0.0 ? -std::expm1(-x) / x : 1.0; }

/// phi(a, k; t), at times before 0 by the same formula: integral of exp(-a s) exp(-k (t - s)) over s in [0, t], the
/// amount after t in a compartment that loses at rate k what reaches it at the rate exp(-a s); equals (exp(-k t) -
/// exp(-a t)) / (a - k).
inline double convolution(double a, double k, double t) {
  if (t < 0.0) return -convolution(a, k, -t) * std::exp(-(a + k) * t);
  const double slow = std::fmin(a, k);
  return t * std::exp(-slow * t) * exponential_mean((std::fmax(a, k) - slow) * t);
}

/// Integral of exp(-sum_i s_i x_i) over all s_i >= 0 that add up to 1: the divided difference of exp(-x) at x_0, ...,
/// in any order, less its sign (formula of Hermite and Genocchi). A relative error of some 1e-15 also where arguments
/// are equal. Count: 2 to 6.
template <std::size_t Count>
double simplex_integral(std::array<double, Count> x);

/// The amount that an input of 1 leaves after t in a compartment that loses at a rate: (1 - exp(-rate t)) / rate.
inline double filled(double rate, double t) {
  return t < 0.0 ? t * std::exp(-rate * t) * exponential_mean(-rate * t) : t * exponential_mean(rate * t);
}

/// Integral of phi(a, k; s) over s in [0, t]: t^2 times the divided difference of exp(-x) at 0, a t and k t.
double convolution_area(double a, double k, double t);

}  // namespace titrant::pkpd
