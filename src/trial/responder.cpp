#include <algorithm>
#include <cmath>

#include "titrant/trial/trial.hpp"

namespace titrant::trial {

namespace {

/// Whether a value is known to be below a threshold. A censored one is below the upper end of its interval; where no
/// interval is given, below its limit or the value recorded for it.
bool is_below(const Observation& one, double threshold) {
  if (!one.censored) return one.value < threshold;
  const bool bounded = std::isfinite(one.lower) || std::isfinite(one.upper);
  return (bounded ? one.upper : std::max(one.value, one.limit)) <= threshold;
}

}  // namespace

std::optional<bool> responder(const Subject& subject, const ResponseRule& rule) {
  bool any = false;
  for (const Observation& one : subject.biomarkers) {
    if (one.time < rule.window_from || one.time > rule.window_to) continue;
    if (!is_below(one, rule.threshold)) return false;
    any = true;
  }
  return any ? std::optional(true) : std::nullopt;
}

}  // namespace titrant::trial
