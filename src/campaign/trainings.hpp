#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "replicates.hpp"
#include "titrant/campaign/configuration.hpp"
#include "titrant/campaign/results.hpp"
#include "titrant/dose/virtual_trial.hpp"

namespace titrant::campaign {

/// One training of a run: for which replicate (0: the answer itself), question and source. Its number keys random
/// starts and shots, so no two trainings share any.
struct TrainingId {
  std::size_t replicate = 0;
  std::size_t criterion = 0;
  std::size_t source = 0;  ///< place in training.on
  std::uint64_t number() const;
};

/// The virtual subjects that a source learns from for one question: body weights over all scenarios, half of the people
/// with co-medication, daily and weekly doses of the grids (virtual_daily: daily ones).
dose::VirtualTrial virtual_examples(const parallel::Communicator& ranks, const Configuration& configuration,
                                    const dose::PopulationModels& models, const dose::Criterion& criterion,
                                    const std::string& source, std::size_t subjects, const TrainingId& id);

/// Makes and trains every method for every question it answers, from models and a trial; classifiers that `start` holds
/// are continued from there. Collective over `ranks`; any two calls with the same ranks-independent arguments give the
/// same bits.
struct TrainingPlan {
  std::size_t replicate = 0;
  std::size_t subjects = 0;  ///< virtual ones
  int further_steps = 0;     ///< of classifiers that are continued on virtual subjects
  const std::vector<TrainedClassifier>* start = nullptr;
};
std::vector<TrainedClassifier> train_all(const parallel::Communicator& ranks, const Configuration& configuration,
                                         const std::vector<dose::Criterion>& criteria,
                                         const dose::PopulationModels& models,
                                         const classifier::LabelledExamples& trial_examples, const TrainingPlan& plan);

}  // namespace titrant::campaign
