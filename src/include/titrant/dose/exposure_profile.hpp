#pragma once

#include "titrant/classifier/example.hpp"
#include "titrant/dose/cohort.hpp"

namespace titrant::dose {

/// What a classifier sees of a virtual subject on a regimen: C(t) over the window, on the subject's own occasions where
/// these differ. `points` and `dose` as of classifier::profile.
inline classifier::Profile exposure_profile(const VirtualSubject& subject, const protocol::Regimen& regimen,
                                            const pkpd::ResponseWindow& window, std::size_t points, double dose) {
  if (subject.occasions.differ()) {
    return classifier::profile(per_unit_dose(subject, regimen, window), subject.covariates, regimen.course(), window,
                               points, dose);
  }
  return classifier::profile(per_unit_dose(subject, regimen), subject.covariates, regimen.course(), window, points,
                             dose);
}

}  // namespace titrant::dose
