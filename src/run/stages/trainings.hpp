#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "replicates.hpp"
#include "titrant/dose/virtual_trial.hpp"
#include "titrant/run/configuration.hpp"
#include "titrant/run/results.hpp"

namespace titrant::run {

/// One training of a run: for which replicate (0: the answer itself), endpoint and training set. Its number keys random
/// starts and shots, so no two trainings share any.
struct TrainingId {
  std::size_t replicate = 0;
  std::size_t endpoint = 0;      ///< place among the endpoints
  std::size_t training_set = 0;  ///< place in training.on
  std::uint64_t number() const;
};

/// What virtual subjects are drawn from: the models, the populations of the run and their endpoints.
struct VirtualSubjects {
  dose::PopulationModels models;
  const std::vector<dose::VirtualPopulation>* populations = nullptr;
  const std::vector<dose::ResolvedEndpoint>* endpoints = nullptr;
};

/// The virtual subjects that classifiers learn from for one endpoint: of all populations in turn, on the regimens of
/// training.regimens in turn.
dose::VirtualTrial virtual_examples(const parallel::Communicator& ranks, const Configuration& configuration,
                                    const VirtualSubjects& drawn, std::size_t subjects, const TrainingId& id);

/// Makes and trains every method for every endpoint it answers, from models and a trial; classifiers that `start` holds
/// are continued from there. Collective over `ranks`; any two calls with the same ranks-independent arguments give the
/// same bits.
struct TrainingPlan {
  std::size_t replicate = 0;
  std::size_t subjects = 0;  ///< virtual ones
  int further_steps = 0;     ///< of classifiers that are continued on virtual subjects
  const std::vector<TrainedClassifier>* start = nullptr;
};
/// \param trial_examples  [endpoint]; empty for those that do not label trial subjects
/// \param inputs          what classifiers see beside exposure
std::vector<TrainedClassifier> train_all(const parallel::Communicator& ranks, const Configuration& configuration,
                                         const VirtualSubjects& drawn,
                                         const std::vector<classifier::LabelledExamples>& trial_examples,
                                         const std::vector<classifier::CovariateInput>& inputs,
                                         const TrainingPlan& plan);

}  // namespace titrant::run
