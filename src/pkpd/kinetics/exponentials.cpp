#include "exponentials.hpp"

namespace titrant::pkpd {

double convolution_area(double a, double k, double t) {
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
