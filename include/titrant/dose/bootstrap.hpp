#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "titrant/dose/decision.hpp"
#include "titrant/dose/pass_rate.hpp"

namespace titrant::dose {

/// Pass rates of every bootstrap replicate: [replicate][panel][classifier].
using ReplicateRates = std::vector<std::vector<std::vector<PassRates>>>;

/// Makes the classifiers of a replicate, trained on that replicate's resampled subjects. Called on one rank, serially.
using TrainReplicate = std::function<std::vector<std::unique_ptr<classifier::Classifier>>(std::size_t replicate)>;

/// Evaluates all doses of all panels for each replicate's classifiers. A work unit is one whole replicate.
/// `cohort.classifiers` only tells how many there are and their order.
ReplicateRates bootstrap(const parallel::Communicator& ranks, const CohortView& cohort,
                         const std::vector<Panel>& panels, std::size_t replicates, const TrainReplicate& train,
                         const std::function<void(std::size_t, std::size_t)>& progress = {});

/// Fills lower and upper of decisions from the minimal doses of the replicates, cell by cell.
void add_intervals(std::vector<Decision>& decisions, const std::vector<Panel>& panels,
                   const std::vector<const classifier::Classifier*>& classifiers, const ReplicateRates& replicates);

/// Pointwise 5 % and 95 % quantiles (nearest rank) of the mean-rule pass rate over replicates, [dose].
struct Band {
  std::vector<double> lower;
  std::vector<double> upper;
};
Band band(const ReplicateRates& replicates, std::size_t panel, std::size_t classifier);

}  // namespace titrant::dose
