#include "titrant/classifier/learning_curve.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>

#include "titrant/classifier/split.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::classifier {

namespace {

// Held-out predictions use units of their own (see validation.cpp): (1, training, test set and place).
constexpr std::uint64_t test_unit = std::uint64_t{1} << 63U;
constexpr unsigned set_and_place_bits = 32;
constexpr unsigned set_bits = 28;

constexpr std::size_t figures = 5;  // of Metrics

void write(const Metrics& metrics, std::span<double> slot) {
  const std::array<double, figures> values = {metrics.log_loss, metrics.accuracy, metrics.auc, metrics.brier,
                                              metrics.ece};
  std::copy(values.begin(), values.end(), slot.begin());
}

Metrics read(std::span<const double> slot) { return {slot[0], slot[1], slot[2], slot[3], slot[4]}; }

// The test sets of a training that left `split.test` out.
using TestSets = std::function<std::vector<LabelledExamples>(const Split& split)>;

LearningCurve curve(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& pool,
                    std::size_t test_sets, const TestSets& tests, const LearningPlan& plan,
                    const TrainingOptions& options, std::uint64_t seed) {
  TITRANT_EXPECTS(!plan.sizes.empty() && plan.replicates > 0);
  std::vector<Split> splits;  // [size][replicate]
  for (const std::size_t size : plan.sizes) {
    for (std::size_t replicate = 0; replicate < plan.replicates; ++replicate) {
      splits.push_back(stratified_subset(pool, size, seed, replicate));
    }
  }

  parallel::Work work;
  work.units = splits.size();
  work.slot = test_sets * figures;
  work.compute = [&](std::size_t unit, std::span<double> slot) {
    const std::uint64_t training = first_learning_training + unit;
    const std::unique_ptr<Classifier> classifier = kind.clone();
    classifier->train(parallel::Communicator{}, pool.subset(splits[unit].train), options, seed, training);
    std::vector<LabelledExamples> sets = tests(splits[unit]);
    for (std::size_t set = 0; set < sets.size(); ++set) {
      LabelledExamples& test = sets[set];
      for (std::size_t i = 0; i < test.size(); ++i) {
        test.examples[i].unit = test_unit | (training << set_and_place_bits) | (set << set_bits) | i;
      }
      write(evaluate(classifier->probabilities(test.examples, seed), test.labels),
            slot.subspan(set * figures, figures));
    }
  };
  const std::vector<double> slots = parallel::run(ranks, work);

  LearningCurve result;
  result.sizes = plan.sizes;
  result.metrics.assign(test_sets, std::vector(plan.sizes.size(), std::vector<Metrics>(plan.replicates)));
  for (std::size_t unit = 0; unit < splits.size(); ++unit) {
    for (std::size_t set = 0; set < test_sets; ++set) {
      result.metrics[set][unit / plan.replicates][unit % plan.replicates] =
          read(std::span(slots).subspan((unit * test_sets + set) * figures, figures));
    }
  }
  return result;
}

}  // namespace

void expect_others(const LabelledExamples& pool, std::size_t size, std::uint64_t seed) {
  if (stratified_subset(pool, size, seed, 0).test.empty()) {
    throw ConfigError(fmt::format(
        "a learning curve on all {} subjects leaves nobody to test; learn from fewer (learning.trial)", size));
  }
}

LearningCurve learning_curve(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& pool,
                             const LearningPlan& plan, const TrainingOptions& options, std::uint64_t seed) {
  for (const std::size_t size : plan.sizes) expect_others(pool, size, seed);
  const auto everybody_else = [&pool](const Split& split) {
    return std::vector<LabelledExamples>{pool.subset(split.test)};
  };
  return curve(ranks, kind, pool, 1, everybody_else, plan, options, seed);
}

LearningCurve learning_curve(const parallel::Communicator& ranks, const Classifier& kind, const LabelledExamples& pool,
                             const std::vector<LabelledExamples>& tests, const LearningPlan& plan,
                             const TrainingOptions& options, std::uint64_t seed) {
  TITRANT_EXPECTS(!tests.empty());
  const auto the_same = [&tests](const Split&) { return tests; };
  return curve(ranks, kind, pool, tests.size(), the_same, plan, options, seed);
}

}  // namespace titrant::classifier
