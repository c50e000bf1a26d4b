#include "titrant/classifier/validation.hpp"

#include "titrant/classifier/split.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::classifier {

namespace {

// Held-out predictions use units of their own, far above those of virtual subjects: (1, training, place).
constexpr std::uint64_t validation_unit = std::uint64_t{1} << 63U;
constexpr unsigned held_out_bits = 24;

// Trains a clone on the training part; its predictions of the test part go to the places of the test examples.
void predict_held_out(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& examples,
                      const Split& split, const TrainingOptions& options, std::uint64_t seed, std::uint64_t training,
                      std::span<double> predicted) {
  const std::unique_ptr<Classifier> classifier = kind.clone();
  classifier->train(ranks, examples.subset(split.train), options, seed, training);
  LabelledExamples test = examples.subset(split.test);
  for (std::size_t i = 0; i < test.size(); ++i) {
    test.examples[i].unit = validation_unit | (training << held_out_bits) | split.test[i];
  }
  const std::vector<double> p = classifier->probabilities(test.examples, seed);
  for (std::size_t i = 0; i < test.size(); ++i) predicted[split.test[i]] = p[i];
}

Metrics evaluate_at(std::span<const double> predicted, const std::vector<int>& labels,
                    const std::vector<std::size_t>& places) {
  std::vector<double> p;
  std::vector<int> outcome;
  for (const std::size_t place : places) {
    p.push_back(predicted[place]);
    outcome.push_back(labels[place]);
  }
  return evaluate(p, outcome);
}

}  // namespace

Validation cross_validate(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& examples,
                          const TrainingOptions& options, std::uint64_t seed) {
  TITRANT_EXPECTS(options.replicates > 0);
  const auto replicates = static_cast<std::size_t>(options.replicates);
  std::vector<std::vector<Split>> splits;  // [replicate]: the folds, then the single split
  for (std::size_t r = 0; r < replicates; ++r) {
    splits.push_back(stratified_folds(examples, options.folds, seed, r));
    splits.back().push_back(stratified_split(examples, options.test_fraction, seed, r));
  }
  const std::size_t per_replicate = splits.front().size();

  parallel::SharedWork work;
  work.units = replicates * per_replicate;
  work.slot = examples.size();
  work.shares = kind.shares(splits.front().front().train.size());
  work.compute = [&](std::size_t unit, const parallel::Communicator& group, std::span<double> slot) {
    predict_held_out(group, kind, examples, splits[unit / per_replicate][unit % per_replicate], options, seed,
                     first_validation_training + unit, slot);
  };
  const std::vector<double> slots = parallel::run(ranks, work);

  Validation validation;
  for (std::size_t r = 0; r < replicates; ++r) {
    std::vector<double> out_of_fold(examples.size());
    std::vector<Metrics> fold;
    for (std::size_t f = 0; f < per_replicate; ++f) {
      const auto predicted = std::span(slots).subspan((r * per_replicate + f) * examples.size(), examples.size());
      const std::vector<std::size_t>& test = splits[r][f].test;
      const Metrics metrics = evaluate_at(predicted, examples.labels, test);
      if (f + 1 == per_replicate) {
        validation.holdout.push_back(metrics);
        continue;
      }
      fold.push_back(metrics);
      for (const std::size_t place : test) out_of_fold[place] = predicted[place];
    }
    validation.pooled.push_back(evaluate(out_of_fold, examples.labels));
    validation.interval.push_back(bootstrap_interval(out_of_fold, examples.labels, examples.group, {}, seed));
    validation.reliability.push_back(reliability(out_of_fold, examples.labels));
    validation.out_of_fold.push_back(std::move(out_of_fold));
    validation.fold.push_back(std::move(fold));
  }
  return validation;
}

ExternalValidation validate_on(const Classifier& classifier, const LabelledExamples& examples, std::uint64_t seed) {
  ExternalValidation validation;
  validation.predicted = classifier.probabilities(examples.examples, seed);
  validation.metrics = evaluate(validation.predicted, examples.labels);
  validation.interval = bootstrap_interval(validation.predicted, examples.labels, examples.group, {}, seed);
  validation.reliability = reliability(validation.predicted, examples.labels);
  return validation;
}

}  // namespace titrant::classifier
