#include <cmath>
#include <map>
#include <utility>

#include "titrant/trial/trial.hpp"

namespace titrant::trial {

namespace {

/// Pass rates of the strata (dose, comed) in their order; all in one stratum of a dose without `by_comed`.
std::vector<PassRate> pass_rates(const Trial& trial, const ResponseRule& rule, bool by_comed) {
  std::map<std::pair<double, std::optional<int>>, PassRate> strata;
  for (const Subject& subject : trial.subjects) {
    std::optional<int> comed;
    const auto found = subject.covariates.find("comed");
    if (by_comed && found != subject.covariates.end()) comed = static_cast<int>(std::lround(found->second));
    PassRate& stratum = strata[{subject.dose, comed}];
    stratum.dose = subject.dose;
    stratum.comed = comed;
    const auto success = responder(subject, rule);
    if (!success) continue;
    ++stratum.count;
    if (*success) ++stratum.successes;
  }
  std::vector<PassRate> result;
  result.reserve(strata.size());
  for (const auto& [key, stratum] : strata) result.push_back(stratum);
  return result;
}

}  // namespace

std::vector<PassRate> pass_rates_by_dose(const Trial& trial, const ResponseRule& rule) {
  return pass_rates(trial, rule, false);
}

std::vector<PassRate> pass_rates_by_dose_and_comed(const Trial& trial, const ResponseRule& rule) {
  for (const Subject& subject : trial.subjects) {
    if (subject.covariates.contains("comed")) return pass_rates(trial, rule, true);
  }
  return {};
}

}  // namespace titrant::trial
