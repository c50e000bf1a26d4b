#include "file_units.hpp"

#include <cmath>
#include <limits>

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
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double candidate : {quotient, std::nextafter(quotient, infinity), std::nextafter(quotient, -infinity)}) {
    if (candidate * factor == value) return candidate;
  }
  return quotient;
}

}  // namespace titrant::trial
