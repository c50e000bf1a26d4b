#include "titrant/dose/pass_rate.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::dose {

namespace {

constexpr std::size_t block_size =
    16;  // subjects in a work unit: small enough to balance, large enough to batch circuits

/// Keys the shots of one prediction: the panel, the dose and the virtual subject.
std::uint64_t prediction_unit(std::size_t panel, std::size_t dose, std::size_t subject) {
  return (static_cast<std::uint64_t>(panel) << 56U) | (static_cast<std::uint64_t>(dose) << 40U) |
         static_cast<std::uint64_t>(subject);
}

/// The probabilities of a block of subjects of one panel.
class BlockPredictor {
 public:
  BlockPredictor(const CohortView& cohort, const Panel& panel, std::size_t panel_number, parallel::Block subjects)
      : cohort_(cohort), panel_(panel), number_(panel_number), subjects_(subjects) {
    profiles_.reserve(subjects.size());
    for (std::size_t i = subjects.begin; i < subjects.end; ++i) {
      const VirtualSubject person = virtual_subject(panel.population, *cohort.model, cohort.seed, i);
      profiles_.push_back(classifier::profile(person.individual, person.covariates, panel.regimen.interval));
    }
  }

  const std::vector<classifier::Profile>& profiles() const { return profiles_; }

  /// [chosen dose][subject of the block]
  std::vector<double> predict(const classifier::Classifier& classifier, const std::vector<std::size_t>& chosen) const {
    return classifier.probabilities(examples(chosen), cohort_.seed);
  }

  /// Ones among the shots behind the predictions; empty where these are exact.
  std::vector<double> counts(const classifier::Classifier& classifier, const std::vector<std::size_t>& chosen) const {
    const std::vector<std::uint32_t> ones = classifier.counts(examples(chosen), cohort_.seed);
    return {ones.begin(), ones.end()};
  }

 private:
  std::vector<classifier::Example> examples(const std::vector<std::size_t>& chosen) const {
    std::vector<classifier::Example> examples;
    examples.reserve(chosen.size() * profiles_.size());
    for (const std::size_t dose : chosen) {
      for (std::size_t i = 0; i < profiles_.size(); ++i) {
        examples.push_back({&profiles_[i], panel_.doses[dose], prediction_unit(number_, dose, subjects_.begin + i)});
      }
    }
    return examples;
  }

  const CohortView& cohort_;
  const Panel& panel_;
  std::size_t number_;
  parallel::Block subjects_;
  std::vector<classifier::Profile> profiles_;
};

/// The work units of all panels, laid out one panel after the other.
struct Units {
  std::size_t blocks;  ///< in one panel
  std::size_t cohort;

  explicit Units(std::size_t cohort_size) : blocks((cohort_size + block_size - 1) / block_size), cohort(cohort_size) {}
  std::size_t panel(std::size_t unit) const { return unit / blocks; }
  parallel::Block subjects(std::size_t unit) const {
    const std::size_t begin = unit % blocks * block_size;
    return {begin, std::min(begin + block_size, cohort)};
  }
};

/// The subjects of `panel` among a rank's contiguous range of units.
parallel::Block local_subjects(const Units& units, parallel::Block mine, std::size_t panel) {
  const std::size_t begin = std::clamp(mine.begin, panel * units.blocks, (panel + 1) * units.blocks);
  const std::size_t end = std::clamp(mine.end, panel * units.blocks, (panel + 1) * units.blocks);
  if (begin == end) return {};
  return {units.subjects(begin).begin, units.subjects(end - 1).end};
}

/// Copies the values of a block, [dose][subject of the block], to their place in those of the rank, [dose][subject].
void place_block(std::vector<double>& all, const std::vector<double>& block, parallel::Block subjects,
                 parallel::Block of_rank) {
  const std::size_t first = subjects.begin - of_rank.begin;
  for (std::size_t d = 0; d * subjects.size() < block.size(); ++d) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      all[d * of_rank.size() + first + i] = block[d * subjects.size() + i];
    }
  }
}

void keep_block(LocalPanel& local, const BlockPredictor& block, parallel::Block subjects, const CohortView& cohort,
                const std::vector<std::vector<double>>& probabilities, const std::vector<std::size_t>& chosen) {
  const std::size_t first = subjects.begin - local.subjects.begin;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const std::vector<double>& curve = block.profiles()[i].curve;
    std::copy(curve.begin(), curve.end(),
              local.curve.begin() + static_cast<std::ptrdiff_t>((first + i) * curve.size()));
  }
  for (std::size_t c = 0; c < local.probability.size(); ++c) {
    place_block(local.probability[c], probabilities[c], subjects, local.subjects);
    if (local.counts[c].empty()) continue;
    place_block(local.counts[c], block.counts(*cohort.classifiers[c], chosen), subjects, local.subjects);
  }
}

/// Sums of all blocks of one panel, one classifier and one dose, in block order.
PassRates panel_rates(const std::vector<double>& slots, std::size_t slot, const Units& units, std::size_t panel,
                      std::size_t offset, const std::vector<std::size_t>& chosen, std::size_t doses) {
  const auto cohort = static_cast<double>(units.cohort);
  PassRates rates;
  rates.mean.assign(doses, std::numeric_limits<double>::quiet_NaN());
  rates.indicator = rates.mean;
  std::vector<double> column(units.blocks);
  const auto total = [&](std::size_t entry) {
    for (std::size_t b = 0; b < units.blocks; ++b) column[b] = slots[(panel * units.blocks + b) * slot + entry];
    return core::ordered_sum(column);
  };
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    rates.mean[chosen[k]] = total(offset + 2 * k) / cohort;
    rates.indicator[chosen[k]] = total(offset + 2 * k + 1) / cohort;
  }
  return rates;
}

std::vector<LocalPanel> local_panels(const std::vector<Panel>& panels,
                                     const std::vector<std::vector<std::size_t>>& chosen, const Units& units,
                                     parallel::Block mine, const CohortView& cohort) {
  std::vector<LocalPanel> local(panels.size());
  for (std::size_t p = 0; p < panels.size(); ++p) {
    local[p].subjects = local_subjects(units, mine, p);
    const std::size_t subjects = local[p].subjects.size();
    local[p].curve.resize(subjects * classifier::curve_points(panels[p].regimen.interval));
    if (chosen[p].size() == panels[p].doses.size()) {
      const std::size_t pairs = panels[p].doses.size() * subjects;
      for (const classifier::Classifier* one : cohort.classifiers) {
        local[p].probability.emplace_back(pairs);
        local[p].counts.emplace_back(one->shots() > 0 ? pairs : 0);
      }
    }
  }
  return local;
}

}  // namespace

std::vector<std::vector<std::size_t>> all_doses(const std::vector<Panel>& panels) {
  std::vector<std::vector<std::size_t>> chosen;
  for (const Panel& panel : panels) {
    chosen.emplace_back(panel.doses.size());
    std::iota(chosen.back().begin(), chosen.back().end(), std::size_t{0});
  }
  return chosen;
}

Evaluation evaluate(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<std::vector<std::size_t>>& chosen, bool keep,
                    const std::function<void(std::size_t, std::size_t)>& progress) {
  TITRANT_EXPECTS(chosen.size() == panels.size() && cohort.size > 0);
  const Units units(cohort.size);
  const std::size_t classifiers = cohort.classifiers.size();
  std::size_t most = 0;
  for (const auto& doses : chosen) most = std::max(most, doses.size());

  Evaluation evaluation;
  if (keep) {
    const parallel::Block mine = parallel::block_of(panels.size() * units.blocks, ranks.size(), ranks.rank());
    evaluation.local = local_panels(panels, chosen, units, mine, cohort);
  }

  // A slot holds, for each classifier and chosen dose, the sum of p and the number of p > 0.5 over the block.
  const std::size_t slot = classifiers * most * 2;
  const parallel::Work work{panels.size() * units.blocks, slot,
                            [&](std::size_t unit, std::span<double> sums) {
                              const std::size_t panel = units.panel(unit);
                              const parallel::Block subjects = units.subjects(unit);
                              if (chosen[panel].empty() && !keep) return;
                              const BlockPredictor block(cohort, panels[panel], panel, subjects);
                              std::vector<std::vector<double>> probabilities;
                              for (std::size_t c = 0; c < classifiers; ++c) {
                                probabilities.push_back(block.predict(*cohort.classifiers[c], chosen[panel]));
                                for (std::size_t k = 0; k < chosen[panel].size(); ++k) {
                                  for (std::size_t i = 0; i < subjects.size(); ++i) {
                                    const double p = probabilities[c][k * subjects.size() + i];
                                    sums[(c * most + k) * 2] += p;
                                    sums[(c * most + k) * 2 + 1] += p > 0.5 ? 1.0 : 0.0;
                                  }
                                }
                              }
                              if (keep)
                                keep_block(evaluation.local[panel], block, subjects, cohort, probabilities,
                                           chosen[panel]);
                            },
                            progress};
  const std::vector<double> slots = parallel::run(ranks, work);

  evaluation.rates.resize(panels.size());
  for (std::size_t p = 0; p < panels.size(); ++p) {
    for (std::size_t c = 0; c < classifiers; ++c) {
      evaluation.rates[p].push_back(
          panel_rates(slots, slot, units, p, c * most * 2, chosen[p], panels[p].doses.size()));
    }
  }
  return evaluation;
}

}  // namespace titrant::dose
