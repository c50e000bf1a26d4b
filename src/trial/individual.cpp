#include "titrant/trial/individual.hpp"

#include <algorithm>

#include "titrant/core/error.hpp"

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

std::vector<std::size_t> occasions_by(const std::string& covariate, const Subject& subject) {
  std::vector<std::size_t> occasions;
  std::vector<double> known;
  const auto add = [&](const pkpd::Covariates& covariates) {
    const auto found = covariate.empty() ? covariates.end() : covariates.find(covariate);
    const double value = found == covariates.end() ? 0.0 : found->second;
    const auto place = std::find(known.begin(), known.end(), value);
    occasions.push_back(static_cast<std::size_t>(place - known.begin()));
    if (place == known.end()) known.push_back(value);
  };
  add(subject.covariates);
  for (const CovariateChange& change : subject.changes) add(change.covariates);
  return occasions;
}

pkpd::VaryingIndividual varying_individual(const pkpd::PopulationModel& model, const Subject& subject,
                                           std::span<const double> etas) {
  const std::size_t lasting = model.eta_count();
  const std::size_t kappas = model.kappa_count();
  const std::vector<std::size_t> occasions = occasions_by(model.occasion, subject);
  const std::size_t count = 1 + *std::max_element(occasions.begin(), occasions.end());
  TITRANT_EXPECTS(etas.size() == lasting || etas.size() == lasting + kappas * count);
  const auto individual_of = [&](std::size_t stretch, const pkpd::Covariates& covariates) {
    const std::span<const double> own = etas.size() == lasting
                                            ? std::span<const double>()
                                            : etas.subspan(lasting + occasions[stretch] * kappas, kappas);
    return pkpd::individual(model, covariates, etas.first(lasting), own);
  };
  pkpd::VaryingIndividual result{individual_of(0, subject.covariates), {}};
  for (std::size_t i = 0; i < subject.changes.size(); ++i) {
    const pkpd::Individual next = individual_of(i + 1, subject.changes[i].covariates);
    const pkpd::Individual& last = result.changes.empty() ? result.first : result.changes.back().individual;
    if (!same(last, next)) result.changes.push_back({subject.changes[i].time, next});
  }
  return result;
}

const pkpd::Covariates& covariates_at(const Subject& subject, double time) {
  const auto after = std::upper_bound(subject.changes.begin(), subject.changes.end(), time,
                                      [](double t, const CovariateChange& change) { return t < change.time; });
  return after == subject.changes.begin() ? subject.covariates : (after - 1)->covariates;
}

}  // namespace titrant::trial
