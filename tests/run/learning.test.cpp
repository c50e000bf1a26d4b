#include <gtest/gtest.h>

#include <algorithm>

#include "../classifier/slow_logistic.hpp"
#include "small_run.hpp"
#include "titrant/classifier/split.hpp"

using namespace titrant;
using namespace titrant::run;
using titrant::run::fixtures::small_context;

// The curve of the trial's subjects against a loop of the test: who is drawn by the seed, logistic regression by
// gradient descent, and the figures on everybody else.
TEST(LearningCurves, OfTheTrialAreThoseOfASlowLoop) {
  const Context context = small_context({"learning={trial: [8, 20], replicates: 2}", "training.steps=2"});
  Results results;
  for (const auto& stage : stages_for("run")) {
    const std::string name = stage->name();
    if (name != "data" && name != "fit" && name != "learning") continue;
    core::Progress progress(context.console, stage->title());
    stage->compute(context, results, progress);
  }
  const auto found = std::find_if(results.learning.begin(), results.learning.end(),
                                  [](const LearningResult& one) { return one.kind == "logistic"; });
  ASSERT_NE(found, results.learning.end());
  ASSERT_EQ(found->source, "trial");
  ASSERT_EQ(found->curve.sizes, (std::vector<std::size_t>{8, 20}));
  const Configuration& c = context.configuration;
  const classifier::LabelledExamples& pool = results.examples.front().labelled;
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t replicate = 0; replicate < 2; ++replicate) {
      const classifier::Split split = classifier::stratified_subset(pool, found->curve.sizes[s], c.seed, replicate);
      classifier::testing::SlowLogistic slow(c.classifier.reference_concentration, c.classifier.ridge);
      slow.train(pool.subset(split.train));
      std::vector<double> p;
      std::vector<int> labels;
      for (const std::size_t place : split.test) {
        p.push_back(slow.probability(pool.examples[place]));
        labels.push_back(pool.labels[place]);
      }
      ASSERT_EQ(p.size() + found->curve.sizes[s], pool.size());
      const classifier::Metrics expected = classifier::testing::slow_metrics(p, labels);
      const classifier::Metrics& curve = found->curve.metrics[0][s][replicate];
      EXPECT_NEAR(curve.log_loss, expected.log_loss, 1e-6);
      EXPECT_NEAR(curve.accuracy, expected.accuracy, 1e-12);
      EXPECT_NEAR(curve.brier, expected.brier, 1e-6);
      EXPECT_NEAR(curve.auc, expected.auc, 1e-12);
    }
  }
}
