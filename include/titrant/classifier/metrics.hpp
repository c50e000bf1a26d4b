#pragma once

#include <cstddef>
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

Metrics evaluate(std::span<const double> probabilities, std::span<const int> labels);

}  // namespace titrant::classifier
