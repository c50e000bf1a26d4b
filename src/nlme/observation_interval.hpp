#pragma once

#include <cmath>
#include <string>

#include "titrant/nlme/censored.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// Where the truth of a censored observation lies. One whose trial names no interval is below its limit of
/// quantification, or below the value recorded for it where there is none.
inline Interval observation_interval(const trial::Observation& observation) {
  Interval interval{observation.lower, observation.upper};
  if (std::isinf(interval.lower) && std::isinf(interval.upper)) {
    interval.upper = observation.limit > 0.0 ? observation.limit : observation.value;
  }
  return interval;
}

/// The value that stands for an observation in tables: of a censored one its upper end, or the lower one where only
/// that is known.
inline double shown_value(const trial::Observation& observation) {
  if (!observation.censored) return observation.value;
  const Interval interval = observation_interval(observation);
  return std::isfinite(interval.upper) ? interval.upper : interval.lower;
}

/// What is wrong with the interval of a censored observation of values that are above 0, in words; empty: nothing.
/// \param kind  "concentration", "biomarker"
std::string problem_with_interval(const trial::Observation& observation, const char* kind);

}  // namespace titrant::nlme
