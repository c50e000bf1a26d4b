#include "titrant/trial/individual.hpp"

#include <algorithm>

namespace titrant::trial {

namespace {

bool same(const pkpd::Individual& a, const pkpd::Individual& b) {
  for (std::size_t p = 0; p < pkpd::pk_parameter_count; ++p) {
    const auto which = static_cast<pkpd::PkParameter>(p);
    if (parameter(a, which) != parameter(b, which)) return false;
  }
  return true;
}

}  // namespace

pkpd::VaryingIndividual varying_individual(const pkpd::PopulationModel& model, const Subject& subject,
                                           std::span<const double> etas) {
  pkpd::VaryingIndividual result{pkpd::individual(model, subject.covariates, etas), {}};
  for (const CovariateChange& change : subject.changes) {
    const pkpd::Individual next = pkpd::individual(model, change.covariates, etas);
    const pkpd::Individual& last = result.changes.empty() ? result.first : result.changes.back().individual;
    if (!same(last, next)) result.changes.push_back({change.time, next});
  }
  return result;
}

const pkpd::Covariates& covariates_at(const Subject& subject, double time) {
  const auto after = std::upper_bound(subject.changes.begin(), subject.changes.end(), time,
                                      [](double t, const CovariateChange& change) { return t < change.time; });
  return after == subject.changes.begin() ? subject.covariates : (after - 1)->covariates;
}

}  // namespace titrant::trial
