#include "titrant/dose/attainment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "kept_panels.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/dose/exposure_profile.hpp"
#include "titrant/parallel/work.hpp"
#include "units.hpp"

namespace titrant::dose {

namespace {

// How the number of a prediction is made: panel, dose, subject.
constexpr unsigned panel_shift = 52;
constexpr unsigned dose_shift = 36;
constexpr std::size_t most_panels = std::size_t{1} << (64U - panel_shift);
constexpr std::size_t most_doses = std::size_t{1} << (panel_shift - dose_shift);

/// Keys the shots of one prediction: the panel, the dose and the virtual subject.
std::uint64_t prediction_unit(std::size_t panel, std::size_t dose, std::size_t subject) {
  return (static_cast<std::uint64_t>(panel) << panel_shift) | (static_cast<std::uint64_t>(dose) << dose_shift) |
         static_cast<std::uint64_t>(subject);
}

void require_numbers(const std::vector<Panel>& panels) {
  if (panels.size() > most_panels) {
    throw ConfigError(
        fmt::format("{} pairs of a population and a regimen; at most {} can be searched", panels.size(), most_panels));
  }
  for (const Panel& panel : panels) {
    if (panel.doses().size() <= most_doses) continue;
    throw ConfigError(fmt::format("regimens.{}.doses: {} doses; at most {} can be searched", panel.regimen.name,
                                  panel.doses().size(), most_doses));
  }
}

/// One evaluation: what its work units share.
class PanelEvaluation {
 public:
  PanelEvaluation(const CohortView& cohort, const std::vector<Panel>& panels,
                  const std::vector<std::vector<std::size_t>>& chosen)
      : cohort_(cohort), panels_(panels), chosen_(chosen), units_(cohort.size, panels.size()) {
    for (const Panel& panel : panels) {
      require_supplied(panel.population, panel.regimen);
      cohorts_.emplace_back(panel.population, exposure_only(cohort.models), cohort.seed);
    }
    for (const auto& doses : chosen) most_ = std::max(most_, doses.size());
    for (const Predictor& predictor : cohort.predictors) {
      const auto known = std::find(windows_.begin(), windows_.end(), predictor.exposure);
      window_of_.push_back(static_cast<std::size_t>(known - windows_.begin()));
      if (known == windows_.end()) windows_.push_back(predictor.exposure);
    }
  }

  const Units& units() const { return units_; }

  /// A slot holds, for each predictor and chosen dose, the sum of p and the number of p > 0.5 over the unit.
  std::size_t slot() const { return cohort_.predictors.size() * most_ * 2; }

  void compute(std::size_t unit, std::span<double> sums, LocalPanel* kept) const {
    const std::size_t p = units_.panel(unit);
    if (chosen_[p].empty() && kept == nullptr) return;
    units_.for_each_chunk(unit, [&](parallel::Block chunk) { compute_chunk(p, chunk, sums, kept); });
  }

  Attainment attainment(const std::vector<double>& slots, std::size_t panel, std::size_t predictor) const {
    Attainment attainment;
    attainment.mean.assign(panels_[panel].doses().size(), std::numeric_limits<double>::quiet_NaN());
    attainment.indicator = attainment.mean;
    std::vector<double> column(units_.blocks());
    const auto share = [&](std::size_t entry) {
      for (std::size_t b = 0; b < column.size(); ++b) column[b] = slots[units_.unit(b, panel) * slot() + entry];
      return core::ordered_sum(column) / static_cast<double>(cohort_.size);
    };
    for (std::size_t k = 0; k < chosen_[panel].size(); ++k) {
      const std::size_t entry = (predictor * most_ + k) * 2;
      attainment.mean[chosen_[panel][k]] = share(entry);
      attainment.indicator[chosen_[panel][k]] = share(entry + 1);
    }
    return attainment;
  }

 private:
  /// Classifiers see exposure alone, so the biomarker of a subject is not drawn.
  static PopulationModels exposure_only(PopulationModels models) {
    models.biomarker = nullptr;
    return models;
  }

  void compute_chunk(std::size_t p, parallel::Block chunk, std::span<double> sums, LocalPanel* kept) const {
    std::vector<VirtualSubject> subjects;
    subjects.reserve(chunk.size());
    for (std::size_t i = chunk.begin; i < chunk.end; ++i) subjects.push_back(cohorts_[p].subject(cohort_.first + i));
    // The store holds curves at periodic steady state, whatever classifiers see.
    if (kept != nullptr) place_curves(*kept, usual_profiles(p, subjects), chunk);
    if (chosen_[p].empty()) return;

    std::vector<std::vector<classifier::Profile>> profiles;  // [window][dose with a profile of its own, subject]
    std::vector<std::vector<classifier::Example>> all_examples;
    for (const pkpd::ResponseWindow& window : windows_) {
      profiles.push_back(profiles_of(p, subjects, window, doses_of_profiles(p)));
    }
    for (const auto& of_window : profiles) all_examples.push_back(examples_of(p, chunk, of_window));
    for (std::size_t c = 0; c < cohort_.predictors.size(); ++c) {
      const std::vector<classifier::Example>& examples = all_examples[window_of_[c]];
      const classifier::Classifier& classifier = *cohort_.predictors[c].classifier;
      const std::vector<double> probability = classifier.probabilities(examples, cohort_.seed);
      const double* next = probability.data();
      for (std::size_t k = 0; k < chosen_[p].size(); ++k) {
        double sum = 0.0;
        double successes = 0.0;
        for (std::size_t i = 0; i < chunk.size(); ++i, ++next) {
          sum += *next;
          successes += *next > 0.5 ? 1.0 : 0.0;
        }
        sums[(c * most_ + k) * 2] += sum;
        sums[(c * most_ + k) * 2 + 1] += successes;
      }
      if (kept == nullptr || kept->probability.empty()) continue;
      place_chunk(kept->probability[c], probability, chunk, kept->subjects);
      if (classifier.shots() == 0) continue;
      const std::vector<std::uint32_t> ones = classifier.counts(examples, cohort_.seed);
      place_chunk(kept->counts[c], std::vector<double>(ones.begin(), ones.end()), chunk, kept->subjects);
    }
  }

  /// The chosen doses where C is not proportional to them; else one profile serves all.
  std::vector<double> doses_of_profiles(std::size_t p) const {
    if (!cohort_.models.pk->saturable()) return {0.0};
    std::vector<double> doses;
    for (const std::size_t dose : chosen_[p]) doses.push_back(panels_[p].doses()[dose]);
    return doses;
  }

  /// [dose][subject of the chunk]
  std::vector<classifier::Profile> profiles_of(std::size_t p, const std::vector<VirtualSubject>& subjects,
                                               const pkpd::ResponseWindow& window,
                                               const std::vector<double>& doses) const {
    std::vector<classifier::Profile> profiles;
    profiles.reserve(doses.size() * subjects.size());
    const protocol::Regimen& regimen = panels_[p].regimen;
    for (const double dose : doses) {
      for (const VirtualSubject& subject : subjects) {
        profiles.push_back(exposure_profile(subject, regimen, window, cohort_.points, dose));
      }
    }
    return profiles;
  }

  /// One interval at the periodic steady state of small doses, which all kappas 0 leave to every subject.
  std::vector<classifier::Profile> usual_profiles(std::size_t p, const std::vector<VirtualSubject>& subjects) const {
    std::vector<classifier::Profile> profiles;
    profiles.reserve(subjects.size());
    const protocol::Regimen& regimen = panels_[p].regimen;
    for (const VirtualSubject& subject : subjects) {
      profiles.push_back(classifier::profile(per_unit_dose(subject, regimen), subject.covariates, regimen.course(), {},
                                             cohort_.points));
    }
    return profiles;
  }

  /// [chosen dose][subject of the chunk]
  std::vector<classifier::Example> examples_of(std::size_t p, parallel::Block chunk,
                                               const std::vector<classifier::Profile>& profiles) const {
    std::vector<classifier::Example> examples;
    examples.reserve(chosen_[p].size() * chunk.size());
    const bool shared = profiles.size() == chunk.size();
    for (std::size_t k = 0; k < chosen_[p].size(); ++k) {
      const std::size_t dose = chosen_[p][k];
      for (std::size_t i = 0; i < chunk.size(); ++i) {
        examples.push_back({&profiles[shared ? i : k * chunk.size() + i], panels_[p].doses()[dose],
                            prediction_unit(cohort_.first_panel + p, dose, cohort_.first + chunk.begin + i)});
      }
    }
    return examples;
  }

  const CohortView& cohort_;
  const std::vector<Panel>& panels_;
  const std::vector<std::vector<std::size_t>>& chosen_;
  Units units_;
  std::vector<Cohort> cohorts_;                // [panel]
  std::size_t most_ = 0;                       // chosen doses of any panel
  std::vector<pkpd::ResponseWindow> windows_;  // what predictors see of a subject, each once
  std::vector<std::size_t> window_of_;         // [predictor]
};

}  // namespace

std::size_t panel_of(const protocol::Question& question, const std::vector<Panel>& panels) {
  const auto found = std::find_if(panels.begin(), panels.end(), [&](const Panel& one) { return asks(question, one); });
  return static_cast<std::size_t>(found - panels.begin());
}

std::vector<std::vector<std::size_t>> all_doses(const std::vector<Panel>& panels) {
  std::vector<std::vector<std::size_t>> chosen;
  for (const Panel& panel : panels) {
    chosen.emplace_back(panel.doses().size());
    std::iota(chosen.back().begin(), chosen.back().end(), std::size_t{0});
  }
  return chosen;
}

Evaluation evaluate(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<std::vector<std::size_t>>& chosen, bool keep,
                    const std::function<void(std::size_t, std::size_t)>& progress) {
  TITRANT_EXPECTS(chosen.size() == panels.size() && cohort.size > 0);
  require_numbers(panels);
  const PanelEvaluation evaluation_of(cohort, panels, chosen);
  const Units& units = evaluation_of.units();

  Evaluation evaluation;
  if (keep) {
    const parallel::Block mine = parallel::block_of(units.count(), ranks.size(), ranks.rank());
    evaluation.local = room_for_units(panels, chosen, units, mine, cohort);
  }
  const parallel::Work work{units.count(), evaluation_of.slot(),
                            [&](std::size_t unit, std::span<double> sums) {
                              LocalPanel* const kept = keep ? &evaluation.local[units.panel(unit)] : nullptr;
                              evaluation_of.compute(unit, sums, kept);
                            },
                            progress, keep};
  const std::vector<double> slots = parallel::run(ranks, work);

  evaluation.attainment.resize(panels.size());
  for (std::size_t p = 0; p < panels.size(); ++p) {
    for (std::size_t c = 0; c < cohort.predictors.size(); ++c) {
      evaluation.attainment[p].push_back(evaluation_of.attainment(slots, p, c));
    }
  }
  return evaluation;
}

}  // namespace titrant::dose
