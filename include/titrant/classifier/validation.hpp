#pragma once

#include <cstdint>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/metrics.hpp"

namespace titrant::classifier {

/// Trainings of a validation are numbered from here on, so that they never share random numbers with others of a run.
inline constexpr std::uint64_t first_validation_training = std::uint64_t{1} << 20U;

/// How well a kind of classifier predicts persons it has not seen.
struct Validation {
  std::vector<std::vector<double>> out_of_fold;  ///< [replicate][example]: predicted by the fold that held it out
  std::vector<std::vector<Metrics>> fold;        ///< [replicate][fold]
  std::vector<Metrics> pooled;                   ///< [replicate]: all out-of-fold predictions together
  std::vector<Metrics> holdout;                  ///< [replicate]: test part of the stratified split (test_fraction)
};

/// Trains clones of `kind` on every fold of every replicate (TrainingOptions::folds, replicates) and on the training
/// part of one stratified split per replicate, and evaluates them on what was held out. Collective; the trainings are
/// spread over the ranks and each runs on one. Throws what the splits and the training throw.
Validation cross_validate(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& examples,
                          const TrainingOptions& options, std::uint64_t seed);

/// Means of each figure.
Metrics mean(const std::vector<Metrics>& metrics);

}  // namespace titrant::classifier
