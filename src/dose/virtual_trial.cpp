#include "titrant/dose/virtual_trial.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/dose/exposure_profile.hpp"
#include "titrant/dose/outcomes.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::dose {

namespace {

constexpr std::size_t block_size = 16;           // subjects in a work unit
constexpr double share_near_boundary = 0.5;      // of the subjects; the others' doses cover the whole grid
constexpr double spread_around_boundary = 0.75;  // standard deviation of log dose

/// One virtual trial: its subjects, and what they are given.
class Enrolment {
 public:
  Enrolment(const PopulationModels& models, const VirtualTrialOptions& options, const ResolvedEndpoint& endpoint,
            std::uint64_t seed, std::uint64_t replicate)
      : models_(models), options_(options), seed_(seed), first_(replicate << 32U) {
    for (const VirtualPopulation& population : options.populations) {
      for (const protocol::Regimen& regimen : options.regimens) require_supplied(population, regimen);
      cohorts_.emplace_back(population, models, seed, errors_needed({endpoint}), core::Purpose::virtual_trial);
    }
    for (const protocol::Regimen& regimen : options.regimens) sets_.emplace_back(regimen, std::vector{endpoint});
  }

  VirtualSubject subject(std::size_t i) const {
    const std::size_t population = i / options_.regimens.size() % cohorts_.size();
    return cohorts_[population].subject(first_ + i);
  }
  const protocol::Regimen& regimen(std::size_t i) const { return options_.regimens[i % options_.regimens.size()]; }

  /// The dose of a subject depends on what a classifier may know of it (exposure and covariates) and on chance, never
  /// on its own response: else the share of successes among subjects who look alike would be that of the design.
  double dose(std::size_t i, const VirtualSubject& subject) const {
    core::Stream stream(seed_, core::Purpose::virtual_trial, first_ + i, core::name_key(dose_stream));
    const std::vector<double>& grid = regimen(i).doses;
    const bool near_boundary = stream.uniform() < share_near_boundary;
    const double anywhere = grid.front() * std::pow(grid.back() / grid.front(), stream.uniform());
    if (!near_boundary) return anywhere;
    const double spread = std::exp(spread_around_boundary * stream.normal());
    const std::vector<double> boundaries = boundaries_of(i, typical(subject));
    if (boundaries.empty()) return anywhere;
    const std::size_t chosen = boundaries.size() > 1 ? stream.below(boundaries.size()) : 0;
    const double near = boundaries[chosen] * spread;
    return near >= grid.front() && near <= grid.back() ? near : anywhere;
  }

  bool succeeds(std::size_t i, const VirtualSubject& subject, double dose) const {
    return Outcomes(subject, set(i)).succeeds(0, dose);
  }

 private:
  const EndpointSet& set(std::size_t i) const { return sets_[i % sets_.size()]; }

  /// The doses at which the outcome changes.
  std::vector<double> boundaries_of(std::size_t i, const VirtualSubject& subject) const {
    const DoseRange range = Outcomes(subject, set(i)).success_range(0);
    std::vector<double> boundaries;
    for (const double end : {range.from, range.to}) {
      if (end > 0.0 && std::isfinite(end)) boundaries.push_back(end);
    }
    return boundaries;
  }

  /// The same subject with the typical biomarker of its covariates, measured without error.
  VirtualSubject typical(VirtualSubject subject) const {
    if (models_.biomarker != nullptr) {
      const std::vector<double> etas(models_.biomarker->eta_count(), 0.0);
      subject.biomarker = pkpd::individual_biomarker(*models_.biomarker, subject.covariates, etas);
    }
    std::fill(subject.biomarker_errors.begin(), subject.biomarker_errors.end(), 0.0);
    std::fill(subject.concentration_errors.begin(), subject.concentration_errors.end(), 0.0);
    return subject;
  }

  const PopulationModels& models_;
  const VirtualTrialOptions& options_;
  std::uint64_t seed_;
  std::uint64_t first_;
  std::vector<Cohort> cohorts_;    // [population]
  std::vector<EndpointSet> sets_;  // [regimen]
};

}  // namespace

VirtualTrial virtual_trial(const parallel::Communicator& ranks, const PopulationModels& models,
                           const VirtualTrialOptions& options, const ResolvedEndpoint& endpoint, std::uint64_t seed,
                           std::uint64_t replicate) {
  TITRANT_EXPECTS(!options.regimens.empty() && !options.populations.empty() && options.subjects > 0);
  TITRANT_EXPECTS(replicate < std::uint64_t{1} << 32U);
  require_models({endpoint}, models);
  const Enrolment enrolment(models, options, endpoint, seed, replicate);

  // Outcomes are worked out by the ranks together; subjects and their exposure are cheaper to make again than to send.
  constexpr std::size_t values = 2;  // dose, outcome
  const std::size_t blocks = (options.subjects + block_size - 1) / block_size;
  const parallel::Work work{blocks,
                            block_size * values,
                            [&](std::size_t block, std::span<double> slot) {
                              const std::size_t begin = block * block_size;
                              const std::size_t end = std::min(begin + block_size, options.subjects);
                              for (std::size_t i = begin; i < end; ++i) {
                                const VirtualSubject subject = enrolment.subject(i);
                                double* const entry = slot.data() + (i - begin) * values;
                                entry[0] = enrolment.dose(i, subject);
                                entry[1] = enrolment.succeeds(i, subject, entry[0]) ? 1.0 : 0.0;
                              }
                            },
                            {}};
  const std::vector<double> outcomes = parallel::run(ranks, work);

  VirtualTrial trial;
  trial.profiles.reserve(options.subjects);
  for (std::size_t i = 0; i < options.subjects; ++i) {
    const VirtualSubject subject = enrolment.subject(i);
    const protocol::Regimen& regimen = enrolment.regimen(i);
    trial.profiles.push_back(
        exposure_profile(subject, regimen, exposure_window(endpoint), options.points, outcomes[i * values]));
  }
  for (std::size_t i = 0; i < options.subjects; ++i) {
    trial.labelled.examples.push_back({&trial.profiles[i], outcomes[i * values], i});
    trial.labelled.labels.push_back(outcomes[i * values + 1] > 0.5 ? 1 : 0);
    trial.labelled.group.push_back(i);
  }
  return trial;
}

}  // namespace titrant::dose
