#pragma once

#include <cstdint>
#include <functional>

namespace titrant::hardware {

/// A function of the share of ones among shots.
using OfShare = std::function<double(double share)>;

/// The jackknife over shots of a function of the share of ones: n g(x/n) - (n - 1) (x/n g((x-1)/(n-1)) + (1 - x/n)
/// g(x/(n-1))), whose bias is of second order in 1/n (Quenouille 1956, Biometrika 43, 353). Expects shots >= 2 and
/// ones <= shots.
double jackknife(std::uint64_t ones, std::uint64_t shots, const OfShare& function);

struct Moments {
  double mean = 0.0;
  double variance = 0.0;
};

/// Mean and variance of the jackknife over the binomial distribution of the ones: by its sum up to 2,000 shots, beyond
/// by the delta method, which is then as good. Expects 0 <= probability <= 1 and shots >= 2.
Moments jackknife_moments(std::uint64_t shots, double probability, const OfShare& function);

}  // namespace titrant::hardware
