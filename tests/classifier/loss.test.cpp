#include "titrant/classifier/loss.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "curves.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
using testing::random_angles;
using testing::Toy;

std::vector<std::size_t> all(std::size_t count) {
  std::vector<std::size_t> places(count);
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

double probability(double logit) { return 1.0 / (1.0 + std::exp(-logit)); }

// The definition, written out: mean of -log p or -log(1 - p), plus the mean hinge over pairs of any two places that it
// demands.
double slow_loss(const TrainingSet& set, const std::vector<double>& logit) {
  double loss = 0.0;
  for (std::size_t i = 0; i < set.labelled(); ++i) {
    const double p = probability(logit[i]);
    loss -= (set.labels[i] == 1 ? std::log(p) : std::log(1.0 - p)) / static_cast<double>(set.labelled());
  }
  double hinge = 0.0;
  int pairs = 0;
  const auto demand = [&](std::size_t lower, std::size_t higher) {
    hinge += std::max(0.0, probability(logit[lower]) - probability(logit[higher]));
    ++pairs;
  };
  for (std::size_t i = 0; i < set.labelled(); ++i) demand(i, set.labelled() + i);
  const auto average = [&](std::size_t i) { return set.examples[i].dose * set.examples[i].profile->per_mg.average; };
  const auto comed = [&](std::size_t i) { return set.examples[i].profile->covariates.at("comed"); };
  for (std::size_t i = 0; i < set.labelled(); ++i) {
    std::size_t next = i;  // the example with the next higher exposure and the same co-medication
    for (std::size_t j = 0; j < set.labelled(); ++j) {
      const bool higher = comed(j) == comed(i) && average(j) > average(i);
      if (higher && (next == i || average(j) < average(next))) next = j;
    }
    if (next != i) demand(i, next);
  }
  return loss + set.monotonicity.weight * hinge / pairs;
}

TEST(Loss, IsCrossEntropyAndMeanHinge) {
  const Toy toy(15);
  const TrainingSet set =
      training_set(toy.examples, {2.5, {"dose", "auc"}}, {testing::weight_input(), testing::comed_input()});
  ASSERT_EQ(set.examples.size(), 30U);
  const std::vector<double> logit = random_angles(30, 3, 2.0);
  std::vector<double> derivative(30);
  const double loss = training_loss(set, all(15), logit, derivative);
  EXPECT_NEAR(loss, slow_loss(set, logit), 1e-13);
}

// Central differences at a point without ties, where the hinge is smooth; their error is step^2.
TEST(Loss, DerivativeAgreesWithDifferences) {
  const Toy toy(15);
  const TrainingSet set =
      training_set(toy.examples, {2.5, {"dose", "auc"}}, {testing::weight_input(), testing::comed_input()});
  std::vector<double> logit = random_angles(30, 4, 2.0);
  std::vector<double> derivative(30);
  std::vector<double> ignored(30);
  training_loss(set, all(15), logit, derivative);
  const double step = 1e-5;
  for (std::size_t i = 0; i < logit.size(); ++i) {
    const double here = logit[i];
    logit[i] = here + step;
    const double up = training_loss(set, all(15), logit, ignored);
    logit[i] = here - step;
    const double down = training_loss(set, all(15), logit, ignored);
    logit[i] = here;
    EXPECT_NEAR(derivative[i], (up - down) / (2.0 * step), 1e-9) << i;
  }
}

TEST(Loss, RisingPredictionsAreNotPenalised) {
  const Toy toy(12);
  const TrainingSet plain = training_set(toy.examples, {0.0, {"dose", "auc"}});
  const TrainingSet penalised = training_set(toy.examples, {10.0, {"dose", "auc"}}, {testing::comed_input()});
  EXPECT_EQ(plain.examples.size(), 12U);
  std::vector<double> logit;
  for (const Example& example : penalised.examples) {
    logit.push_back(std::log(example.dose * example.profile->per_mg.average));
  }
  std::vector<double> derivative(24);
  const double with_penalty = training_loss(penalised, all(12), logit, derivative);
  logit.resize(12);
  derivative.resize(12);
  EXPECT_EQ(with_penalty, training_loss(plain, all(12), logit, derivative));
}

// Subjects of different indicators are not compared by their exposure; without covariates all are.
TEST(Loss, ExposurePairsShareTheirIndicators) {
  const Toy toy(12);
  const auto pairs_with = [&](const std::vector<CovariateInput>& covariates) {
    return ordered_pairs(training_set(toy.examples, {1.0, {"auc"}}, covariates), all(12));
  };
  EXPECT_EQ(pairs_with({}).size(), 11U);
  EXPECT_EQ(pairs_with({testing::weight_input()}).size(), 11U);
  const std::vector<Ordered> within = pairs_with({testing::comed_input()});
  EXPECT_EQ(within.size(), 10U);  // six subjects each
  for (const Ordered& pair : within) EXPECT_EQ(pair.lower % 2, pair.higher % 2);
}

TEST(Loss, PlaceboHasNoHigherDose) {
  const Profile profile = curve_of({});
  const LabelledExamples examples{{{&profile, 0.0, 0}, {&profile, 2.0, 1}}, {0, 1}, {0, 1}};
  const TrainingSet set = training_set(examples, {1.0, {"dose"}});
  const std::vector<Ordered> pairs = ordered_pairs(set, all(2));
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].lower, 1U);
  EXPECT_EQ(set.examples[pairs[0].higher].dose, 2.0 * neighbour_dose_ratio);
  EXPECT_EQ(evaluated_places(set, all(2)), (std::vector<std::size_t>{0, 1, 3}));
}

TEST(Loss, LargeLogitsStayFinite) {
  const Profile profile = curve_of({});
  const LabelledExamples examples{{{&profile, 1.0, 0}, {&profile, 2.0, 1}}, {0, 1}, {0, 1}};
  std::vector<double> derivative(2);
  const std::vector<double> logit = {800.0, -800.0};
  EXPECT_EQ(training_loss(training_set(examples, {}), all(2), logit, derivative), 800.0);
  EXPECT_EQ(derivative, (std::vector<double>{0.5, -0.5}));
}

TEST(Loss, RefusesAnUnknownPenalty) {
  const Toy toy(4);
  EXPECT_THROW(training_set(toy.examples, {1.0, {"weight"}}), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
