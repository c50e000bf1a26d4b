#pragma once

#include "titrant/classifier/options.hpp"

namespace titrant::classifier {

/// 1 / (1 + exp(-x)), without overflow.
double sigmoid(double x);

/// From P(1) to the logit of a probability of success: scale (2 P(1) - 1) + offset, or log(P(1) / P(0)) where raw.
///
/// Raw P(1) is kept within [1e-6, 1 - 1e-6]: an estimate from shots may be 0 or 1, whose logit is infinite.
struct Readout {
  ReadoutKind kind = ReadoutKind::sigmoid;
  double scale = 6.0;
  double offset = 0.0;

  double logit(double p_one) const;
  double derivative(double p_one) const;  ///< d logit / d P(1)
  /// The probability of success: raw P(1) itself, or sigmoid(logit).
  double probability(double p_one) const;
};

}  // namespace titrant::classifier
