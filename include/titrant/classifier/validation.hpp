#pragma once

#include <cstdint>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/metrics.hpp"

namespace titrant::classifier {

/// Trainings of a validation are numbered from here on, so that they never share random numbers with others of a run.
inline constexpr std::uint64_t first_validation_training = std::uint64_t{1} << 20U;

/// How well a kind of classifier predicts subjects it has not seen.
struct Validation {
  std::vector<std::vector<double>> out_of_fold;  ///< [replicate][example]: predicted by the fold that held it out
  std::vector<std::vector<Metrics>> fold;        ///< [replicate][fold]
  std::vector<Metrics> pooled;                   ///< [replicate]: all out-of-fold predictions together
  std::vector<MetricsInterval> interval;         ///< [replicate]: of `pooled`, bootstrap over subjects, 90 %
  std::vector<Reliability> reliability;          ///< [replicate]: of `pooled`
  std::vector<Metrics> holdout;                  ///< [replicate]: test part of the stratified split (test_fraction)
};

/// Trains clones of `kind` on every fold of every replicate (TrainingOptions::folds, replicates) and on the training
/// part of one stratified split per replicate, and evaluates them on what was held out. Collective; groups
/// of ranks share the trainings, and the ranks of a group one training (Classifier::shares). Throws what the splits and
/// the training throw.
///
/// Intervals hold the trained classifiers fixed: they tell how far the figures depend on whom they were tested on.
Validation cross_validate(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& examples,
                          const TrainingOptions& options, std::uint64_t seed);

/// How well a trained classifier predicts a set of subjects of whom none was in its training set.
struct ExternalValidation {
  std::vector<double> predicted;  ///< [example]
  Metrics metrics;
  MetricsInterval interval;  ///< bootstrap over subjects, 90 %
  Reliability reliability;
};

/// Evaluates a trained classifier on examples that it has not seen; local to this rank.
ExternalValidation validate_on(const Classifier& classifier, const LabelledExamples& examples, std::uint64_t seed);

}  // namespace titrant::classifier
