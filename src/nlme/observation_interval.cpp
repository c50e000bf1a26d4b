#include "observation_interval.hpp"

#include <fmt/format.h>

namespace titrant::nlme {

std::string problem_with_interval(const trial::Observation& observation, const char* kind) {
  if (!observation.censored) return {};
  const Interval interval = observation_interval(observation);
  if (!(interval.upper > 0.0)) {
    return fmt::format("a censored {} needs a limit of quantification above 0 (column LLOQ, or DV where there is none)",
                       kind);
  }
  if (!(interval.lower < interval.upper)) {
    return fmt::format(
        "a censored {} lies between {:g} and {:g}, which is no interval: LIMIT is its far end, DV the near one", kind,
        interval.lower, interval.upper);
  }
  return {};
}

}  // namespace titrant::nlme
