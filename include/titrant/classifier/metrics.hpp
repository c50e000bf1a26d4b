#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace titrant::classifier {

/// How well probabilities agree with outcomes.
struct Metrics {
  double log_loss = 0.0;  ///< mean cross-entropy, probabilities clipped to [1e-12, 1 - 1e-12]
  double accuracy = 0.0;  ///< at 0.5
  double auc = 0.0;       ///< area under the ROC curve, ties counted half; NaN where one class is missing
  double brier = 0.0;     ///< mean squared error
  double ece = 0.0;       ///< expected calibration error, 10 equal-width bins
};

/// The probabilities are finite; throws NumericalError otherwise.
Metrics evaluate(std::span<const double> probabilities, std::span<const int> labels);

/// Means of each figure.
Metrics mean(const std::vector<Metrics>& metrics);

/// What was predicted and what happened among the probabilities of one bin.
struct ReliabilityBin {
  std::size_t count = 0;
  double predicted = 0.0;  ///< mean probability; NaN where the bin is empty
  double observed = 0.0;   ///< share of successes; NaN where the bin is empty
};

/// Ten bins of equal width over [0, 1], those that the expected calibration error is computed from.
inline constexpr std::size_t reliability_bins = 10;
using Reliability = std::array<ReliabilityBin, reliability_bins>;

/// The reliability diagram; the bins of the counts cover [0, 0.1), [0.1, 0.2), ..., [0.9, 1].
Reliability reliability(std::span<const double> probabilities, std::span<const int> labels);

/// How intervals of the figures are made.
struct BootstrapOptions {
  std::size_t replicates = 1000;
  double level = 0.9;
};

/// Central intervals of each figure: its quantiles over the replicates.
struct MetricsInterval {
  Metrics lower;
  Metrics upper;
};

/// Percentile bootstrap over subjects (Efron and Tibshirani 1993, chapter 13): each replicate draws as many subjects as
/// there are, with replacement, and takes all examples of each. `group` tells the subject of an example. Replicate r
/// draws from the stream (seed, bootstrap, r, 1), so that classifiers tested on the same subjects are resampled alike.
/// Replicates in which one outcome is missing do not count for the ROC area (NaN where none has both).
MetricsInterval bootstrap_interval(std::span<const double> probabilities, std::span<const int> labels,
                                   std::span<const std::size_t> group, const BootstrapOptions& options,
                                   std::uint64_t seed);

}  // namespace titrant::classifier
