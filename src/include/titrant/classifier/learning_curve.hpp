#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/metrics.hpp"

namespace titrant::classifier {

/// Trainings of learning curves are numbered from here on (see first_validation_training).
inline constexpr std::uint64_t first_learning_training = std::uint64_t{1} << 21U;

/// Which trainings a learning curve consists of.
struct LearningPlan {
  std::vector<std::size_t> sizes;  ///< subjects to learn from, each >= 2 and at most those of the pool
  std::size_t replicates = 5;      ///< trainings of each size, each on other subjects
};

/// How held-out figures depend on the number of subjects learnt from.
struct LearningCurve {
  std::vector<std::size_t> sizes;
  std::vector<std::vector<std::vector<Metrics>>> metrics;  ///< [test set][size][replicate]
};

/// Throws where subjects of `pool` cannot be divided into `size` to learn from and others to test on: DataError for one
/// outcome only, ConfigError for a size below 2 or one that leaves nobody. Labels and groups alone are looked at.
void expect_others(const LabelledExamples& pool, std::size_t size, std::uint64_t seed);

/// Trains clones of `kind` on subsets of the subjects of `pool` and tests each on all subjects that it did not learn
/// from: one test set. Of a size n, both outcomes are drawn in the proportion of the pool, at least one subject each;
/// within a replicate larger subsets contain the smaller ones. Collective; every training is a unit of work of its own.
/// Throws DataError for a pool with one outcome only, ConfigError for a size below 2 or one that leaves nobody to test.
LearningCurve learning_curve(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& pool,
                             const LearningPlan& plan, const TrainingOptions& options, std::uint64_t seed);

/// The same, tested on the same sets of other subjects every time, such as the trial's subjects and held-out virtual
/// ones. A size may take the whole pool; replicates then differ in their random start alone.
LearningCurve learning_curve(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& pool,
                             const std::vector<LabelledExamples>& tests, const LearningPlan& plan,
                             const TrainingOptions& options, std::uint64_t seed);

}  // namespace titrant::classifier
