#include "titrant/classifier/training.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "curves.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::Toy;

// logit = b + w log(dose x Cavg): separates the toy data without noise and co-medication almost exactly.
LogitModel line(const Toy& toy) {
  LogitModel model;
  model.parameters = 2;
  model.evaluate = [&toy](std::span<const double> x, std::span<const std::size_t> places, std::uint64_t,
                          std::span<double> logit, std::span<double> gradient) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Example& example = toy.examples.examples[places[i]];
      const double exposure = std::log(example.dose * example.profile->per_mg.average);
      logit[i] = x[0] + x[1] * exposure;
      gradient[2 * i] = 1.0;
      gradient[2 * i + 1] = exposure;
    }
  };
  return model;
}

TEST(Training, FindsWhereTheGradientVanishes) {
  const Toy toy(40);
  TrainingOptions options;
  options.steps = 3000;
  std::vector<double> x = {0.0, 0.0};
  const History history = train_by_gradient({}, line(toy), training_set(toy.examples, {}), options, 1, 0, x);
  ASSERT_EQ(history.loss.size(), 3000U);
  EXPECT_DOUBLE_EQ(history.loss.front(), std::log(2.0));  // p = 1/2 for all
  EXPECT_LT(history.loss.back(), 0.4);
  EXPECT_LT(history.gradient_norm.back(), 1e-4);
  EXPECT_GT(x[1], 1.0);
}

TEST(Training, BatchesVisitEveryExampleOncePerEpoch) {
  const Toy toy(20);
  std::vector<std::size_t> visited;
  LogitModel model = line(toy);
  const auto evaluate = model.evaluate;
  model.evaluate = [&](auto x, auto places, auto unit, auto logit, auto gradient) {
    visited.insert(visited.end(), places.begin(), places.end());
    evaluate(x, places, unit, logit, gradient);
  };
  TrainingOptions options;
  options.steps = 8;
  options.batch = 5;
  std::vector<double> x = {0.0, 0.0};
  train_by_gradient({}, model, training_set(toy.examples, {}), options, 1, 0, x);
  ASSERT_EQ(visited.size(), 40U);
  EXPECT_EQ(std::set<std::size_t>(visited.begin(), visited.begin() + 20).size(), 20U);
  EXPECT_EQ(std::set<std::size_t>(visited.begin() + 20, visited.end()).size(), 20U);
  EXPECT_FALSE(std::equal(visited.begin(), visited.begin() + 20, visited.begin() + 20));
}

TEST(Training, NamesTheStepThatHasNoLoss) {
  const Toy toy(10);
  LogitModel model = line(toy);
  const auto evaluate = model.evaluate;
  int calls = 0;
  model.evaluate = [&](auto x, auto places, auto unit, auto logit, auto gradient) {
    evaluate(x, places, unit, logit, gradient);
    if (++calls > 2) logit[0] = std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<double> x = {0.0, 0.0};
  try {
    train_by_gradient({}, model, training_set(toy.examples, {}), {}, 1, 0, x);
    FAIL();
  } catch (const NumericalError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("training step 3 of 100"));
  }
}

TEST(Training, NeedsBothOutcomes) {
  Toy toy(10);
  toy.examples.labels.assign(10, 1);
  EXPECT_THROW(require_both_outcomes(toy.examples), DataError);
  EXPECT_THROW(require_both_outcomes({}), DataError);
}

// Every estimate of a run has a stream of its own: units of different (training, step) never overlap.
TEST(ShotUnits, NeverOverlap) {
  const std::size_t places = 1000;
  std::set<std::uint64_t> first;
  for (const std::uint64_t replicate : {0U, 1U, 77U}) {
    for (const int step : {0, 1, 149}) first.insert(first_shot_unit(replicate, step, places));
  }
  ASSERT_EQ(first.size(), 9U);
  for (auto here = first.begin(), next = std::next(here); next != first.end(); ++here, ++next) {
    EXPECT_GE(*next - *here, places);
  }
  EXPECT_THROW(first_shot_unit(0, 1 << 16, 1), ConfigError);
  EXPECT_THROW(first_shot_unit(std::uint64_t{1} << 24U, 0, 1), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
