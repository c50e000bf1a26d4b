#include "titrant/classifier/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

constexpr double clip = 1e-12;
constexpr std::size_t bins = 10;

double cross_entropy(double probability, int label) {
  const double p = std::clamp(probability, clip, 1.0 - clip);
  return label == 1 ? -std::log(p) : -std::log1p(-p);
}

// Mann-Whitney statistic over the number of pairs; tied values share their mean rank.
double roc_auc(std::span<const double> probabilities, std::span<const int> labels) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return probabilities[a] < probabilities[b]; });
  const auto successes = static_cast<double>(std::count(labels.begin(), labels.end(), 1));
  const double failures = static_cast<double>(labels.size()) - successes;
  if (successes == 0.0 || failures == 0.0) return std::numeric_limits<double>::quiet_NaN();
  double rank_sum = 0.0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && probabilities[order[end]] == probabilities[order[begin]]) ++end;
    const double mean_rank = 0.5 * static_cast<double>(begin + 1 + end);  // ranks begin + 1 .. end
    for (; begin < end; ++begin) {
      if (labels[order[begin]] == 1) rank_sum += mean_rank;
    }
  }
  return (rank_sum - 0.5 * successes * (successes + 1.0)) / (successes * failures);
}

// Sum over bins of |sum of p - number of successes| / examples (Naeini et al. 2015).
double calibration_error(std::span<const double> probabilities, std::span<const int> labels) {
  std::array<double, bins> excess{};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double position = std::clamp(probabilities[i], 0.0, 1.0) * static_cast<double>(bins);
    const std::size_t bin = std::min(static_cast<std::size_t>(position), bins - 1);
    excess.at(bin) += probabilities[i] - labels[i];
  }
  double error = 0.0;
  for (const double bin : excess) error += std::abs(bin);
  return error / static_cast<double>(labels.size());
}

}  // namespace

Metrics evaluate(std::span<const double> probabilities, std::span<const int> labels) {
  TITRANT_EXPECTS(!labels.empty() && probabilities.size() == labels.size());
  const auto count = static_cast<double>(labels.size());
  Metrics metrics;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double p = probabilities[i];
    if (!std::isfinite(p)) throw NumericalError("a predicted probability is not a number: it has no metrics");
    metrics.log_loss += cross_entropy(p, labels[i]) / count;
    metrics.accuracy += ((p > 0.5) == (labels[i] == 1) ? 1.0 : 0.0) / count;
    metrics.brier += (p - labels[i]) * (p - labels[i]) / count;
  }
  metrics.auc = roc_auc(probabilities, labels);
  metrics.ece = calibration_error(probabilities, labels);
  return metrics;
}

}  // namespace titrant::classifier
