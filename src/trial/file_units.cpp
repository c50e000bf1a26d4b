#include "file_units.hpp"

#include <cmath>

#include "titrant/core/constants.hpp"

namespace titrant::trial {

double hours_in(TimeUnit unit) {
  constexpr double hours_per_day = 24.0;
  return unit == TimeUnit::day ? hours_per_day : 1.0;
}

double kilograms_in(WeightUnit unit) {
  switch (unit) {
    case WeightUnit::gram:
      return 1e-3;
    case WeightUnit::pound:
      return 0.45359237;  // the international pound, exactly
    default:
      return 1.0;
  }
}

double in_file_unit(double value, double factor) {
  const double quotient = value / factor;
  using core::infinity;
  double above = quotient;
  double below = quotient;
  constexpr int most_steps = 3;  // two roundings, each of half a unit in the last place
  for (int step = 0; step < most_steps; ++step) {
    if (above * factor == value) return above;
    if (below * factor == value) return below;
    above = std::nextafter(above, infinity);
    below = std::nextafter(below, -infinity);
  }
  return quotient;
}

}  // namespace titrant::trial
