#include "../../src/pkpd/kinetics/exponentials.hpp"

#include <gtest/gtest.h>

#include "high_precision.hpp"

namespace titrant::pkpd {

namespace {

using precise::Number;
using precise::relative_error;

/// Divided difference of exp(-x) at 0, x, y from its integral form, 100 digits: equal arguments are moved apart by
/// 1e-40.
Number divided_difference(Number x, Number y) {
  const Number tiny("1e-40");
  if (x < tiny) x += tiny;
  if (abs(x - y) < tiny) y += 3 * tiny;
  return (1 - exp(-x)) / x / (y - x) - (1 - exp(-y)) / y / (y - x);
}

}  // namespace

TEST(Exponentials, MomentsKeepTheirDigits) {
  // Where the formulas change (0.1), on both sides of it, and at the ends of what occurs.
  for (const double x : {1e-300, 1e-20, 1e-9, 1e-3, 0.05, 0.0999999, 0.1, 0.11, 0.5, 1.0, 3.0, 40.0, 800.0, 1e10}) {
    const Number exact = x;
    const ExponentialMoments moments = exponential_moments(x);
    Number total = (1 - exp(-exact)) / exact;
    Number first = (total - exp(-exact)) / exact;
    if (x < 1e-15) {
      total = 1 - exact / 2;
      first = Number(1) / 2 - exact / 3;
    }
    EXPECT_LT(relative_error(moments.total, total), 1e-15) << x;
    EXPECT_LT(relative_error(moments.first, first), 5e-15) << x;
    EXPECT_LT(relative_error(moments.complement, total - first), 5e-15) << x;
    EXPECT_LT(relative_error(exponential_mean(x), total), 1e-15) << x;
  }
  EXPECT_EQ(exponential_moments(0.0).total, 1.0);
  EXPECT_EQ(exponential_moments(0.0).first, 0.5);
  EXPECT_EQ(exponential_mean(0.0), 1.0);
}

TEST(Exponentials, ConvolutionAreaKeepsItsDigits) {
  for (const double a : {1e-12, 1e-4, 0.3, 0.4999, 0.5, 0.5001, 1.0, 7.0, 1e6}) {
    for (const double k : {0.0, 1e-12, 1e-4, 0.3, 0.5, 1.0 + 1e-13, 7.0, 30.0}) {
      const Number truth = 4 * divided_difference(Number(2) * k, Number(2) * a);
      EXPECT_LT(relative_error(convolution_area(a, k, 2.0), truth), 5e-15) << a << " " << k;
      EXPECT_EQ(convolution_area(a, k, 2.0), convolution_area(k, a, 2.0));
    }
  }
}

}  // namespace titrant::pkpd
