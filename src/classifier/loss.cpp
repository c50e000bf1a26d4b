#include "titrant/classifier/loss.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "covariate.hpp"
#include "titrant/classifier/readout.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

bool penalised(const MonotonicityOptions& options, const char* in) {
  return options.weight > 0.0 && std::find(options.in.begin(), options.in.end(), in) != options.in.end();
}

double average_concentration(const Example& example) { return example.dose * example.profile->per_mg.average; }

// Which examples of the `auc` pairs are alike: the indicators of the classifier.
std::vector<double> stratum(const std::vector<CovariateInput>& covariates, const Example& example) {
  std::vector<double> values;
  for (const CovariateInput& one : covariates) {
    if (one.kind == CovariateInput::Kind::indicator) values.push_back(one.input(covariate(*example.profile, one.name)));
  }
  return values;
}

void add_exposure_pairs(const TrainingSet& set, std::span<const std::size_t> batch, std::vector<Ordered>& pairs) {
  std::vector<std::tuple<std::vector<double>, double, std::size_t>> order;
  order.reserve(batch.size());
  for (const std::size_t place : batch) {
    const Example& example = set.examples[place];
    order.emplace_back(stratum(set.covariates, example), average_concentration(example), place);
  }
  std::sort(order.begin(), order.end());
  for (std::size_t i = 1; i < order.size(); ++i) {
    const auto& [stratum_before, average_before, before] = order[i - 1];
    const auto& [stratum_here, average_here, here] = order[i];
    if (stratum_before == stratum_here && average_before < average_here) pairs.push_back({before, here});
  }
}

// log(1 + exp(logit)) - label logit: the cross-entropy without the cancellation of log(1 - p).
double cross_entropy(double logit, int label) {
  return std::max(logit, 0.0) + std::log1p(std::exp(-std::abs(logit))) - label * logit;
}

}  // namespace

TrainingSet training_set(const LabelledExamples& examples, const MonotonicityOptions& monotonicity,
                         const std::vector<CovariateInput>& covariates) {
  for (const std::string& in : monotonicity.in) {
    if (in != "dose" && in != "auc") {
      throw ConfigError("training.monotonicity.in holds \"" + in + "\", but only dose and auc exist");
    }
  }
  TrainingSet set{examples.examples, examples.labels, monotonicity, covariates};
  if (penalised(monotonicity, "dose")) {
    for (const Example& example : examples.examples) {
      set.examples.push_back({example.profile, neighbour_dose_ratio * example.dose, example.unit});
    }
  }
  return set;
}

std::vector<Ordered> ordered_pairs(const TrainingSet& set, std::span<const std::size_t> batch) {
  std::vector<Ordered> pairs;
  if (penalised(set.monotonicity, "dose")) {
    for (const std::size_t place : batch) {
      if (set.examples[place].dose > 0.0) pairs.push_back({place, set.labelled() + place});
    }
  }
  if (penalised(set.monotonicity, "auc")) add_exposure_pairs(set, batch, pairs);
  return pairs;
}

std::vector<std::size_t> evaluated_places(const TrainingSet& set, std::span<const std::size_t> batch) {
  std::vector<std::size_t> places(batch.begin(), batch.end());
  for (const Ordered& pair : ordered_pairs(set, batch)) {
    if (pair.higher >= set.labelled()) places.push_back(pair.higher);
  }
  // Curves of one length side by side fill whole vector lanes.
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return set.examples[a].profile->curve.size() < set.examples[b].profile->curve.size();
  });
  return places;
}

double training_loss(const TrainingSet& set, std::span<const std::size_t> batch, std::span<const double> logit,
                     std::span<double> derivative) {
  TITRANT_EXPECTS(!batch.empty() && logit.size() == set.examples.size() && derivative.size() == logit.size());
  std::fill(derivative.begin(), derivative.end(), 0.0);
  const auto count = static_cast<double>(batch.size());
  double loss = 0.0;
  for (const std::size_t place : batch) {
    loss += cross_entropy(logit[place], set.labels[place]) / count;
    derivative[place] += (sigmoid(logit[place]) - set.labels[place]) / count;
  }
  const std::vector<Ordered> pairs = ordered_pairs(set, batch);
  const double weight = set.monotonicity.weight / static_cast<double>(pairs.size());
  for (const Ordered& pair : pairs) {
    const double lower = sigmoid(logit[pair.lower]);
    const double higher = sigmoid(logit[pair.higher]);
    if (lower <= higher) continue;
    loss += weight * (lower - higher);
    derivative[pair.lower] += weight * lower * (1.0 - lower);
    derivative[pair.higher] -= weight * higher * (1.0 - higher);
  }
  return loss;
}

}  // namespace titrant::classifier
