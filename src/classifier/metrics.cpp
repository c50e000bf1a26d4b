#include "titrant/classifier/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::classifier {

namespace {

constexpr double clip = 1e-12;
using core::not_available;
constexpr std::uint32_t metrics_sub_unit = 1;  // of the bootstrap streams; the others resample the trial's subjects

double log_loss_of(double probability, int label) {
  const double p = std::clamp(probability, clip, 1.0 - clip);
  return label == 1 ? -std::log(p) : -std::log1p(-p);
}

std::size_t bin_of(double probability) {
  const double position = std::clamp(probability, 0.0, 1.0) * static_cast<double>(reliability_bins);
  return std::min(static_cast<std::size_t>(position), reliability_bins - 1);
}

// Predictions made ready so that their figures take one pass for any weights of the examples: a bootstrap replicate is
// a list of how often each example occurs.
class Prepared {
 public:
  Prepared(std::span<const double> probabilities, std::span<const int> labels)
      : p_(probabilities), labels_(labels), order_(labels.size()) {
    TITRANT_EXPECTS(!labels.empty() && probabilities.size() == labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (!std::isfinite(p_[i])) throw NumericalError("a predicted probability is not a number: it has no metrics");
      cross_entropy_.push_back(log_loss_of(p_[i], labels[i]));
      bin_.push_back(bin_of(p_[i]));
    }
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return p_[a] < p_[b]; });
  }

  // Whole numbers as weights, not all 0.
  Metrics figures(std::span<const double> weights) const {
    Metrics sum;
    std::array<double, reliability_bins> excess{};
    double count = 0.0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const double error = p_[i] - labels_[i];
      count += weights[i];
      sum.log_loss += weights[i] * cross_entropy_[i];
      sum.accuracy += (p_[i] > 0.5) == (labels_[i] == 1) ? weights[i] : 0.0;
      sum.brier += weights[i] * error * error;
      excess.at(bin_[i]) += weights[i] * error;
    }
    for (const double bin : excess) sum.ece += std::abs(bin);  // Naeini et al. 2015
    return {sum.log_loss / count, sum.accuracy / count, roc_auc(weights), sum.brier / count, sum.ece / count};
  }

 private:
  // Mann-Whitney statistic over the number of pairs, ties half: from low to high probability, each success beats the
  // failures before it.
  double roc_auc(std::span<const double> weights) const {
    double failures = 0.0;
    double successes = 0.0;
    double beaten = 0.0;
    for (std::size_t begin = 0; begin < order_.size();) {
      double tied_failures = 0.0;
      double tied_successes = 0.0;
      const double tie = p_[order_[begin]];
      for (; begin < order_.size() && p_[order_[begin]] == tie; ++begin) {
        (labels_[order_[begin]] == 1 ? tied_successes : tied_failures) += weights[order_[begin]];
      }
      beaten += tied_successes * (failures + 0.5 * tied_failures);
      failures += tied_failures;
      successes += tied_successes;
    }
    return successes == 0.0 || failures == 0.0 ? not_available : beaten / (successes * failures);
  }

  std::span<const double> p_;
  std::span<const int> labels_;
  std::vector<double> cross_entropy_;
  std::vector<std::size_t> bin_;
  std::vector<std::size_t> order_;  ///< by probability
};

constexpr std::array<double Metrics::*, 5> all_figures = {&Metrics::log_loss, &Metrics::accuracy, &Metrics::auc,
                                                          &Metrics::brier, &Metrics::ece};

}  // namespace

Metrics evaluate(std::span<const double> probabilities, std::span<const int> labels) {
  return Prepared(probabilities, labels).figures(std::vector<double>(labels.size(), 1.0));
}

Metrics mean(const std::vector<Metrics>& metrics) {
  TITRANT_EXPECTS(!metrics.empty());
  Metrics sum;
  for (const Metrics& each : metrics) {
    for (const auto figure : all_figures) sum.*figure += each.*figure / static_cast<double>(metrics.size());
  }
  return sum;
}

Reliability reliability(std::span<const double> probabilities, std::span<const int> labels) {
  TITRANT_EXPECTS(probabilities.size() == labels.size());
  Reliability bins;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ReliabilityBin& bin = bins.at(bin_of(probabilities[i]));
    ++bin.count;
    bin.predicted += probabilities[i];
    bin.observed += labels[i];
  }
  for (ReliabilityBin& bin : bins) {
    const double count = bin.count == 0 ? not_available : static_cast<double>(bin.count);
    bin.predicted /= count;
    bin.observed /= count;
  }
  return bins;
}

MetricsInterval bootstrap_interval(std::span<const double> probabilities, std::span<const int> labels,
                                   std::span<const std::size_t> group, const BootstrapOptions& options,
                                   std::uint64_t seed) {
  TITRANT_EXPECTS(group.size() == labels.size() && options.replicates > 0);
  TITRANT_EXPECTS(options.level > 0.0 && options.level < 1.0);
  const Prepared prepared(probabilities, labels);
  std::map<std::size_t, std::size_t> subjects;
  for (const std::size_t subject : group) subjects.try_emplace(subject, subjects.size());
  std::vector<std::size_t> subject_of;
  subject_of.reserve(group.size());
  for (const std::size_t subject : group) subject_of.push_back(subjects.at(subject));

  std::array<std::vector<double>, all_figures.size()> samples;
  std::vector<double> drawn(subjects.size());
  std::vector<double> weights(group.size());
  for (std::size_t replicate = 0; replicate < options.replicates; ++replicate) {
    core::Stream stream(seed, core::Purpose::bootstrap, replicate, metrics_sub_unit);
    std::fill(drawn.begin(), drawn.end(), 0.0);
    for (std::size_t k = 0; k < subjects.size(); ++k) drawn[stream.below(subjects.size())] += 1.0;
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = drawn[subject_of[i]];
    const Metrics figures = prepared.figures(weights);
    for (std::size_t k = 0; k < samples.size(); ++k) samples.at(k).push_back(figures.*all_figures.at(k));
  }
  MetricsInterval interval;
  for (std::size_t k = 0; k < samples.size(); ++k) {
    interval.lower.*all_figures.at(k) = core::quantile(core::without_nan(samples.at(k)), 0.5 * (1.0 - options.level));
    interval.upper.*all_figures.at(k) = core::quantile(core::without_nan(samples.at(k)), 0.5 * (1.0 + options.level));
  }
  return interval;
}

}  // namespace titrant::classifier
