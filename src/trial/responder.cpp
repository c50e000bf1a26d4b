#include <algorithm>

#include "titrant/trial/trial.hpp"

namespace titrant::trial {

namespace {

bool is_below(const Observation& one, double threshold) {
  return one.censored ? std::max(one.value, one.limit) <= threshold : one.value < threshold;
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
