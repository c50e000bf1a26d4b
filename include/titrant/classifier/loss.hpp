#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/classifier/options.hpp"

namespace titrant::classifier {

/// The examples of a training: the labelled ones first, then companions that only the monotonicity penalty looks at.
struct TrainingSet {
  std::vector<Example> examples;
  std::vector<int> labels;  ///< of the first labels.size() examples
  MonotonicityOptions monotonicity;
  std::vector<CovariateInput> covariates = {};  ///< of the classifier

  std::size_t labelled() const { return labels.size(); }
};

/// Doses are compared with doses higher by this factor.
inline constexpr double neighbour_dose_ratio = 1.25;

/// The training set of labelled examples: with a penalty in dose, each gets a companion, the same subject at a dose
/// higher by neighbour_dose_ratio. Throws ConfigError for a penalty in anything but dose and auc.
TrainingSet training_set(const LabelledExamples& examples, const MonotonicityOptions& monotonicity,
                         const std::vector<CovariateInput>& covariates = {});

/// Two places of a training set: p should not fall from `lower` to `higher`.
struct Ordered {
  std::size_t lower;
  std::size_t higher;
};

/// The pairs that the penalty looks at when a step uses the labelled examples `batch`:
/// - dose: each active example and its companion;
/// - auc: examples with the same indicators, each and the next one in order of average concentration (AUC / length of
///   the window, so that regimens of different intervals compare). Continuous covariates are not compared: hardly two
///   examples would share them.
std::vector<Ordered> ordered_pairs(const TrainingSet& set, std::span<const std::size_t> batch);

/// The places a step evaluates: `batch` and the companions its pairs need, ascending by number of curve points.
std::vector<std::size_t> evaluated_places(const TrainingSet& set, std::span<const std::size_t> batch);

/// Mean cross-entropy of the batch plus weight x mean over pairs of max(0, p_lower - p_higher).
/// \param logit       [place of the set]; only evaluated places are read
/// \param derivative  [place of the set]: d loss / d logit, written for every place (0 where unused)
double training_loss(const TrainingSet& set, std::span<const std::size_t> batch, std::span<const double> logit,
                     std::span<double> derivative);

}  // namespace titrant::classifier
