#include "titrant/dose/virtual_trial.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/dose/critical_dose.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::dose {

namespace {

constexpr std::size_t block_size = 16;           // persons in a work unit
constexpr double share_near_boundary = 0.5;      // of the persons; the others' doses cover the whole grid
constexpr double spread_around_boundary = 0.75;  // standard deviation of log dose

/// One virtual trial: its people, and what they are given.
class Enrolment {
 public:
  Enrolment(const PopulationModels& models, const VirtualTrialOptions& options, const Criterion& criterion,
            std::uint64_t seed, std::uint64_t replicate)
      : models_(models),
        options_(options),
        seed_(seed),
        first_(replicate << 32U),
        people_({.body_weight_from = options.body_weight_from,
                 .body_weight_to = options.body_weight_to,
                 .comed = options.comed},
                models, seed, criterion.label == Label::measured ? criterion.sampling.size() : 0,
                core::Purpose::virtual_trial) {
    for (const RegimenDoses& regimen : options.regimens) {
      questions_.emplace_back(regimen.regimen.interval, std::vector{criterion});
    }
  }

  VirtualSubject person(std::size_t i) const { return people_.subject(first_ + i); }
  const RegimenDoses& regimen(std::size_t i) const { return options_.regimens[i % options_.regimens.size()]; }

  /// The dose of a person depends on what a classifier may know of them (exposure and covariates) and on chance, never
  /// on their own response: else the share of successes among people who look alike would be that of the design.
  double dose(std::size_t i, const VirtualSubject& person) const {
    core::Stream stream(seed_, core::Purpose::virtual_trial, first_ + i,
                        static_cast<std::uint32_t>(PersonStream::dose));
    const std::vector<double>& grid = regimen(i).doses;
    const bool near_boundary = stream.uniform() < share_near_boundary;
    const double anywhere = grid.front() * std::pow(grid.back() / grid.front(), stream.uniform());
    if (!near_boundary) return anywhere;
    const double boundary = Outcomes(typical(person), question(i)).critical_dose(0);
    const double near = boundary * std::exp(spread_around_boundary * stream.normal());
    return near >= grid.front() && near <= grid.back() ? near : anywhere;
  }

  bool succeeds(std::size_t i, const VirtualSubject& person, double dose) const {
    return Outcomes(person, question(i)).passes(0, dose);
  }

 private:
  const Questions& question(std::size_t i) const { return questions_[i % questions_.size()]; }

  /// The same person with the typical biomarker of their covariates, measured without error.
  VirtualSubject typical(VirtualSubject person) const {
    const std::vector<double> etas(models_.biomarker->eta_count(), 0.0);
    person.biomarker = pkpd::individual_biomarker(*models_.biomarker, person.covariates, etas);
    std::fill(person.errors.begin(), person.errors.end(), 0.0);
    return person;
  }

  const PopulationModels& models_;
  const VirtualTrialOptions& options_;
  std::uint64_t seed_;
  std::uint64_t first_;
  Population people_;
  std::vector<Questions> questions_;  // [regimen]
};

}  // namespace

VirtualTrial virtual_trial(const parallel::Communicator& ranks, const PopulationModels& models,
                           const VirtualTrialOptions& options, const Criterion& criterion, std::uint64_t seed,
                           std::uint64_t replicate) {
  TITRANT_EXPECTS(!options.regimens.empty() && options.subjects > 0 && replicate < std::uint64_t{1} << 32U);
  if (models.biomarker == nullptr) {
    throw ConfigError("virtual subjects have no outcome without a model of the biomarker: set pd.structure");
  }
  const Enrolment enrolment(models, options, criterion, seed, replicate);

  // Outcomes are worked out by the ranks together; people and their exposure are cheaper to make again than to send.
  constexpr std::size_t values = 2;  // dose, outcome
  const std::size_t blocks = (options.subjects + block_size - 1) / block_size;
  const parallel::Work work{blocks,
                            block_size * values,
                            [&](std::size_t block, std::span<double> slot) {
                              const std::size_t begin = block * block_size;
                              const std::size_t end = std::min(begin + block_size, options.subjects);
                              for (std::size_t i = begin; i < end; ++i) {
                                const VirtualSubject person = enrolment.person(i);
                                double* const entry = slot.data() + (i - begin) * values;
                                entry[0] = enrolment.dose(i, person);
                                entry[1] = enrolment.succeeds(i, person, entry[0]) ? 1.0 : 0.0;
                              }
                            },
                            {}};
  const std::vector<double> outcomes = parallel::run(ranks, work);

  VirtualTrial trial;
  trial.profiles.reserve(options.subjects);
  for (std::size_t i = 0; i < options.subjects; ++i) {
    const VirtualSubject person = enrolment.person(i);
    trial.profiles.push_back(classifier::profile(person.individual, person.covariates,
                                                 enrolment.regimen(i).regimen.interval, response_window(criterion)));
  }
  for (std::size_t i = 0; i < options.subjects; ++i) {
    trial.labelled.examples.push_back({&trial.profiles[i], outcomes[i * values], i});
    trial.labelled.labels.push_back(outcomes[i * values + 1] > 0.5 ? 1 : 0);
    trial.labelled.group.push_back(i);
  }
  return trial;
}

}  // namespace titrant::dose
