#include "titrant/classifier/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "titrant/classifier/training.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::classifier {

namespace {

constexpr std::size_t outcomes = 2;
constexpr std::uint32_t fold_strata = 0;     // sub-units of the streams: folds use 0 and 1,
constexpr std::uint32_t holdout_strata = 2;  // the single split 2 and 3,
constexpr std::uint32_t subset_strata = 4;   // subsets 4 and 5

using Strata = std::array<std::vector<std::size_t>, outcomes>;  // subjects (groups) by outcome

// A subject with examples of both outcomes counts with the majority of them, a tie with the successes.
Strata subjects_by_outcome(const LabelledExamples& examples) {
  std::map<std::size_t, int> balance;
  for (std::size_t i = 0; i < examples.size(); ++i) balance[examples.group[i]] += examples.labels[i] == 1 ? 1 : -1;
  Strata strata;
  for (const auto& [subject, successes] : balance) strata.at(successes >= 0 ? 1 : 0).push_back(subject);
  return strata;
}

void shuffle(std::vector<std::size_t>& subjects, std::uint64_t seed, std::uint64_t replicate, std::uint32_t stratum) {
  core::Stream stream(seed, core::Purpose::split, replicate, stratum);
  core::shuffle(subjects, stream);
}

// The split in which the subjects of fold `held_out` are the test set.
Split split_of(const LabelledExamples& examples, const std::map<std::size_t, int>& fold, int held_out) {
  Split split;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    (fold.at(examples.group[i]) == held_out ? split.test : split.train).push_back(i);
  }
  return split;
}

}  // namespace

std::vector<Split> stratified_folds(const LabelledExamples& examples, int folds, std::uint64_t seed,
                                    std::uint64_t replicate) {
  if (folds < 2) throw ConfigError(fmt::format("training.folds is {}; cross-validation needs at least 2", folds));
  require_both_outcomes(examples);
  Strata strata = subjects_by_outcome(examples);
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
    const std::size_t subjects = strata.at(outcome).size();
    if (subjects < static_cast<std::size_t>(folds)) {
      throw ConfigError(
          fmt::format("training.folds is {}, but only {} of the subjects are {}: every fold needs one; use "
                      "fewer folds or more subjects",
                      folds, subjects, outcome == 1 ? "successes" : "failures"));
    }
  }
  // Dealt in turn, the failures going on where the successes ended, so that folds differ in size by one at most.
  std::map<std::size_t, int> fold;
  int next = 0;
  for (std::size_t outcome = outcomes; outcome-- > 0;) {
    shuffle(strata.at(outcome), seed, replicate, fold_strata + static_cast<std::uint32_t>(outcome));
    for (const std::size_t subject : strata.at(outcome)) fold[subject] = next++ % folds;
  }
  std::vector<Split> splits;
  splits.reserve(static_cast<std::size_t>(folds));
  for (int held_out = 0; held_out < folds; ++held_out) splits.push_back(split_of(examples, fold, held_out));
  return splits;
}

Split stratified_split(const LabelledExamples& examples, double test_fraction, std::uint64_t seed,
                       std::uint64_t replicate) {
  if (!(test_fraction > 0.0 && test_fraction < 1.0)) {
    throw ConfigError(fmt::format("training.test_fraction is {}; it must lie between 0 and 1", test_fraction));
  }
  require_both_outcomes(examples);
  Strata strata = subjects_by_outcome(examples);
  std::map<std::size_t, int> fold;  // 0: test, 1: train
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
    std::vector<std::size_t>& subjects = strata.at(outcome);
    if (subjects.size() < 2) {
      throw ConfigError(fmt::format("only {} of the subjects are {}: a split needs one to train and one to test",
                                    subjects.size(), outcome == 1 ? "successes" : "failures"));
    }
    shuffle(subjects, seed, replicate, holdout_strata + static_cast<std::uint32_t>(outcome));
    const auto wanted = static_cast<std::size_t>(std::llround(test_fraction * static_cast<double>(subjects.size())));
    const std::size_t tested = std::clamp<std::size_t>(wanted, 1, subjects.size() - 1);
    for (std::size_t i = 0; i < subjects.size(); ++i) fold[subjects[i]] = i < tested ? 0 : 1;
  }
  return split_of(examples, fold, 0);
}

Split stratified_subset(const LabelledExamples& examples, std::size_t subjects, std::uint64_t seed,
                        std::uint64_t replicate) {
  require_both_outcomes(examples);
  Strata strata = subjects_by_outcome(examples);
  const std::size_t failures = strata.at(0).size();
  const std::size_t successes = strata.at(1).size();
  if (failures == 0 || successes == 0) {
    throw DataError("every subject counts with the same outcome: there are no subsets with both");
  }
  if (subjects < 2 || subjects > failures + successes) {
    throw ConfigError(fmt::format("a subset of {} subjects to learn from: it needs at least 2, and there are {}",
                                  subjects, failures + successes));
  }
  const double share = static_cast<double>(successes) / static_cast<double>(failures + successes);
  const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(subjects)));
  const std::size_t fewest = std::max<std::size_t>(1, subjects - std::min(subjects - 1, failures));
  const std::size_t chosen_successes = std::clamp(wanted, fewest, std::min(subjects - 1, successes));
  const std::array<std::size_t, outcomes> chosen = {subjects - chosen_successes, chosen_successes};
  std::map<std::size_t, int> fold;  // 0: test, 1: train
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
    shuffle(strata.at(outcome), seed, replicate, subset_strata + static_cast<std::uint32_t>(outcome));
    for (std::size_t i = 0; i < strata.at(outcome).size(); ++i) {
      fold[strata.at(outcome)[i]] = i < chosen.at(outcome) ? 1 : 0;
    }
  }
  return split_of(examples, fold, 0);
}

}  // namespace titrant::classifier
