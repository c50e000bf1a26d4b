#include "titrant/trial/outcome.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::trial {

namespace {

/// Whether a value is known to be below a limit. A censored one is below the upper end of its interval; where no
/// interval is given, below its limit of quantification or the value recorded for it.
bool is_below(const Observation& one, double limit) {
  if (!one.censored) return one.value < limit;
  const bool bounded = std::isfinite(one.lower) || std::isfinite(one.upper);
  return (bounded ? one.upper : std::max(one.value, one.limit)) <= limit;
}

/// Whether a value is known to be above a limit: a censored one is above the lower end of its interval.
bool is_above(const Observation& one, double limit) {
  return one.censored ? std::isfinite(one.lower) && one.lower >= limit : one.value > limit;
}

/// The strata (dose, value of the covariate) in their order; all subjects of a dose in one where `covariate` is empty.
std::vector<ObservedAttainment> by_strata(const Trial& trial, const protocol::Endpoint& endpoint,
                                          const std::string& covariate) {
  std::map<std::pair<double, std::optional<double>>, ObservedAttainment> strata;
  for (const Subject& subject : trial.subjects) {
    std::optional<double> value;
    const auto found = subject.covariates.find(covariate);
    if (!covariate.empty() && found != subject.covariates.end()) value = found->second;
    ObservedAttainment& stratum = strata[{subject.dose, value}];
    stratum.dose = subject.dose;
    stratum.level = value;
    const auto success = outcome(subject, endpoint);
    if (!success) continue;
    ++stratum.count;
    if (*success) ++stratum.successes;
  }
  std::vector<ObservedAttainment> result;
  result.reserve(strata.size());
  for (const auto& [key, stratum] : strata) result.push_back(stratum);
  return result;
}

}  // namespace

std::optional<bool> outcome(const Subject& subject, const protocol::Endpoint& endpoint) {
  TITRANT_EXPECTS(endpoint.labels_trial());
  const bool biomarker = endpoint.of == protocol::Quantity::biomarker;
  const protocol::Limits& limits = endpoint.limits;
  bool any = false;
  for (const Observation& one : biomarker ? subject.biomarkers : subject.concentrations) {
    if (one.time < endpoint.from || one.time > endpoint.to) continue;
    if (limits.below && !is_below(one, *limits.below)) return false;
    if (limits.above && !is_above(one, *limits.above)) return false;
    any = true;
  }
  return any ? std::optional(true) : std::nullopt;
}

std::vector<ObservedAttainment> attainment_by_dose(const Trial& trial, const protocol::Endpoint& endpoint) {
  return by_strata(trial, endpoint, "");
}

std::vector<ObservedAttainment> attainment_by_dose_and(const std::string& covariate, const Trial& trial,
                                                       const protocol::Endpoint& endpoint) {
  TITRANT_EXPECTS(!covariate.empty());
  return by_strata(trial, endpoint, covariate);
}

}  // namespace titrant::trial
