#include "exponentials.hpp"

#include <algorithm>

namespace titrant::pkpd {

namespace {

/// sum over n of (-1)^n h_n / (n + N - 1)!, h_n the sum of all products of degree n of the arguments less the smallest:
/// the arguments of `x`, ascending, are within 1 of each other.
double by_series(const double* x, std::size_t count) {
  constexpr std::size_t most = 6;
  std::array<double, most> homogeneous{};  // of the first 1, 2, ... arguments
  homogeneous.fill(1.0);
  double factor = 1.0;
  for (std::size_t i = 2; i < count; ++i) factor /= static_cast<double>(i);
  double sum = factor;
  for (int n = 1; n <= 17; ++n) {
    homogeneous[0] = 0.0;  // the smallest less itself
    for (std::size_t i = 1; i < count; ++i) homogeneous[i] = homogeneous[i - 1] + (x[i] - x[0]) * homogeneous[i];
    factor /= -(static_cast<double>(n) + static_cast<double>(count) - 1.0);
    sum += factor * homogeneous[count - 1];
  }
  return std::exp(-x[0]) * sum;
}

double of_sorted(const double* x, std::size_t count) {
  const double spread = x[count - 1] - x[0];
  if (count == 1) return std::exp(-x[0]);
  if (count == 2) return std::exp(-x[0]) * exponential_mean(spread);
  if (spread <= 1.0) return by_series(x, count);
  return (of_sorted(x, count - 1) - of_sorted(x + 1, count - 1)) / spread;
}

}  // namespace

template <std::size_t Count>
double simplex_integral(std::array<double, Count> x) {
  std::sort(x.begin(), x.end());
  return of_sorted(x.data(), Count);
}
template double simplex_integral(std::array<double, 2> x);
template double simplex_integral(std::array<double, 3> x);
template double simplex_integral(std::array<double, 4> x);
template double simplex_integral(std::array<double, 5> x);
template double simplex_integral(std::array<double, 6> x);

double convolution_area(double a, double k, double t) {
  if (t < 0.0) return t * t * simplex_integral<3>({0.0, a * t, k * t});
  const double small = std::fmin(a, k) * t;
  const double large = std::fmax(a, k) * t;
  if (large > 1.0) {
    return t * t * (exponential_mean(small) - std::exp(-small) * exponential_mean(large - small)) / large;
  }
  // sum (-1)^n h_n / (n + 2)!, h_n the sum of all products of degree n of the two arguments
  double homogeneous = 1.0;
  double power = 1.0;
  double factor = 0.5;
  double sum = 0.5;
  for (int n = 1; n <= 17; ++n) {
    power *= small;
    homogeneous = large * homogeneous + power;
    factor /= -(n + 2.0);
    sum += factor * homogeneous;
  }
  return t * t * sum;
}

}  // namespace titrant::pkpd
